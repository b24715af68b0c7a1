package io.restpipe.node;

import io.restpipe.pipe.internal.tls.TlsContexts;
import io.restpipe.pipe.internal.tls.TlsPolicy;
import io.restpipe.security.CertificateCheck;
import io.restpipe.security.CertificateProblem;
import io.restpipe.security.Identity;
import io.restpipe.security.IdentityException;
import io.restpipe.security.NodeRole;
import io.restpipe.security.PeerName;
import io.restpipe.security.Revocations;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What a node proves itself with and whom it trusts, as it is now. Each new connection asks; those
 * that are up stay as they were made. Any thread.
 */
final class NodeIdentity {

  /** What belongs together, and is replaced together. */
  record Current(Identity identity, Revocations revocations, TlsContexts tls) {}

  private final NodeRole role;
  private final TlsPolicy policy;
  private final String name;
  private final List<Consumer<Current>> listeners = new CopyOnWriteArrayList<>();
  private volatile Current current;

  /**
   * @throws NodeStartException if the key can't be used for TLS, or the certificate has no name
   */
  NodeIdentity(NodeRole role, Identity identity, Revocations revocations, TlsPolicy policy) {
    this.role = role;
    this.policy = policy;
    this.name =
        PeerName.of(identity.certificate())
            .orElseThrow(
                () ->
                    new NodeStartException(
                        "the certificate "
                            + identity.certificate().getSubjectX500Principal()
                            + " has no name to be known by: it needs a DNS name or a CN"));
    try {
      this.current = make(identity, revocations);
    } catch (IllegalArgumentException unusable) {
      throw new NodeStartException(String.valueOf(unusable.getMessage()), unusable);
    }
  }

  private Current make(Identity identity, Revocations revocations) {
    return new Current(identity, revocations, TlsContexts.of(identity, role, revocations, policy));
  }

  /** The name by which others know the node; it stays. */
  String name() {
    return name;
  }

  NodeRole role() {
    return role;
  }

  Current current() {
    return current;
  }

  TlsContexts tls() {
    return current.tls();
  }

  /** Is told of each change, on the thread that makes it. */
  void onChange(Consumer<Current> listener) {
    listeners.add(listener);
  }

  /** As {@link #take(Identity, Revocations)}, with the revocations as they are. */
  synchronized void take(Identity identity) {
    take(identity, current.revocations());
  }

  /** Takes over what is revoked, as it is now known. */
  synchronized void take(Revocations revocations) {
    set(make(current.identity(), revocations));
  }

  /**
   * Takes over a new identity.
   *
   * @throws IdentityException if a node can't work with it; the old one stays then
   */
  synchronized void take(Identity identity, Revocations revocations) {
    check(identity);
    try {
      set(make(identity, revocations));
    } catch (IllegalArgumentException unusable) {
      throw new IdentityException(String.valueOf(unusable.getMessage()));
    }
  }

  private void set(Current next) {
    current = next;
    listeners.forEach(listener -> listener.accept(next));
  }

  private void check(Identity identity) {
    if (!Identity.fits(identity.privateKey(), identity.certificate().getPublicKey())) {
      throw new IdentityException("the private key does not fit the certificate");
    }
    List<String> problems =
        new CertificateCheck(identity.trustAnchors(), role, Instant.now())
            .problems(identity.chain()).stream()
                .map(CertificateProblem::what)
                .map(what -> "certificate " + what)
                .toList();
    if (!problems.isEmpty()) {
      throw new IdentityException(problems);
    }
    String newName = PeerName.of(identity.certificate()).orElse("");
    if (!newName.equals(name)) {
      throw new IdentityException(
          "the new certificate is of "
              + newName
              + ", this node is "
              + name
              + ": a node takes another name only when it is started again");
    }
  }
}
