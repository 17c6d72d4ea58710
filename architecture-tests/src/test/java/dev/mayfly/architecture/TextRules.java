package dev.mayfly.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules about the letters of a file. Stateless. */
final class TextRules {
  static final int LINES_MAX = 500;
  static final int COLUMNS_MAX = 100;

  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.}~])/(?:home|Users|root|work)/[\\w.]");

  private TextRules() {}

  /** What holds for Java alone. */
  static List<Finding> java(String path, List<String> lines) {
    List<Finding> findings = new ArrayList<>();
    if (lines.size() > LINES_MAX) {
      findings.add(
          new Finding(
              TidyRule.FILE_LENGTH,
              path,
              "%d lines, at most %d: give one of its parts a file and a name of its own"
                  .formatted(lines.size(), LINES_MAX)));
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.length() > COLUMNS_MAX && !line.startsWith("import ")) {
        findings.add(
            new Finding(
                TidyRule.LINE_LENGTH,
                path + ":" + (i + 1),
                "%d columns, at most %d: break it, or name a part of it"
                    .formatted(line.length(), COLUMNS_MAX)));
      }
    }
    return findings;
  }

  /** What holds for everything that is written. */
  static List<Finding> any(String path, List<String> lines) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String place = path + ":" + (i + 1);
      if (UNFINISHED.matcher(lines.get(i)).find()) {
        findings.add(
            new Finding(
                TidyRule.UNFINISHED, place, "finish it, or file an issue and remove the note"));
      }
      if (MACHINE_PATH.matcher(lines.get(i)).find()) {
        findings.add(
            new Finding(
                TidyRule.MACHINE_PATH,
                place,
                "a path of one machine: derive it from the root or a temporary folder"));
      }
    }
    return findings;
  }
}
