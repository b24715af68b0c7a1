package io.restpipe.auth.login;

import io.restpipe.auth.internal.JsonText;
import io.restpipe.auth.internal.StrictJson;
import io.restpipe.auth.internal.StrictJson.JsonException;
import io.restpipe.auth.password.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user who has logged in, until it logs out: the family of the refresh tokens that came one from
 * another.
 *
 * @param id which access tokens name as {@code sid}; no secret
 * @param tokenHash the SHA-256 of the refresh token that is good now
 * @param passwordStamp another one after the password was changed; empty where nobody can tell
 * @param endsAt when it ends however often it is refreshed
 * @param expiresAt when it ends unless it is refreshed
 */
record Session(
    String id,
    String tokenHash,
    User user,
    String passwordStamp,
    Instant endsAt,
    Instant expiresAt,
    boolean cookie) {

  Session next(String newHash, User newUser, Instant newExpiry) {
    return new Session(id, newHash, newUser, passwordStamp, endsAt, newExpiry, cookie);
  }

  boolean isOver(Instant now) {
    return !now.isBefore(endsAt) || !now.isBefore(expiresAt);
  }

  /** As a line of the file of sessions. */
  String line() {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("id", user.id());
    json.put("name", user.name());
    json.put("email", user.email());
    json.put("roles", List.copyOf(user.roles()));
    json.put("stamp", passwordStamp);
    return "S %s %s %d %d %d %s"
        .formatted(
            id,
            tokenHash,
            endsAt.getEpochSecond(),
            expiresAt.getEpochSecond(),
            cookie ? 1 : 0,
            Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(JsonText.of(json).getBytes(StandardCharsets.UTF_8)));
  }

  /** Reads such a line; null where it is damaged. */
  static @Nullable Session parse(String line) {
    String[] parts = line.split(" ", -1);
    try {
      if (parts.length != 7) {
        return null;
      }
      Map<String, @Nullable Object> json =
          StrictJson.object(Base64.getUrlDecoder().decode(parts[6]));
      Set<String> roles = new LinkedHashSet<>();
      if (json.get("roles") instanceof List<?> items) {
        items.forEach(item -> roles.add(String.valueOf(item)));
      }
      var user =
          new User(
              String.valueOf(json.get("id")),
              String.valueOf(json.get("name")),
              json.get("email") instanceof String email ? email : null,
              roles,
              false);
      return new Session(
          parts[1],
          parts[2],
          user,
          json.get("stamp") instanceof String stamp ? stamp : "",
          Instant.ofEpochSecond(Long.parseLong(parts[3])),
          Instant.ofEpochSecond(Long.parseLong(parts[4])),
          parts[5].equals("1"));
    } catch (JsonException | IllegalArgumentException damaged) {
      return null;
    }
  }

  /** Not the hash. */
  @Override
  public String toString() {
    return "session " + id + " of " + user.name();
  }
}
