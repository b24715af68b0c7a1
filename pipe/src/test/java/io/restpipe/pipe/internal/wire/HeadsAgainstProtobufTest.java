package io.restpipe.pipe.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.restpipe.event.Headers;
import io.restpipe.event.Principal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The heads that are written and read by hand, against protobuf itself: each reads the other's
 * bytes, and both write the same.
 */
class HeadsAgainstProtobufTest {

  private static final FileDescriptor PROTO = load();

  private static FileDescriptor load() {
    try {
      return ProtoFile.load();
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  @Provide
  Arbitrary<Frames> hellos() {
    return FrameArbitraries.hellos();
  }

  @Provide
  Arbitrary<Frames> events() {
    return FrameArbitraries.events();
  }

  @Provide
  Arbitrary<Frames> replies() {
    return FrameArbitraries.replies();
  }

  @Provide
  Arbitrary<Frames> goAways() {
    return FrameArbitraries.goAways();
  }

  @Property(tries = 200)
  void hello(@ForAll("hellos") Frames frame) throws Exception {
    Hello hello = ((Frames.HelloFrame) frame).hello();
    agree(
        frame,
        "Hello",
        Map.of(
            "instance", hello.instance(),
            "epoch", hello.epoch(),
            "software", hello.software(),
            "features", hello.features(),
            "groups", hello.groups(),
            "labels", hello.labels(),
            "max_streams", hello.maxStreams(),
            "stream_credit", hello.streamCredit(),
            "connection_credit", hello.connectionCredit()),
        Map.of("heartbeat_millis", hello.heartbeatMillis(), "servers", hello.servers()));
  }

  @Property(tries = 200)
  void event(@ForAll("events") Frames frame) throws Exception {
    var event = (Frames.EventFrame) frame;
    EventHead head = event.head();
    var length = new LinkedHashMap<String, Object>();
    if (head.bodyLength() >= 0 && !event.end()) {
      length.put("body_length", head.bodyLength());
    }
    if (head.caller() != null) {
      length.put("caller", head.caller());
    }
    if (head.relayTo() != null) {
      length.put("relay_to", head.relayTo());
    }
    agree(
        frame,
        "EventHead",
        Map.of(
            "id", head.id(),
            "verb", head.verb().name(),
            "noun", head.noun(),
            "parameters", head.parameters(),
            "query", head.query(),
            "headers", head.headers(),
            "mime_type", head.mimeType(),
            "timeout_millis", head.timeoutMillis(),
            "resent", head.resent()),
        length);
  }

  @Property(tries = 200)
  void reply(@ForAll("replies") Frames frame) throws Exception {
    var reply = (Frames.ReplyFrame) frame;
    ReplyHead head = reply.head();
    var length = new LinkedHashMap<String, Object>();
    if (head.bodyLength() > 0 || (head.bodyLength() == 0 && !reply.end())) {
      length.put("body_length", head.bodyLength());
    }
    agree(
        frame,
        "ReplyHead",
        Map.of("code", head.code(), "mime_type", head.mimeType(), "headers", head.headers()),
        length);
  }

  @Property(tries = 200)
  void go_away(@ForAll("goAways") Frames frame) throws Exception {
    GoAway goAway = ((Frames.GoAwayFrame) frame).goAway();
    agree(
        frame,
        "GoAway",
        Map.of(
            "last_stream", goAway.lastStream(),
            "reason", goAway.reason().name(),
            "text", goAway.text(),
            "retry_min_millis", goAway.retryMinMillis(),
            "retry_max_millis", goAway.retryMaxMillis(),
            "targets", goAway.targets()),
        Map.of());
  }

  private static void agree(
      Frames frame, String type, Map<String, ?> fields, Map<String, ?> moreFields)
      throws Exception {
    Descriptor descriptor = PROTO.findMessageTypeByName(type);
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(descriptor);
    fields.forEach((name, value) -> set(builder, name, value));
    moreFields.forEach((name, value) -> set(builder, name, value));
    DynamicMessage theirs = builder.build();

    byte[] ours = payload(frame);
    assertThat(DynamicMessage.parseFrom(descriptor, ours)).isEqualTo(theirs);
    assertThat(ours.length).isEqualTo(theirs.getSerializedSize());
    assertThat(read(frame, theirs.toByteArray())).isEqualTo(frame);
    assertThat(read(frame, withUnknownFields(theirs).toByteArray())).isEqualTo(frame);
    assertThat(read(frame, backwards(theirs))).isEqualTo(frame);
  }

  private static void set(DynamicMessage.Builder builder, String name, Object value) {
    FieldDescriptor field = builder.getDescriptorForType().findFieldByName(name);
    if (value instanceof Principal caller) {
      builder.setField(field, caller(field.getMessageType(), caller));
    } else if (value instanceof Headers headers) {
      headers.forEach((n, v) -> builder.addRepeatedField(field, pair(field, "name", n, v)));
    } else if (value instanceof Map<?, ?> labels) {
      labels.forEach((n, v) -> builder.addRepeatedField(field, pair(field, "key", n, v)));
    } else if (value instanceof Collection<?> texts) {
      texts.forEach(text -> builder.addRepeatedField(field, text));
    } else if (field.getType() == FieldDescriptor.Type.ENUM) {
      builder.setField(field, field.getEnumType().findValueByName((String) value));
    } else {
      builder.setField(field, value);
    }
  }

  private static Message caller(Descriptor type, Principal caller) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    set(builder, "kind", caller.kind().name());
    set(builder, "name", caller.name());
    set(builder, "roles", caller.roles());
    set(builder, "groups", caller.groups());
    set(builder, "scopes", caller.scopes());
    set(builder, "method", caller.method().name());
    caller.vouchedBy().ifPresent(node -> set(builder, "vouched_by", node));
    caller.claimed().ifPresent(user -> set(builder, "claimed", user));
    return builder.build();
  }

  private static Message pair(FieldDescriptor field, String nameField, Object name, Object value) {
    Descriptor type = field.getMessageType();
    return DynamicMessage.newBuilder(type)
        .setField(type.findFieldByName(nameField), name)
        .setField(type.findFieldByName("value"), value)
        .build();
  }

  private static Message withUnknownFields(Message message) {
    var unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                100,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(-1)
                    .addFixed32(7)
                    .addFixed64(7)
                    .addLengthDelimited(message.toByteString())
                    .build())
            .build();
    return message.toBuilder().setUnknownFields(unknown).build();
  }

