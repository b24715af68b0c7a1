package io.restpipe.cef;

import static io.restpipe.cef.Records.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalSocketTest {

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void nameSocket() {
    path = folder.resolve("log");
  }

  private String program(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("logger"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program.toString();
  }

  /** A program that writes what it is told, and then what it reads, to a file. */
  private String recorder(Path seen) throws IOException {
    return program("echo \"$@\" > " + seen + "\nexec cat >> " + seen);
  }

  private ServerSocketChannel listenForStreams() throws IOException {
    Files.deleteIfExists(path);
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path));
  }

  private static String read(SocketChannel accepted) throws IOException {
    var bytes = ByteBuffer.allocate(200);
    accepted.read(bytes);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  @Test
  void writes_to_a_stream_without_host() throws IOException {
    try (var server = listenForStreams();
        SyslogSink sink = SyslogSink.local(path).zone(ZoneOffset.UTC).open();
        SocketChannel accepted = server.accept()) {
      sink.write(record("CEF:0|a"));

      assertThat(read(accepted)).isEqualTo("<166>Nov  2 07:18:24 CEF:0|a\n");
    }
  }

  @Test
  void hands_datagrams_to_the_logger_program() throws IOException {
    Path seen = folder.resolve("seen");
    try (var daemon = DatagramDaemon.listenAt(path)) {
      try (SyslogSink sink = SyslogSink.local(path, recorder(seen)).pid(true).open()) {
        sink.write(record("CEF:0|a"));
        sink.write(record("CEF:0|b"));
      }
      assertThat(daemon.messages).isEmpty();
    }

    assertThat(seen)
        .hasContent(
            "--socket "
                + path
                + " --prio-prefix --size 1048576 --tag cef\n<166>CEF:0|a\n<166>CEF:0|b");
  }

  @Test
  void gives_the_logger_program_tag_and_process_id() throws IOException {
    Path seen = folder.resolve("seen");
    try (var daemon = DatagramDaemon.listenAt(path)) {
      try (SyslogSink sink =
          SyslogSink.local(path, recorder(seen)).ident("shop").pid(true).open()) {
        sink.write(record("CEF:0|a"));
      }
      assertThat(daemon.messages).isEmpty();
    }

    assertThat(Files.readAllLines(seen).get(0))
        .endsWith("--tag shop --id=" + ProcessHandle.current().pid());
  }

  @Test
  void keeps_records_while_the_daemon_of_datagrams_is_away() throws IOException {
    Path seen = folder.resolve("seen");
    String program = recorder(seen);
    SyslogSink sink;
    try (var daemon = DatagramDaemon.listenAt(path)) {
      sink = SyslogSink.local(path, program).open();
      sink.write(record("CEF:0|a"));
      assertThat(daemon.messages).isEmpty();
    }
    assertThatThrownBy(() -> sink.write(record("CEF:0|b"))).hasMessageContaining("has no reader");
    assertThatThrownBy(() -> sink.write(record("CEF:0|b"))).hasMessageContaining("has no reader");

    try (var daemon = DatagramDaemon.listenAt(path)) {
      sink.write(record("CEF:0|b"));
      sink.close();
      assertThat(daemon.messages).isEmpty();
    }

    assertThat(Files.readAllLines(seen)).endsWith("<166>CEF:0|b").hasSize(2);
  }

  @Test
  void keeps_records_while_the_daemon_of_streams_is_away() throws IOException {
    SyslogSink sink;
    try (var server = listenForStreams()) {
      sink = SyslogSink.local(path, program("exec cat")).zone(ZoneOffset.UTC).open();
      server.accept().close();
    }
    assertThatThrownBy(() -> sink.write(record("CEF:0|a"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> sink.write(record("CEF:0|a"))).hasMessageContaining("has no reader");

    try (var server = listenForStreams()) {
      sink.write(record("CEF:0|a"));
      try (SocketChannel accepted = server.accept()) {
        assertThat(read(accepted)).isEqualTo("<166>Nov  2 07:18:24 CEF:0|a\n");
      }
    }
    sink.close();
  }

  @Test
  void follows_a_daemon_that_takes_streams_after_a_restart() throws IOException {
    SyslogSink sink;
    try (var daemon = DatagramDaemon.listenAt(path)) {
      sink = SyslogSink.local(path, recorder(folder.resolve("seen"))).zone(ZoneOffset.UTC).open();
      assertThat(daemon.messages).isEmpty();
    }

    try (var server = listenForStreams()) {
      assertThatThrownBy(() -> sink.write(record("CEF:0|a"))).hasMessageContaining("streams now");
      sink.write(record("CEF:0|a"));
      server.accept().close();
      try (SocketChannel accepted = server.accept()) {
        assertThat(read(accepted)).isEqualTo("<166>Nov  2 07:18:24 CEF:0|a\n");
      }
    }
    sink.close();
  }

  @Test
  void closes_while_a_write_to_the_logger_program_is_stuck() throws Exception {
    try (var daemon = DatagramDaemon.listenAt(path)) {
      SyslogSink sink = SyslogSink.local(path, program("exec sleep 600")).open();
      var failure = new AtomicReference<Exception>();
      var writer =
          new Thread(
              () -> {
                try {
                  while (true) {
                    sink.write(record("x".repeat(10_000)));
                  }
                } catch (IOException e) {
                  failure.set(e);
                }
              });
      writer.start();
      await().until(() -> isIn(writer, "writeBytes"));

      sink.close();

      writer.join();
      assertThat(failure.get()).isInstanceOf(IOException.class);
      assertThat(daemon.messages).isEmpty();
    }
  }

  private static boolean isIn(Thread thread, String method) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].getMethodName().equals(method);
  }

  @Test
  void says_what_to_do_when_there_is_no_daemon() throws IOException {
    assertThatThrownBy(() -> SyslogSink.local(path).open())
        .hasMessageContaining("does not exist")
        .hasMessageContaining("start the syslog daemon");

    Files.createFile(path);
    assertThatThrownBy(() -> SyslogSink.local(path).open())
        .hasMessageContaining("has no reader")
        .hasMessageContaining("start the syslog daemon");
  }

  @Test
  void says_what_to_do_when_there_is_no_logger_program() throws IOException {
    try (var daemon = DatagramDaemon.listenAt(path)) {
      assertThatThrownBy(() -> SyslogSink.local(path, folder.resolve("none").toString()).open())
          .hasMessageContaining("udp://127.0.0.1:514");
      assertThatThrownBy(() -> SyslogSink.local(path, program("exit 1")).open())
          .hasMessageContaining("status 1")
          .hasMessageContaining("install util-linux's");
      assertThat(daemon.messages).isEmpty();
    }
  }

  @Test
  void brings_datagrams_by_the_real_logger_program() throws IOException {
    assumeThat(Path.of("/usr/bin/logger")).exists();
    try (var daemon = DatagramDaemon.listenAt(path);
        SyslogSink sink = SyslogSink.local(path).ident("shop").pid(true).open()) {
      sink.write(record("CEF:0|a"));

      await().atMost(Duration.ofSeconds(20)).until(() -> daemon.messages.size() == 1);
      assertThat(daemon.messages.get(0))
          .startsWith("<166>")
          .endsWith(" shop[" + ProcessHandle.current().pid() + "]: CEF:0|a");
    }
  }

  @Test
  void brings_the_longest_datagram_there_may_be() throws IOException {
    assumeThat(Path.of("/usr/bin/logger")).exists();
    try (var daemon = DatagramDaemon.listenAt(path);
        SyslogSink sink = SyslogSink.local(path).open()) {
      int length = sink.maxBytes() - sink.overhead();
      sink.write(record("x".repeat(length)));
      sink.write(record("CEF:0|b"));

      await().atMost(Duration.ofSeconds(20)).until(() -> daemon.messages.size() == 2);
      assertThat(daemon.messages.get(0).endsWith("x".repeat(length))).isTrue();
    }
  }
}
