package io.restpipe.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the PEM blocks in a text as people and programs write them: with explanations around the
 * blocks, any line ends, a byte order mark, or as the UTF-16 that some shells redirect into files.
 */
final class PemParser {

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String ENCRYPTION = "DEK-Info:";
  private static final String DASHES = "-----";

  /** A bundle of all the world's authorities holds fewer than 200. */
  private static final int MAX_BLOCKS = 1000;

  private final String file;
  private final List<PemBlock> blocks = new ArrayList<>();

  private @Nullable String type;
  private int beginLine;
  private boolean encrypted;
  private String encryption = "";
  private final StringBuilder base64 = new StringBuilder();

  private PemParser(String file) {
    this.file = file;
  }

  /**
   * The blocks, in order.
   *
   * @param file for sentences
   * @throws IdentityException if there is none, or one is damaged
   */
  static List<PemBlock> parse(String file, byte[] content) {
    var parser = new PemParser(file);
    int number = 0;
    for (String line : (Iterable<String>) text(content).lines()::iterator) {
      number++;
      parser.line(number, line.strip());
    }
    parser.end();
    if (parser.blocks.isEmpty()) {
      throw new IdentityException(file + ": " + notPem(content));
    }
    return parser.blocks;
  }

  private static String text(byte[] content) {
    boolean utf16 =
        content.length >= 2
            && ((content[0] == (byte) 0xFE && content[1] == (byte) 0xFF)
                || (content[0] == (byte) 0xFF && content[1] == (byte) 0xFE));
    // PEM is ASCII; what stands around it may be anything, and a UTF-8 mark is part of that.
    String text = new String(content, utf16 ? UTF_16 : ISO_8859_1);
    return text.startsWith("\u00EF\u00BB\u00BF") ? text.substring(3) : text;
  }

  private static String notPem(byte[] content) {
    if (content.length == 0) {
      return "is empty";
    }
    // DER, and PKCS#12 which is DER, begin with a SEQUENCE of more than 127 bytes.
    return content[0] == 0x30 && content.length > 1 && content[1] < 0
        ? "is binary, not PEM; convert it with openssl x509 -inform DER, openssl pkey -inform DER,"
            + " or openssl pkcs12 -nodes"
        : "holds no PEM block (no line \"-----BEGIN ...-----\"); is it the right file?";
  }

  private void line(int number, String line) {
    if (line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length() > BEGIN.length() + 5) {
      begin(number, line.substring(BEGIN.length(), line.length() - DASHES.length()));
    } else if (type != null && line.startsWith(END)) {
      complete(number, line, type);
    } else if (type != null && line.indexOf(':') >= 0) {
      header(line);
    } else if (type != null) {
      base64.append(line);
    }
  }

  private void header(String line) {
    encrypted |= line.toUpperCase(Locale.ROOT).endsWith("ENCRYPTED");
    if (line.startsWith(ENCRYPTION)) {
      encryption = line.substring(ENCRYPTION.length()).strip();
    }
  }

  private void begin(int number, String newType) {
    if (type != null) {
      throw damaged(beginLine, "has no END line before the next BEGIN line");
    }
    if (blocks.size() == MAX_BLOCKS) {
      throw new IdentityException(file + ": holds more than " + MAX_BLOCKS + " PEM blocks");
    }
    type = newType;
    beginLine = number;
    encrypted = false;
    encryption = "";
    base64.setLength(0);
  }

  private void complete(int number, String line, String begun) {
    if (!line.equals(END + begun + DASHES)) {
      throw damaged(beginLine, "does not end with the line \"" + END + begun + DASHES + "\"");
    }
    try {
      byte[] der = Base64.getDecoder().decode(base64.toString());
      blocks.add(new PemBlock(begun, beginLine, encrypted, encryption, der));
      type = null;
    } catch (IllegalArgumentException e) {
      throw damaged(number, "is not base64; copy the file again");
    }
  }

  private void end() {
    if (type != null) {
      throw damaged(beginLine, "has no END line: the file is cut off; copy it again");
    }
  }

  private IdentityException damaged(int line, String what) {
    return new IdentityException(file + ":" + line + ": the PEM block " + what);
  }
}
