package dev.mayfly.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mayfly.client.CounterOperation.Mode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

/**
 * What a counter client reads against any bytes: it understands them, or says that they are none of
 * its server's. Run with {@code make fuzz}; a plain test run tries the corpus alone.
 */
class CounterReplyFuzz {
  private static final byte[] NAME = "name".getBytes(StandardCharsets.US_ASCII);
  private static final LimitTerms TERMS = LimitTerms.slidingWindow(2, Duration.ofMinutes(1));

  private static CounterFrame frame(boolean signed) {
    InstantSource clock = InstantSource.fixed(Instant.EPOCH);
    CounterFrame frame = new CounterFrame(signed ? new FrameSession("secret", clock) : null, 1400);
    assertThat(frame.tryAdd(CounterOperation.hit(NAME, NAME, 1))).isTrue();
    assertThat(frame.tryAdd(CounterOperation.take(NAME, NAME, 1, TERMS, Mode.TAKE))).isTrue();
    assertThat(frame.tryAdd(CounterOperation.release(NAME, NAME, 7))).isTrue();
    assertThat(frame.tryAdd(CounterOperation.countAll())).isTrue();
    byte[] encoded = frame.encode(1);
    assertThat(encoded.length).isLessThanOrEqualTo(1400);
    return frame;
  }

  /** The bytes behind a head that makes them a reply, so that results are read at all. */
  private static byte[] reply(byte[] input, int results, boolean signed) {
    byte[] reply = new byte[CounterFrame.HEAD + input.length];
    System.arraycopy(input, 0, reply, CounterFrame.HEAD, input.length);
    byte[] head = {0x6D, (byte) 0xF2, 2, (byte) (signed ? 3 : 2)};
    System.arraycopy(head, 0, reply, 0, head.length);
    reply[4] = (byte) reply.length;
    reply[5] = (byte) (reply.length >> 8);
    reply[6] = (byte) results;
    return reply;
  }

  @FuzzTest(maxDuration = "1m")
  void reply_anyBytes_isUnderstoodOrNone(byte[] input) {
    boolean signed = input.length > 0 && (input[0] & 0x80) != 0;
    CounterFrame frame = frame(signed);
    byte[] made =
        reply(Arrays.copyOf(input, Math.min(input.length, 2000)), input.length % 6, signed);
    for (byte[] bytes : List.of(input, made)) {
      if (!CounterFrame.isReply(bytes, bytes.length)) {
        continue;
      }
      try {
        List<Object> results = frame.results(bytes, bytes.length);
        assertThat(results).hasSize(4).doesNotContainNull();
      } catch (FrameReader.MalformedException e) {
        assertThat(e).hasMessage("malformed reply");
      }
    }
  }

  @FuzzTest(maxDuration = "1m")
  void listing_anyBytes_isSplitIntoLines(byte[] input) {
    byte[] answer = Arrays.copyOf(input, Math.max(input.length, CounterPacket.BYTES));

    List<byte[]> lines = CounterPacket.lines(answer);

    int bytes = lines.stream().mapToInt(line -> line.length).sum();
    assertThat(bytes).isLessThanOrEqualTo(answer.length);
    assertThat(lines).allSatisfy(line -> assertThat(line).isNotEmpty().doesNotContain('\n'));
  }
}
