package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.testing.ModelCounters;
import dev.mayfly.testing.ModelLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The frames of docs/reference/counter-protocol.md, byte by byte. */
class FrameCodecTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final String SECRET = "correct horse battery staple";
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private final ModelCounters counters = new ModelCounters(CounterPolicy.ofWindow(60_000), 1419);
  private final FrameCodec open = codec(Secret.NONE);

  private FrameCodec codec(Secret secret) {
    return new FrameCodec(counters, new ModelLimits(), secret, new ReplayWindow(NOW));
  }

  private static byte[] hex(String text) {
    return HEX.parseHex(text.strip().replaceAll("\\s+", " "));
  }

  private String answer(FrameCodec codec, byte[] frame, int max) {
    int length = codec.answer(frame, frame.length, max, NOW);
    return HEX.formatHex(codec.reply(), 0, length);
  }

  private String answer(String frame) {
    return answer(open, hex(frame), Frame.LENGTH_MAX);
  }

  @Test
  void hits_areAnsweredInOrder() {
    String reply =
        answer(
            "6d f2 02 00 23 00 04 00 2a 00 00 00"
                + " 01 05 6c 6f 67 69 6e"
                + " 02 05 61 6c 69 63 65"
                + " 03 05 03 62 6f 62"
                + " 05 00 00");

    assertThat(reply).isEqualTo("6d f2 02 02 12 00 03 00 2a 00 00 00 00 01 00 05 00 06");
    assertThat(counters.count(bytes("login"), bytes("bob"), NOW)).isEqualTo(5);
  }

  @Test
  void take_isDecided() {
    String take = " 07 00 01 00 01 e0 d4 03 00 01 6b";

    String reply = answer("6d f2 02 00 22 00 02 00 01 00 00 00" + take + take);

    assertThat(reply)
        .isEqualTo(
            "6d f2 02 02 1e 00 02 00 01 00 00 00"
                + " 00 01 01 00 01 e0 d4 03"
                + " 00 02 01 00 e1 d4 03 e0 d4 03");
  }

  @Test
  void signedFrame_isAnsweredOnce_andSigned() {
    FrameCodec codec = codec(Secret.of(SECRET));
    byte[] frame = signed(SECRET, 1, NOW, "02 01 61");

    String reply = answer(codec, frame, Frame.LENGTH_MAX);

    assertThat(reply).startsWith("6d f2 02 03 36 00 01 00 07 00 00 00");
    assertThat(new FrameSigner(Secret.of(SECRET)).accepts(hex(reply), 0x36 - 16)).isTrue();
    assertThat(answer(codec, frame, Frame.LENGTH_MAX))
        .isEqualTo("6d f2 02 02 0d 00 00 00 07 00 00 00 03");
    assertThat(counters.countAll(NOW)).isEqualTo(1);
  }

  @Test
  void signature_ofTheVector_isThis() {
    byte[] frame = signed(SECRET, 1, NOW, "02 01 61");

    assertThat(HEX.formatHex(frame))
        .startsWith(
            "6d f2 02 01 37 00 01 00 07 00 00 00"
                + " 88 77 66 55 44 33 22 11 01 00 00 00 00 00 00 00 00 68 e5 cf 8b 01 00 00"
                + " 02 01 61")
        .endsWith(VECTOR_CODE);
  }

  private static final String VECTOR_CODE = "6c e6 8d 46 a7 a5 2a 19 02 2d 86 c8 b0 b1 89 60";

  @Test
  void wrongOrMissingSignature_doesNothing() {
    FrameCodec codec = codec(Secret.of(SECRET));
    byte[] wrong = signed("another secret", 1, NOW, "02 01 61");
    byte[] unsigned = hex("6d f2 02 00 0f 00 01 00 07 00 00 00 02 01 61");

    String refused = "6d f2 02 02 0d 00 00 00 07 00 00 00 02";
    assertThat(answer(codec, wrong, Frame.LENGTH_MAX)).isEqualTo(refused);
    assertThat(answer(codec, unsigned, Frame.LENGTH_MAX)).isEqualTo(refused);
    assertThat(answer(open, signed(SECRET, 1, NOW, "02 01 61"), 100)).isEqualTo(refused);
    byte[] early = signed(SECRET, 1, NOW - 1, "02 01 61");
    byte[] late = signed(SECRET, 1, NOW + 30_001, "02 01 61");
    assertThat(answer(codec, early, Frame.LENGTH_MAX)).endsWith("03");
    assertThat(answer(codec, late, Frame.LENGTH_MAX)).endsWith("03");
    assertThat(counters.countAll(NOW)).isZero();
  }

  @Test
  void reply_isNeverLongerThanAllowed_andSaysSo() {
    String short6 = "6d f2 02 00 12 00 06 00 01 00 00 00 06 06 06 06 06 06";

    String reply = answer(open, hex(short6), 18);

    assertThat(reply).isEqualTo("6d f2 02 0a 12 00 03 00 01 00 00 00 00 00 00 00 00 00");
    assertThat(answer(open, hex("6d f2 02 00 0c 00 00 00 01 00 00 00"), 12)).isNotEmpty();
  }

  @Test
  void malformedOperation_endsTheFrame() {
    String reply = answer("6d f2 02 00 13 00 03 00 01 00 00 00 02 01 61 63 02 01 61");

    assertThat(reply).isEqualTo("6d f2 02 02 0f 00 02 00 01 00 00 00 00 01 01");
    assertThat(counters.countAll(NOW)).isEqualTo(1);
  }

  @Test
  void replyAndQuietFrame_areNotAnswered() {
    assertThat(answer("6d f2 02 02 0f 00 01 00 01 00 00 00 02 01 61")).isEmpty();
    assertThat(counters.countAll(NOW)).isZero();
    assertThat(answer("6d f2 02 04 0f 00 01 00 01 00 00 00 02 01 61")).isEmpty();
    assertThat(counters.countAll(NOW)).isEqualTo(1);
    assertThat(answer("6d f2 03 00 0f 00 01 00 01 00 00 00 02 01 61")).isEmpty();
    assertThat(answer("6d f2 02 00 10 00 01 00 01 00 00 00 02 01 61")).isEmpty();
  }

  @Test
  void randomFrames_neverGetALongerReply_norThrow() {
    Random random = new Random(7);
    for (int i = 0; i < 50_000; i++) {
      byte[] frame = new byte[12 + random.nextInt(100)];
      random.nextBytes(frame);
      System.arraycopy(hex("6d f2 02 00"), 0, frame, 0, 4);
      FrameOutput.putFixed(frame, Frame.LENGTH, 2, frame.length);
      FrameOutput.putFixed(frame, Frame.OPERATIONS, 2, random.nextInt(20));
      for (int at = 12; at < frame.length; at += 1 + random.nextInt(4)) {
        frame[at] = (byte) random.nextInt(11);
      }
      assertThat(open.answer(frame, frame.length, frame.length, NOW)).isBetween(0, frame.length);
    }
  }

  @Test
  void replayWindow_takesEachNumberOnce_inAnyOrder() {
    ReplayWindow window = new ReplayWindow(NOW);

    for (long number : new long[] {5, 3, 4, 1000, 6, 1028}) {
      assertThat(window.accept(1, number, NOW, NOW)).as("%d", number).isTrue();
      assertThat(window.accept(1, number, NOW, NOW)).as("%d again", number).isFalse();
    }
    assertThat(window.accept(1, 2, NOW, NOW)).as("too old").isFalse();
    assertThat(window.accept(2, 2, NOW, NOW)).as("another session").isTrue();
    assertThat(window.accept(1, 1_000_000, NOW, NOW)).isTrue();
    assertThat(window.accept(1, 999_000, NOW, NOW)).isTrue();
    assertThat(window.accept(1, 0, NOW, NOW)).isFalse();
  }

  @Test
  void replayWindow_full_refusesNewSessions_untilOldOnesAreStale() {
    ReplayWindow window = new ReplayWindow(NOW);
    for (long session = 0; session < ReplayWindow.SESSIONS_MAX; session++) {
      assertThat(window.accept(session, 1, NOW, NOW)).isTrue();
    }

    assertThat(window.accept(-1, 1, NOW, NOW)).isFalse();
    long later = NOW + ReplayWindow.SKEW_MILLIS_MAX + 1;
    assertThat(window.accept(-1, 1, later, later)).isTrue();
    assertThat(window.accept(0, 1, NOW, later)).isFalse();
  }

  private static byte[] signed(String secret, long number, long timestamp, String operations) {
    byte[] body = hex(operations);
    int length = Frame.SIGNED_HEAD + body.length;
    byte[] frame = Arrays.copyOf(hex("6d f2 02 01"), length + Frame.CODE_BYTES);
    FrameOutput.putFixed(frame, Frame.LENGTH, 2, frame.length);
    FrameOutput.putFixed(frame, Frame.OPERATIONS, 2, 1);
    FrameOutput.putFixed(frame, Frame.ID, 4, 7);
    FrameOutput.putFixed(frame, Frame.SESSION, 8, 0x1122334455667788L);
    FrameOutput.putFixed(frame, Frame.SEQUENCE, 8, number);
    FrameOutput.putFixed(frame, Frame.TIMESTAMP, 8, timestamp);
    System.arraycopy(body, 0, frame, Frame.SIGNED_HEAD, body.length);
    new FrameSigner(Secret.of(secret)).sign(frame, length);
    return frame;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
