package dev.mayfly.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The words as the shell handed them over. Java puts U+FFFD where they are no UTF-8, so that two
 * different words become one: a key that nobody named. Stateless.
 */
final class SentWords {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final String REPLACEMENT = "\ufffd";

  private SentWords() {}

  /**
   * Refuses words that were not what Java makes of them; where the system does not show what was
   * sent, those that hold U+FFFD are taken as they are.
   *
   * @throws UsageException when one is no UTF-8
   */
  static void requireText(List<String> words) {
    for (String word : words) {
      if (word.contains(REPLACEMENT) && !sentAsText()) {
        throw new UsageException(
            "'%s': expected UTF-8 text (other bytes can be loaded from a file: mayfly load)"
                .formatted(word));
      }
    }
  }

  private static boolean sentAsText() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(COMMAND_LINE)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
