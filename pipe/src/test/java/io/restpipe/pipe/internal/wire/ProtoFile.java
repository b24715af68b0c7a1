package io.restpipe.pipe.internal.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Makes protobuf's descriptors from {@code docs/restpipe.proto}, so that the file itself is what
 * the codec is held against. Reads as much of the language as that file uses.
 */
final class ProtoFile {

  private final ArrayDeque<String> words;
  private final FileDescriptorProto.Builder file =
      FileDescriptorProto.newBuilder().setName("restpipe.proto").setSyntax("proto3");

  private ProtoFile(String text) {
    String spaced = text.replaceAll("//[^\n]*", "").replaceAll("([{};=<>,])", " $1 ");
    words = new ArrayDeque<>(List.of(spaced.strip().split("\\s+")));
  }

  static FileDescriptor load() throws IOException, DescriptorValidationException {
    var proto = new ProtoFile(Files.readString(Path.of("..", "docs", "restpipe.proto")));
    proto.parse();
    return FileDescriptor.buildFrom(proto.file.build(), new FileDescriptor[0]);
  }

  private void parse() {
    while (!words.isEmpty()) {
      String word = words.remove();
      switch (word) {
        case "syntax", "option" -> skipStatement();
        case "package" -> {
          file.setPackage(words.remove());
          expect(";");
        }
        case "message" -> file.addMessageType(message());
        case "enum" -> file.addEnumType(enumeration());
        default -> throw new IllegalStateException("unknown word: " + word);
      }
    }
  }

  private void skipStatement() {
    while (!words.remove().equals(";")) {}
  }

  private DescriptorProto message() {
    var message = DescriptorProto.newBuilder().setName(words.remove());
    expect("{");
    for (String word = words.remove(); !word.equals("}"); word = words.remove()) {
      switch (word) {
        case "enum" -> message.addEnumType(enumeration());
        case "map" -> map(message);
        case "repeated" -> message.addField(field(words.remove(), Label.LABEL_REPEATED));
        case "optional" -> optional(message);
        default -> message.addField(field(word, Label.LABEL_OPTIONAL));
      }
    }
    return message.build();
  }

  private void optional(DescriptorProto.Builder message) {
    FieldDescriptorProto.Builder field = field(words.remove(), Label.LABEL_OPTIONAL);
    message.addField(field.setProto3Optional(true).setOneofIndex(message.getOneofDeclCount()));
    message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
  }

  /** Only {@code map<string, string> labels}; what the compiler makes of it. */
  private void map(DescriptorProto.Builder message) {
    for (String word : List.of("<", "string", ",", "string", ">")) {
      expect(word);
    }
    FieldDescriptorProto.Builder field = field("LabelsEntry", Label.LABEL_REPEATED);
    message.addField(field);
    message.addNestedType(
        DescriptorProto.newBuilder()
            .setName("LabelsEntry")
            .setOptions(MessageOptions.newBuilder().setMapEntry(true))
            .addField(text("key", 1))
            .addField(text("value", 2)));
  }

  private static FieldDescriptorProto.Builder text(String name, int number) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setLabel(Label.LABEL_OPTIONAL)
        .setType(Type.TYPE_STRING);
  }

  private FieldDescriptorProto.Builder field(String type, Label label) {
    var field = FieldDescriptorProto.newBuilder().setName(words.remove()).setLabel(label);
    expect("=");
    field.setNumber(Integer.parseInt(words.remove()));
    expect(";");
    switch (type) {
      case "string" -> field.setType(Type.TYPE_STRING);
      case "uint32" -> field.setType(Type.TYPE_UINT32);
      case "uint64" -> field.setType(Type.TYPE_UINT64);
      case "bool" -> field.setType(Type.TYPE_BOOL);
      default -> field.setTypeName(type);
    }
    return field;
  }

  private EnumDescriptorProto enumeration() {
    var enumeration = EnumDescriptorProto.newBuilder().setName(words.remove());
    expect("{");
    for (String word = words.remove(); !word.equals("}"); word = words.remove()) {
      expect("=");
      enumeration.addValue(
          EnumValueDescriptorProto.newBuilder()
              .setName(word)
              .setNumber(Integer.parseInt(words.remove())));
      expect(";");
    }
    return enumeration.build();
  }

  private void expect(String word) {
    String next = words.remove();
    if (!next.equals(word)) {
      throw new IllegalStateException("expected " + word + ": " + next);
    }
  }
}
