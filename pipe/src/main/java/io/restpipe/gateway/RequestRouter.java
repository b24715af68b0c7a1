package io.restpipe.gateway;

import io.restpipe.security.HttpEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** From a request's target to where it goes. */
final class RequestRouter {

  /** What a client's gateway calls its server. */
  private static final String SERVER = "server";

  private static final String SERVER_PATH = "/server/";
  private static final String CLIENT_PATH = "/client/";

  private final NodeStatus.Role role;
  private final String heartbeatPath;
  private final Map<String, HttpEndpoint> endpoints;

  RequestRouter(NodeStatus.Role role, String heartbeatPage, Map<String, HttpEndpoint> endpoints) {
    this.endpoints = endpoints;
    this.role = role;
    this.heartbeatPath = "/" + heartbeatPage;
  }

  /**
   * Finds the way.
   *
   * @throws ProblemException if there is nothing at that target, or it is malformed
   */
  Route route(String target) {
    String origin = originForm(target);
    int question = origin.indexOf('?');
    String path = question < 0 ? origin : origin.substring(0, question);
    String query = question < 0 ? "" : origin.substring(question + 1);
    if (path.startsWith(SERVER_PATH) && role == NodeStatus.Role.CLIENT) {
      return event(SERVER, path, SERVER_PATH.length(), query);
    }
    if (path.startsWith(CLIENT_PATH)) {
      return client(path, query);
    }
    for (Map.Entry<String, HttpEndpoint> endpoint : endpoints.entrySet()) {
      if (path.equals(endpoint.getKey()) || path.startsWith(endpoint.getKey() + "/")) {
        return new Route.ToEndpoint(endpoint.getValue(), path, query);
      }
    }
    return page(path);
  }

  /** Takes {@code http://HOST/PATH} as {@code /PATH} (RFC 9112 section 3.2.2). */
  private static String originForm(String target) {
    if (target.indexOf('#') >= 0) {
      throw new ProblemException(
          Problem.badRequest("the request target holds a #; within a path it is written %23"));
    }
    if (target.startsWith("/")) {
      return target;
    }
    String lower = target.toLowerCase(Locale.ROOT);
    int scheme = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
    if (scheme < 0) {
      throw new ProblemException(
          Problem.badRequest("the request target must be a path that begins with /, or a URL"));
    }
    int end = scheme;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    String rest = target.substring(end);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private Route client(String path, String query) {
    int begin = CLIENT_PATH.length();
    int end = path.indexOf('/', begin);
    if (end < 0) {
      end = path.length();
    }
    if (end == begin) {
      throw new ProblemException(
          Problem.of(404, "not-found", "the path names no client: write " + paths()));
    }
    String name = PathText.decode(path, begin, end);
    return event(name, path, Math.min(end + 1, path.length()), query);
  }

  /**
   * Reads {@code NOUN[//P1/P2…]}. The slash before the noun may itself be the first of the two that
   * part an empty noun from parameters.
   */
  private static Route event(String peer, String path, int begin, String query) {
    boolean noNoun = begin < path.length() && path.charAt(begin) == '/';
    int slashes = noNoun ? begin - 1 : path.indexOf("//", begin);
    if (slashes < 0) {
      return new Route.ToPeer(peer, PathText.decode(path, begin, path.length()), List.of(), query);
    }
    String noun = noNoun ? "" : PathText.decode(path, begin, slashes);
    return new Route.ToPeer(peer, noun, parameters(path, slashes + 2), query);
  }

  private static List<String> parameters(String path, int begin) {
    var parameters = new ArrayList<String>(4);
    int from = begin;
    for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', from)) {
      parameters.add(PathText.decode(path, from, slash));
      from = slash + 1;
    }
    parameters.add(PathText.decode(path, from, path.length()));
    return parameters;
  }

  private Route page(String path) {
    String page =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (page.equals(heartbeatPath)) {
      return Route.Page.HEARTBEAT;
    }
    if (page.equals("/metrics")) {
      return Route.Page.METRICS;
    }
    if (page.equals("/__clients__") && role == NodeStatus.Role.SERVER) {
      return Route.Page.CLIENTS;
    }
    throw new ProblemException(
        Problem.of(404, "not-found", "there is nothing at this path; this gateway has " + paths()));
  }

  private String paths() {
    return role == NodeStatus.Role.CLIENT
        ? "/server/NOUN[//P1/P2…][?query], /client/NAME/NOUN[//P1/P2…][?query], "
            + heartbeatPath
            + " and /metrics"
        : "/client/NAME/NOUN[//P1/P2…][?query], /__clients__, " + heartbeatPath + " and /metrics";
  }
}
