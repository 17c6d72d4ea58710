package dev.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The two parsers must agree on whatever the plain one reads. */
class ParsersTest {
  private static final int ROUNDS = 1_000;

  @Test
  void plainParser_onRandomWords_agreesWithTheFullOne() {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    int plainly = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Command command = clients().get(random.nextInt(clients().size()));
      List<String> words = words(command, random);
      Arguments plain = PlainParser.parse(command.syntax(), words);
      if (plain != null) {
        plainly++;
        List<String> all = new ArrayList<>(List.of(command.name()));
        all.addAll(words);
        assertThat(FullParser.of(command).parse(all)).as("seed %d: %s", seed, all).isEqualTo(plain);
      }
    }
    assertThat(plainly).as("seed %d", seed).isBetween(ROUNDS / 10, ROUNDS - 1);
  }

  @Test
  void plainParser_takesNegativeNumbersForParameters() {
    assertThat(PlainParser.parse(new SetCommand().syntax(), List.of("k", "-1")))
        .isEqualTo(new Arguments(Map.of(), List.of("k", "-1")));
  }

  @Test
  void plainParser_leavesWhatIsNotPlain() {
    Syntax syntax = new GetCommand().syntax();

    assertThat(PlainParser.parse(syntax, List.of("k", "--help"))).isNull();
    assertThat(PlainParser.parse(syntax, List.of("k", "-va", "x"))).isNull();
    assertThat(PlainParser.parse(syntax, List.of("k", "--indent=x"))).isNull();
    assertThat(FullParser.of(new GetCommand()).parse(List.of("get", "-va", "x", "k")).options())
        .containsEntry("--address", "x")
        .containsEntry("--verbose", "");
  }

  private static List<Command> clients() {
    return Commands.all().stream().filter(command -> !command.takesRawWords()).toList();
  }

  private static List<String> words(Command command, Random random) {
    List<Option> options = command.syntax().options();
    List<String> words = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      Option option = options.get(random.nextInt(options.size()));
      String name = option.names().get(random.nextInt(option.names().size()));
      String value = List.of("x", "a b", "k=v", "ü", "").get(random.nextInt(5));
      boolean joined = random.nextBoolean() && name.startsWith("--") && !value.isEmpty();
      if (random.nextInt(3) == 0) {
        words.add(value.isEmpty() ? "y" : value);
      } else if (option.label() == null) {
        words.add(name);
      } else if (joined) {
        words.add(name + "=" + value);
      } else {
        words.add(name);
        words.add(value);
      }
    }
    if (random.nextInt(4) == 0) {
      words.add("--");
      words.add("-z");
    }
    return words;
  }
}
