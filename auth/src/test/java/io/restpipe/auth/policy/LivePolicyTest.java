package io.restpipe.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.event.Principal;
import io.restpipe.event.Verb;
import io.restpipe.security.Access;
import io.restpipe.security.NodeRole;
import io.restpipe.security.SecurityEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LivePolicyTest {

  private static final Access CALL =
      Access.toServer(Principal.user("alice").build(), Verb.GET, "time");

  @TempDir private Path folder;

  private final BlockingQueue<SecurityEvent> events = new LinkedBlockingQueue<>();

  private String reason() throws InterruptedException {
    SecurityEvent event = events.poll(30, TimeUnit.SECONDS);
    return event == null ? "nothing" : event.fields().get(SecurityEvent.Field.REASON);
  }

  @Test
  void follows_its_file_whole_or_not_at_all() throws Exception {
    Path file = Files.writeString(folder.resolve("policy"), "deny users * ** on *\n");
    try (LivePolicy policy = LivePolicy.open(file, NodeRole.SERVER, events::add)) {
      assertThat(policy.decide(CALL).allowed()).isFalse();

      Files.writeString(file, "# changed\nallow users GET time on server\n");
      assertThat(reason()).isEqualTo("policy in force");
      assertThat(policy.decide(CALL).rule()).startsWith(file + ":2: ");

      Files.writeString(file, "deny users * ** on *\nalow users GET time on server\n");
      assertThat(reason()).startsWith("policy refused: " + file + ":2: ");
      assertThat(policy.decide(CALL).allowed()).isTrue();

      Files.delete(file);
      assertThat(reason()).contains("there is no such file");
      assertThat(policy.decide(CALL).allowed()).isTrue();
    }
  }

  @Test
  void does_not_begin_with_a_file_that_is_wrong() {
    assertThatThrownBy(() -> LivePolicy.open(folder.resolve("none"), NodeRole.SERVER, events::add))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("there is no such file");
  }
}
