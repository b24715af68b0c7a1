package io.restpipe.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Reads requests as strictly as RFC 9112 lets it: a request that two programs could take for two
 * different ones comes out as a failed one. On top of Netty's checks it refuses a header value that
 * goes on in the next line (section 5.2).
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

  static final int MAX_LINE = 8 * 1024;
  static final int MAX_HEADERS = 32 * 1024;
  private static final int MAX_CHUNK = 64 * 1024;

  private boolean inHead = true;
  private boolean headBegun;
  private boolean lineEnded;
  private boolean folded;

  StrictRequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxChunkSize(MAX_CHUNK)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out)
      throws Exception {
    int from = bytes.readerIndex();
    headBegun |= inHead;
    int known = out.size();
    super.decode(ctx, bytes, out);
    if (inHead && !folded) {
      lookForFold(bytes, from, bytes.readerIndex());
    }
    for (int i = known; i < out.size(); i++) {
      decoded(out.get(i));
    }
  }

  /** Whether some bytes of a head are there, but not all. */
  boolean headBegun() {
    return headBegun;
  }

  /** Looks at what the decoder has just taken: whole lines of a head, or a head's rest. */
  private void lookForFold(ByteBuf bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes.getByte(i);
      if (lineEnded && (b == ' ' || b == '\t')) {
        folded = true;
        return;
      }
      lineEnded = b == '\n';
    }
  }

  private void decoded(Object message) {
    if (message instanceof HttpRequest request) {
      inHead = false;
      headBegun = false;
      if (folded && request.decoderResult().isSuccess()) {
        request.setDecoderResult(
            DecoderResult.failure(
                new IllegalArgumentException("a header value goes on in the next line")));
      }
    }
    if (message instanceof LastHttpContent) {
      inHead = true;
      lineEnded = false;
      folded = false;
    }
  }
}