  /** The same message with its fields in falling order; elements of one field keep theirs. */
  private static byte[] backwards(Message message) throws IOException {
    var fields = new ArrayList<>(message.getAllFields().entrySet());
    var bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (int i = fields.size() - 1; i >= 0; i--) {
      FieldDescriptor field = fields.get(i).getKey();
      Object value = fields.get(i).getValue();
      List<?> elements = field.isRepeated() ? (List<?>) value : List.of(value);
      for (Object element : elements) {
        write(out, field, element);
      }
    }
    out.flush();
    return bytes.toByteArray();
  }

  private static void write(CodedOutputStream out, FieldDescriptor field, Object value)
      throws IOException {
    int number = field.getNumber();
    switch (field.getType()) {
      case STRING -> out.writeString(number, (String) value);
      case UINT32 -> out.writeUInt32(number, (Integer) value);
      case UINT64 -> out.writeUInt64(number, (Long) value);
      case BOOL -> out.writeBool(number, (Boolean) value);
      case ENUM -> out.writeEnum(number, ((EnumValueDescriptor) value).getNumber());
      case MESSAGE -> out.writeMessage(number, (Message) value);
      default -> throw new IllegalStateException("no such field in the file: " + field);
    }
  }

  private static byte[] payload(Frames frame) {
    ByteBuf out = Unpooled.buffer();
    frame.writeTo(out);
    out.skipBytes(FrameWriter.HEADER_BYTES);
    var payload = new byte[out.readableBytes()];
    out.readBytes(payload);
    return payload;
  }

  /** Reads a payload behind the header that {@code like} has. */
  private static Frames read(Frames like, byte[] payload) throws ProtocolException {
    ByteBuf bytes = Unpooled.buffer();
    like.writeTo(bytes);
    bytes.writerIndex(FrameWriter.HEADER_BYTES).writeBytes(payload).setInt(2, payload.length);
    var received = new Received();
    new FrameReader(received).read(bytes);
    return received.frames().get(0);
  }
}
