package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagWordsTest {
  @Test
  void parse_everyForm_givesFlagsAndValues() {
    List<String> words =
        List.of("--http", ":81", "--max-keys=5", "--readonly", "--revision-limit", "-1", "--name=");

    assertThat(FlagWords.parse(words))
        .isEqualTo(
            Map.of(
                "--http", ":81",
                "--max-keys", "5",
                "--readonly", "true",
                "--revision-limit", "-1",
                "--name", ""));
  }

  @Test
  void parse_repeatedFlag_theLastCounts() {
    assertThat(FlagWords.parse(List.of("--name", "a", "--name", "b")))
        .isEqualTo(Map.of("--name", "b"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "stray, 'stray' is no option: expected --name value",
        "-x, '-x' is no option: expected --name value",
        "--, '--' is no option: expected --name value",
        "--http, option '--http' needs a value",
        "--http --readonly, option '--http' needs a value",
      })
  void parse_otherWords_areRefused(String words, String problem) {
    assertThatThrownBy(() -> FlagWords.parse(List.of(words.split(" "))))
        .isInstanceOf(ConfigException.class)
        .hasMessage(problem);
  }

  @Test
  void parse_misspeltFlag_isLeftForTheLoader() {
    Map<String, String> flags = FlagWords.parse(List.of("--redonly", "--http", ":1"));

    assertThatThrownBy(() -> new ConfigLoader(TestSurroundings.of(Map.of())).load(flags))
        .hasMessage("unknown option '--redonly': did you mean '--readonly'?");
  }
}
