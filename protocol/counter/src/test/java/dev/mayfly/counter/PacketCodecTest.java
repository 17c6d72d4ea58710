package dev.mayfly.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Counters;
import dev.mayfly.testing.ModelCounters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketCodecTest {
  private static final long NOW = 1_700_000_000_000L;

  private final ModelCounters counters = new ModelCounters(CounterPolicy.ofWindow(60_000), 1419);

  private PacketCodec codec(String secret) {
    Secret own = Secret.of(secret);
    return new PacketCodec(counters, new CounterPeers(List.of(), own), own);
  }

  private static int answer(PacketCodec codec, byte[] packet) {
    System.arraycopy(packet, 0, codec.request(), 0, Math.min(packet.length, Packet.BYTES));
    return codec.answer(packet.length, NOW);
  }

  private static String data(byte[] reply) {
    return new String(reply, Packet.DATA, reply.length - Packet.DATA, StandardCharsets.UTF_8)
        .trim();
  }

  private static int number(byte[] reply) {
    return (int) FrameInput.fixed(reply, Packet.DATA, 4);
  }

  @ParameterizedTest
  @CsvSource({
    "C,'',32837,willy_nilly,special.golang.org,432045800000" + "77696c6c20458000002077696c6c",
    "C,supersecret,223255,willy_nilly,random,432073757065727365632017680300" + "2077696c6c",
    "P,asdf,1,default,asdf,4320617364660100000020010000002064656661",
    "P,very-secure3,1,default,192.168.0.50,4320766572792d7365632001000000" + "2064656661"
  })
  void packet_ofTheSpecification_hasTheseBytes_andIsAccepted(
      char command, String secret, int id, String namespace, String data, String head) {
    byte[] packet = TestPackets.packet(command, secret, id, namespace, data);

    String expected = HexFormat.of().toHexDigits((byte) command) + head.substring(2);
    assertThat(HexFormat.of().formatHex(packet, 0, 20)).isEqualTo(expected);
    PacketCodec codec = codec(secret);
    assertThat(answer(codec, packet)).isEqualTo(Packet.BYTES);
    assertThat(codec.reply()[0]).isEqualTo((byte) command);
  }

  @Test
  void put_isCounted_andItsAnswerIsEmpty() {
    PacketCodec codec = codec("asdf");
    byte[] put = TestPackets.packet('P', "asdf", 7, "default", "alice");

    assertThat(answer(codec, put)).isEqualTo(Packet.BYTES);
    assertThat(data(codec.reply())).isEmpty();
    answer(codec, put);
    answer(codec, TestPackets.packet('C', "asdf", 8, "default", "alice"));
    assertThat(number(codec.reply())).isEqualTo(2);
    answer(codec, TestPackets.packet('N', "asdf", 8, "default", ""));
    assertThat(number(codec.reply())).isEqualTo(2);
    answer(codec, TestPackets.packet('S', "asdf", 8, "", ""));
    assertThat(number(codec.reply())).isEqualTo(2);
  }

  @Test
  void answer_repeatsIdAndNamespace_andCarriesNoSecret() {
    PacketCodec codec = codec("supersecret");
    byte[] asked = TestPackets.packet('C', "supersecret", 0x0A2E0A2E, "ns", "key");
    answer(codec, asked);

    byte[] reply = codec.reply();
    assertThat(Arrays.copyOfRange(reply, 10, 81)).isEqualTo(Arrays.copyOfRange(asked, 10, 81));
    for (int i = 2; i < 10; i++) {
      assertThat(reply[i]).isEqualTo((byte) ~asked[i]);
    }
    assertThat(new String(reply, StandardCharsets.ISO_8859_1)).doesNotContain("supersec");
  }

  @Test
  void answer_sentToAServer_isNoRequestThere() {
    for (String secret : List.of("", "a", "abcd", "abcdefghij")) {
      for (char command : new char[] {'P', 'C', 'N', 'S', 'K', 'L', 'V', 'x'}) {
        PacketCodec codec = codec(secret);
        byte[] packet = TestPackets.packet(command, secret, 5, "ns", "key");
        if (answer(codec, packet) != Packet.BYTES) {
          continue;
        }
        byte[] reply = codec.reply().clone();

        answer(codec, reply);
        assertThat(counters.countAll(NOW)).isLessThanOrEqualTo(4);
        if (reply[0] == 'E') {
          assertThat(answer(codec, reply)).isEqualTo(PacketCodec.NO_REPLY);
        } else {
          assertThat(codec.reply()[0]).isEqualTo((byte) 'E');
        }
      }
    }
  }

  @Test
  void faults_areToldInTheWordsOfTheOriginal() {
    PacketCodec codec = codec("secret-8");
    byte[] good = TestPackets.packet('C', "secret-8", 1, "ns", "key");

    assertThat(fault(codec, good, 0, 'x')).isEqualTo("bad packet: invalid command byte");
    assertThat(fault(codec, good, 1, 'x')).isEqualTo("bad packet: expected space 1");
    assertThat(fault(codec, good, 10, 'x')).isEqualTo("bad packet: expected space 1");
    assertThat(fault(codec, good, 15, 'x')).isEqualTo("bad packet: expected space 3");
    assertThat(fault(codec, good, 80, 'x')).isEqualTo("bad packet: expected space 3");
    assertThat(fault(codec, good, 2, 'x')).isEqualTo("auth failed: packet hash invalid");
    for (char command : new char[] {'V', 'T', 'I'}) {
      assertThat(fault(codec, good, 0, command)).isEqualTo("unknown_command_" + command);
    }
    byte[] large = Arrays.copyOf(good, 1501);
    answer(codec, large);
    assertThat(data(codec.reply())).isEqualTo("bad packet: too large, size must be 1500 bytes");
  }

  private static String fault(PacketCodec codec, byte[] packet, int place, char value) {
    byte[] changed = packet.clone();
    changed[place] = (byte) value;
    answer(codec, changed);
    assertThat(codec.reply()[0]).isEqualTo((byte) 'E');
    return data(codec.reply());
  }

  @Test
  void replication_isCounted_butNeverAnswered() {
    PacketCodec codec = codec("asdf");

    assertThat(answer(codec, TestPackets.packet('R', "asdf", 1, "ns", "key"))).isZero();
    assertThat(counters.countAll(NOW)).isEqualTo(1);
    assertThat(answer(codec, TestPackets.packet('R', "wrong", 1, "ns", "key"))).isZero();
    assertThat(answer(codec, TestPackets.packet('E', "asdf", 1, "ns", "key"))).isZero();
    assertThat(counters.countAll(NOW)).isEqualTo(1);
  }

  @Test
  void count_above32Bits_staysAtTheMost() {
    PacketCodec codec = codec("");
    counters.hit(bytes("ns"), bytes("key"), Counters.TIMES_MAX, NOW);
    counters.hit(bytes("ns"), bytes("key"), 5, NOW);

    for (char command : new char[] {'C', 'N', 'S'}) {
      answer(codec, TestPackets.packet(command, "", 1, "ns", "key"));
      assertThat(number(codec.reply())).as("%s", command).isEqualTo(-1);
    }
  }

  @Test
  void answer_isPaddedWithSpaces_whateverWasBehindTheKey() {
    PacketCodec codec = codec("");
    byte[] put = TestPackets.packet('P', "", 1, "ns", "key");
    put[Packet.BYTES - 1] = '\t';
    put[Packet.BYTES - 700] = '\n';

    answer(codec, put);

    assertThat(counters.count(bytes("ns"), bytes("key"), NOW)).isEqualTo(1);
    for (int i = Packet.DATA; i < Packet.BYTES; i++) {
      assertThat(codec.reply()[i]).isEqualTo(Packet.SPACE);
    }
    assertThat(codec.changed()).isEqualTo(Packet.BYTES);
  }

  @Test
  void padding_isFound_whereverItBegins() {
    for (int length : new int[] {0, 1, 63, 64, 65, 1419, 3000}) {
      byte[] bytes = new byte[length + 4];
      Arrays.fill(bytes, Packet.SPACE);
      for (int end = 2; end <= length + 2; end++) {
        bytes[end - 1] = 'x';
        assertThat(WhiteSpace.padding(bytes, 2, length + 2)).isEqualTo(end);
      }
    }
  }

  @Test
  void keys_areTrimmedOfUnicodeWhiteSpace_andOfNothingElse() {
    PacketCodec codec = codec("");
    answer(codec, TestPackets.packet('P', "", 1, " \tns\u00a0", "\u2003 key\0\u3000\n"));

    assertThat(counters.count(bytes("ns"), bytes("key\0"), NOW)).isEqualTo(1);
  }

  @Test
  void shortPacket_isPaddedWithSpaces() {
    PacketCodec codec = codec("");
    byte[] whole = TestPackets.packet('P', "", 1, "ns", "key");

    answer(codec, Arrays.copyOf(whole, 84));
    assertThat(counters.count(bytes("ns"), bytes("key"), NOW)).isEqualTo(1);
  }

  @Test
  void listings_haveALineForEachName() {
    PacketCodec codec = codec("");
    for (String key : List.of("b", "blah", "a", ".", "x\ny", "xblahx")) {
      counters.hit(bytes("ns"), bytes(key), 1, NOW);
    }

    assertThat(list(codec, 'K', "blah", Packet.BYTES)).isEqualTo("blah\nxblahx");
    assertThat(list(codec, 'K', "*", Packet.BYTES)).isEqualTo("a\nb\nblah\nxblahx");
    assertThat(list(codec, 'L', "", Packet.BYTES)).isEqualTo("ns");
    assertThat(list(codec, 'K', "(", Packet.BYTES)).contains("pattern '('");
    for (int i = 0; i < 1000; i++) {
      counters.hit(bytes("ns"), bytes("key" + i), 1, NOW);
    }
    assertThat(list(codec, 'K', "key", Packet.BYTES))
        .isEqualTo("reply too large for a datagram, use TCP");
    assertThat(list(codec, 'K', "key", 1 << 20).lines()).hasSize(1000);
  }

  /** What is no text is shown by marks that are longer. */
  @Test
  void listing_ofAPatternThatIsWrongAndLong_isOnePacket() {
    PacketCodec codec = codec("");
    byte[] asked = TestPackets.packet('K', "", 1, "ns", "(");
    Arrays.fill(asked, Packet.DATA + 1, Packet.BYTES, (byte) 0xFF);
    answer(codec, asked);

    byte[] reply = codec.list(codec.listing(), Packet.BYTES, NOW);

    assertThat(reply).hasSize(Packet.BYTES);
    assertThat(data(reply)).startsWith("pattern '(");
  }

  private static String list(PacketCodec codec, char command, String pattern, int max) {
    assertThat(answer(codec, TestPackets.packet(command, "", 1, "ns", pattern)))
        .isEqualTo(PacketCodec.LISTING);
    byte[] answer = codec.list(codec.listing(), max, NOW);
    assertThat(answer.length).isGreaterThanOrEqualTo(Packet.BYTES);
    return data(answer);
  }

  @Test
  void randomPackets_changeNothing() {
    Random random = new Random(42);
    PacketCodec codec = codec("a secret");
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      byte[] packet = new byte[random.nextInt(1_600)];
      random.nextBytes(packet);
      if (packet.length > 0 && random.nextBoolean()) {
        packet[0] = (byte) "CPNSRKLE".charAt(random.nextInt(8));
      }
      lengths.add(answer(codec, packet));
    }
    assertThat(lengths).allMatch(length -> length == 0 || length == Packet.BYTES);
    assertThat(counters.countAll(NOW)).isZero();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
