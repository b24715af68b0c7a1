package io.restpipe.node;

import io.restpipe.security.Identity;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A node of version 1 as RestPipe 0.2.11 is: blocking, TLS 1.2 without ALPN, one frame a write, one
 * event after the other. Written from the facts about that program, and from nothing of ours.
 */
final class V1Peer implements AutoCloseable {

  static final int HEARTBEAT = 0x01;
  static final int HEARTBEAT_REPLY = 0x80;
  static final int EVENT = 0x02;
  static final int EVENT_REPLY = 0x81;

  private final SSLSocket socket;
  private final Handler handler;
  private final BlockingQueue<Frame> replies = new LinkedBlockingQueue<>();
  private final BlockingQueue<Frame> events = new LinkedBlockingQueue<>();
  private final Thread reader;
  private int nextId = 1_000_000_000;

  private volatile boolean ended;

  /** Whether heartbeats are answered. */
  volatile boolean alive = true;

  /** Heartbeats that it has answered. */
  final AtomicInteger answered = new AtomicInteger();

  /** One frame, its message still encoded. */
  record Frame(int type, int id, byte[] message) {

    /** The fields of a message by number: text as bytes, numbers as they are. */
    Fields fields() {
      return Fields.of(message);
    }
  }

  record Answer(String mimeType, long code, byte[] data) {

