package dev.mayfly.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the door answers other than the original on purpose: {@code differences.tsv}, each line a
 * pattern for the command, one for either's reply, and the reason. Immutable.
 */
final class KnownDifferences {
  private static final int COLUMNS = 4;

  /** A difference, and why there is one. */
  private record Known(Pattern command, Pattern theirs, Pattern ours, String reason) {}

  private final List<Known> all = new ArrayList<>();

  KnownDifferences() throws IOException {
    try (InputStream in = KnownDifferences.class.getResourceAsStream("differences.tsv")) {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  Objects.requireNonNull(in, "differences.tsv"), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && !line.startsWith("#")) {
          all.add(known(line.split("\t", -1), line));
        }
      }
    }
  }

  private static Known known(String[] columns, String line) {
    if (columns.length != COLUMNS || columns[3].isBlank()) {
      throw new IllegalStateException("differences.tsv: expected four columns: '" + line + "'");
    }
    return new Known(pattern(columns[0]), pattern(columns[1]), pattern(columns[2]), columns[3]);
  }

  private static Pattern pattern(String text) {
    return Pattern.compile(text, Pattern.DOTALL);
  }

  /** Why these replies to a command differ; empty if nobody knows. */
  Optional<String> reason(String command, String theirs, String ours) {
    return all.stream()
        .filter(
            known ->
                known.command.matcher(command).matches()
                    && known.theirs.matcher(theirs).matches()
                    && known.ours.matcher(ours).matches())
        .map(Known::reason)
        .findFirst();
  }
}
