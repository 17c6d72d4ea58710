package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The list of commands in the reference follows from the facts about them. */
class RespReferenceTest {
  private static final Path FILE = Path.of("../../docs/reference/resp.md");
  private static final String BEGIN =
      "<!-- Written from the facts by RespReferenceTest with -Dreference.write=true. -->\n";
  private static final String END = "<!-- end of commands -->\n";

  private static final Map<String, String> TITLES = new LinkedHashMap<>();

  static {
    TITLES.put("string", "Strings");
    TITLES.put("bitmap", "Bits");
    TITLES.put("generic", "Keys and deadlines");
    TITLES.put("transactions", "Transactions");
    TITLES.put("pubsub", "Channels");
    TITLES.put("connection", "Connections");
    TITLES.put("server", "The server");
    TITLES.put("mayfly", "Ours");
  }

  @Test
  void committedReference_followsFromTheFacts() throws IOException {
    String text = Files.readString(FILE);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    String wanted = text.substring(0, begin) + tables() + text.substring(end);
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(FILE, wanted);
    }

    assertThat(FILE).as("run this test with -Dreference.write=true").content().isEqualTo(wanted);
  }

  private static String tables() {
    try (TestDoor door = new TestDoor()) {
      List<Command> all = door.door().table().all();
      assertThat(all).extracting(Command::group).isSubsetOf(TITLES.keySet());
      StringBuilder text = new StringBuilder();
      TITLES.forEach(
          (group, title) -> {
            text.append("\n### ").append(title).append("\n\n");
            text.append("| command | since | cost | what it does |\n|---|---|---|---|\n");
            all.stream()
                .filter(command -> command.group().equals(group))
                .forEach(command -> rows(command, text));
          });
      return text.append('\n').toString();
    }
  }

  private static void rows(Command command, StringBuilder text) {
    String name = command.name().toUpperCase(Locale.ROOT);
    text.append(
        row(
            name + " " + command.arguments(),
            command.since(),
            command.complexity(),
            command.summary()));
    for (Subcommand each : command.subcommands()) {
      String whole = name + " " + each.name().toUpperCase(Locale.ROOT) + " " + each.arguments();
      text.append(row(whole, each.since(), each.complexity(), each.summary()));
    }
  }

  private static String row(String form, String since, String complexity, String summary) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(form.strip().replace("|", "\\|"), since, complexity, summary);
  }
}