    static Answer of(String mimeType, long code, String text) {
      return new Answer(mimeType, code, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What its event handler does; null leaves the event without a reply. */
  @FunctionalInterface
  interface Handler {
    @Nullable Answer handle(String verb, String noun, String mimeType, byte[] data)
        throws Exception;
  }

  private V1Peer(SSLSocket socket, Handler handler) {
    this.socket = socket;
    this.handler = handler;
    this.reader = new Thread(this::read, "v1-peer");
    reader.setDaemon(true);
  }

  /** A client that has connected. */
  static V1Peer dial(Identity identity, int port, Handler handler) throws Exception {
    var socket = (SSLSocket) context(identity).getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    socket.setSoTimeout(0);
    var peer = new V1Peer(socket, handler);
    peer.reader.start();
    return peer;
  }

  /** A server that takes one connection at a time. */
  static final class Server implements AutoCloseable {

    private final SSLServerSocket listening;
    private final Handler handler;

    Server(Identity identity, Handler handler) throws Exception {
      this(identity, handler, 0);
    }

    Server(Identity identity, Handler handler, int port) throws Exception {
      this.handler = handler;
      listening =
          (SSLServerSocket)
              context(identity)
                  .getServerSocketFactory()
                  .createServerSocket(port, 5, InetAddress.getByName("127.0.0.1"));
      listening.setEnabledProtocols(new String[] {"TLSv1.2"});
      listening.setNeedClientAuth(true);
      listening.setSoTimeout(20_000);
    }

    boolean closed() {
      return listening.isClosed();
    }

    int port() {
      return listening.getLocalPort();
    }

    /** The next client that comes. */
    V1Peer accept() throws IOException {
      var socket = (SSLSocket) listening.accept();
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      socket.setSoTimeout(0);
      var peer = new V1Peer(socket, handler);
      peer.reader.start();
      return peer;
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }

  /** The original checks nothing of its server; this one its chain, which costs less to write. */
  private static SSLContext context(Identity identity) throws Exception {
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "node", identity.privateKey(), new char[0], identity.chain().toArray(Certificate[]::new));
    keys.setCertificateEntry("ca", identity.trustAnchors().get(0));
    var keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, new char[0]);
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    var context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private void read() {
    try {
      var in = new DataInputStream(socket.getInputStream());
      while (true) {
        Frame frame = frame(in);
        switch (frame.type()) {
          case HEARTBEAT -> {
            if (alive) {
              send(HEARTBEAT_REPLY, frame.id(), number(1, 1));
              answered.incrementAndGet();
            }
          }
          case EVENT -> answer(frame);
          default -> replies.add(frame);
        }
      }
    } catch (IOException closed) {
      ended = true;
      replies.add(new Frame(0, 0, new byte[0]));
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  private static Frame frame(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int length = in.readInt();
    int id = in.readInt();
    if (flags != 0) {
      throw new AssertionError("flags are 0 in practice: " + flags);
    }
    var message = new byte[length];
    in.readFully(message);
    return new Frame(type, id, message);
  }

  private void answer(Frame frame) throws Exception {
    events.add(frame);
    Fields event = frame.fields();
    event.requireAll(1, 2, 3, 4, 5);
    Answer answer = handler.handle(event.text(2), event.text(3), event.text(4), event.bytes(5));
    if (answer != null) {
      send(EVENT_REPLY, frame.id(), message(answer));
    }
  }

  static byte[] message(Answer answer) {
    return join(
        number(1, 1),
        bytes(2, answer.mimeType().getBytes(StandardCharsets.UTF_8)),
        number(3, answer.code()),
        bytes(4, answer.data()));
  }

  /** Asks, and waits for the reply with that id. */
  Frame ask(String verb, String noun, String mimeType, byte[] data) throws Exception {
    int id = nextId++;
    send(EVENT, id, event(verb, noun, mimeType, data));
    Frame reply = reply();
    if (reply.id() != id || reply.type() != EVENT_REPLY) {
      throw new AssertionError("not the reply to " + id + ": " + reply.type() + " " + reply.id());
    }
    return reply;
  }

  static byte[] event(String verb, String noun, String mimeType, byte[] data) {
    return join(
        number(1, 1),
        bytes(2, verb.getBytes(StandardCharsets.UTF_8)),
        bytes(3, noun.getBytes(StandardCharsets.UTF_8)),
        bytes(4, mimeType.getBytes(StandardCharsets.UTF_8)),
        bytes(5, data));
  }

  /** The next frame that is a reply of any kind; of type 0 at the end of the connection. */
  Frame reply() throws InterruptedException {
    return next(replies);
  }

  /** The next event that came in. */
  Frame event() throws InterruptedException {
    return next(events);
  }

  /** Whether one is there that nobody has taken. */
  boolean hasEvent() {
    return !events.isEmpty();
  }

  private static Frame next(BlockingQueue<Frame> queue) throws InterruptedException {
    Frame next = queue.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came for 20 s");
    }
    return next;
  }

  boolean ended() {
    return ended;
  }

  void awaitEnd() throws InterruptedException {
    reader.join(30_000);
    if (reader.isAlive()) {
      throw new AssertionError("the connection was not closed for 30 s");
    }
  }

  /** One frame, in one write. */
  void send(int type, int id, byte[] message) throws IOException {
    write(
        join(
            ByteBuffer.allocate(10)
                .put((byte) type)
                .put((byte) 0)
                .putInt(message.length)
                .putInt(id)
                .array(),
            message));
  }

  /** Any bytes. */
  synchronized void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  static byte[] number(int field, long value) {
    return join(varint(field << 3), varint(value));
  }

  static byte[] bytes(int field, byte[] value) {
    return join(varint((field << 3) | 2), varint(value.length), value);
  }

  private static byte[] varint(long value) {
    var out = new ByteArrayOutputStream();
    long rest = value;
    while (rest >= 0x80) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return out.toByteArray();
  }

  static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** The fields of a message, in order. */
  record Fields(List<Integer> numbers, List<byte[]> values) {

    static Fields of(byte[] message) {
      var numbers = new ArrayList<Integer>();
      var values = new ArrayList<byte[]>();
      var in = ByteBuffer.wrap(message);
      try {
        while (in.hasRemaining()) {
          long tag = varint(in);
          long value = varint(in);
          numbers.add((int) (tag >>> 3));
          if ((tag & 7) == 2) {
            var bytes = new byte[(int) value];
            in.get(bytes);
            values.add(bytes);
          } else {
            values.add(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
          }
        }
      } catch (EOFException malformed) {
        throw new AssertionError(malformed);
      }
      return new Fields(numbers, values);
    }

    private static long varint(ByteBuffer in) throws EOFException {
      long value = 0;
      for (int shift = 0; in.hasRemaining(); shift += 7) {
        byte next = in.get();
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new EOFException("varint breaks off");
    }

    byte[] bytes(int number) {
      return values.get(numbers.indexOf(number));
    }

    String text(int number) {
      return new String(bytes(number), StandardCharsets.UTF_8);
    }

    /** Its parser throws where a required field is missing; they are always written in order. */
    void requireAll(Integer... expected) {
      if (!numbers.equals(List.of(expected))) {
        throw new AssertionError("fields are " + numbers + ", must be " + List.of(expected));
      }
    }
  }
}
