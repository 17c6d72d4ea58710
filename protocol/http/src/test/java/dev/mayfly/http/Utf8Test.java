package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @ParameterizedTest
  @ValueSource(strings = {"", "a", "\u0000", "é", "✓", "𤭢", "a𤭢é", "\uffff", "\ue000"})
  void chars_text_countsUtf16Units(String text) {
    assertThat(Utf8.chars(Utf8.bytes(text))).isEqualTo(text.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0af",
        "c1bf",
        "c2",
        "e08080",
        "e09f80",
        "e280",
        "eda080",
        "edbfbf",
        "f08080af",
        "f4908080",
        "f5808080",
        "ff",
        "fe",
        "61c2",
        "c241",
        "e28041",
        "f0a4ad41"
      })
  void chars_noText_isInvalid(String hex) {
    assertThat(Utf8.chars(HexFormat.of().parseHex(hex))).isEqualTo(Utf8.INVALID);
  }

  @Test
  void isValid_randomBytes_asTheStrictDecoderSays() {
    long seed = Long.getLong("seed", 42);
    Random random = new Random(seed);
    int[] leads = {0x7f, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf3, 0xf4, 0x80, 0xbf, 0x9f};
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(5)];
      for (int j = 0; j < bytes.length; j++) {
        int any = random.nextInt(256);
        bytes[j] = (byte) (random.nextBoolean() ? leads[random.nextInt(leads.length)] : any);
      }

      assertThat(Utf8.isValid(bytes))
          .as("seed %d: %s", seed, HexFormat.of().formatHex(bytes))
          .isEqualTo(isDecodable(bytes));
    }
  }

  private static boolean isDecodable(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
