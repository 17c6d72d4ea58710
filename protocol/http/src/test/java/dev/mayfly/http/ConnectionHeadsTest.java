package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is counted of random requests that come in random pieces, beside what the codec has. */
class ConnectionHeadsTest {
  private static final long SEED = Long.getLong("seed", 1);
  private static final int RUNS = 300;

  /** As many characters as a line has at least. */
  private static final int LINE_BYTES_LEAST = 5;

  private final HeadMemory memory = new HeadMemory(1 << 30, new TestTime(), Duration.ofSeconds(20));
  private final Random random = new Random(SEED);

  private enum Part {
    HEAD,
    BODY,
    TRAILER
  }

  /** Requests one after the other, and where what begins. */
  private static final class Sent {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    final TreeMap<Integer, Part> parts = new TreeMap<>();

    int requests;

    void text(String text) {
      bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void begin(Part part) {
      parts.put(bytes.size(), part);
    }
  }

  /**
   * Makes some.
   *
   * @param kinds 2: of known length, 3: also in chunks
   */
  private Sent requests(int kinds) {
    Sent sent = new Sent();
    for (sent.requests = 0; sent.requests < 1 + random.nextInt(5); sent.requests++) {
      sent.begin(Part.HEAD);
      int kind = random.nextInt(kinds);
      sent.text((kind == 0 ? "GET" : "PUT") + " /v1/keys/a HTTP/1.1\r\n");
      fields(sent);
      if (kind == 0) {
        sent.text("\r\n");
      } else if (kind == 1) {
        byte[] body = body();
        sent.text("Content-Length: " + body.length + "\r\n\r\n");
        sent.begin(Part.BODY);
        sent.bytes.writeBytes(body);
      } else {
        chunks(sent);
      }
    }
    sent.begin(Part.HEAD);
    return sent;
  }

  private void fields(Sent sent) {
    for (int i = random.nextInt(60); i > 0; i--) {
      sent.text("f:" + "v".repeat(random.nextInt(20)) + "\r\n");
    }
  }

  /** Bytes of a body, with lines and empty lines among them. */
  private byte[] body() {
    byte[] body = new byte[random.nextInt(3000)];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (random.nextInt(3) == 0 ? '\n' : '\r' + random.nextInt(60));
    }
    return body;
  }

  private void chunks(Sent sent) {
    sent.text("Transfer-Encoding: chunked\r\n\r\n");
    sent.begin(Part.BODY);
    for (int i = random.nextInt(4); i > 0; i--) {
      byte[] chunk = Arrays.copyOf(body(), 1 + random.nextInt(2000));
      sent.text(Integer.toHexString(chunk.length) + "\r\n");
      sent.bytes.writeBytes(chunk);
      sent.text("\r\n");
    }
    sent.text("0\r\n");
    sent.begin(Part.TRAILER);
    fields(sent);
    sent.text("\r\n");
  }

  /** As the handlers of a connection tell it. */
  private static final class Out extends ChannelInboundHandlerAdapter {
    private final ConnectionHeads heads;
    private int answered;

    Out(ConnectionHeads heads) {
      this.heads = heads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        assertThat(request.decoderResult().isSuccess()).isTrue();
        assertThat(heads.onRequest(request)).isTrue();
      }
      if (message instanceof HttpContent content) {
        boolean isLast = content instanceof LastHttpContent;
        heads.onContent(content.content().readableBytes(), isLast);
        if (isLast) {
          answered++;
          heads.onAnswered();
        }
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      assertThat(heads.takeShare()).isTrue();
    }
  }

  @Test
  void parts_ofAnyRequestsInAnyPieces_areCounted() {
    for (int run = 0; run < RUNS; run++) {
      Sent sent = requests(2 + run % 2);
      ConnectionHeads heads = new ConnectionHeads(memory);
      Out out = new Out(heads);
      EmbeddedChannel channel =
          new EmbeddedChannel(new ArrivingBytes(heads), new HttpRequestDecoder(), out);
      byte[] bytes = sent.bytes.toByteArray();
      int at = 0;
      while (at < bytes.length) {
        int to = Math.min(bytes.length, at + piece(sent, bytes, at));
        ByteBuf piece = Unpooled.copiedBuffer(bytes, at, to - at);
        channel.writeInbound(piece);
        assertThat(piece.refCnt()).isLessThanOrEqualTo(1);
        at = to;
        check(sent, at, heads, run % 2 == 0, "seed %d run %d at %d".formatted(SEED, run, at));
      }

      assertThat(out.answered).isEqualTo(sent.requests);
      heads.end();
      assertThat(memory.shared().taken()).isZero();
      assertThat(channel.finish()).isFalse();
    }
  }

  /** How much comes next: often to where something begins, or into the end of a line. */
  private int piece(Sent sent, byte[] bytes, int at) {
    Integer next = sent.parts.higherKey(at);
    return switch (random.nextInt(4)) {
      case 0 -> 1 + random.nextInt(40);
      case 1 -> 1 + random.nextInt(4000);
      case 2 -> next == null ? 1 : next - at;
      default -> {
        int line = at;
        while (line < bytes.length - 1 && bytes[line] != '\r') {
          line++;
        }
        yield Math.max(1, line - at + random.nextInt(3));
      }
    };
  }

  /**
   * Checks.
   *
   * @param isExact whether none is counted where none is: where chunks end is not known
   */
  private static void check(
      Sent sent, int at, ConnectionHeads heads, boolean isExact, String where) {
    var part = sent.parts.floorEntry(at);
    int came = at - part.getKey();
    if (part.getValue() != Part.BODY) {
      // A piece, and its lines as objects.
      long least = 2L * came + (came / (LINE_BYTES_LEAST + 40)) * 128L;
      assertThat(heads.partBytes()).as(where).isGreaterThanOrEqualTo(least);
    }
    if (came == 0 && part.getValue() == Part.HEAD && isExact) {
      assertThat(heads.partBytes()).as(where).isZero();
    }
  }

  @Test
  void body_large_isNoPart() {
    ConnectionHeads heads = new ConnectionHeads(memory);
    EmbeddedChannel channel =
        new EmbeddedChannel(new ArrivingBytes(heads), new HttpRequestDecoder(), new Out(heads));
    String head = "PUT /a HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n";
    channel.writeInbound(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII));
    for (int i = 0; i < 99; i++) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[10_000]));
      assertThat(heads.partBytes()).isZero();
    }
    assertThat(channel.finish()).isFalse();
  }
}
