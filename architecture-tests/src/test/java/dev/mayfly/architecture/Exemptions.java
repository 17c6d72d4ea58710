package dev.mayfly.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that need not keep a rule, each with its reason: {@code RULE path reason} a line. The
 * list only shrinks: an exemption that nothing needs any more is a breach itself. Immutable.
 */
record Exemptions(List<Exemption> all) {
  /** One line of the list. */
  record Exemption(TidyRule rule, String path, String reason) {
    boolean covers(Finding finding) {
      return finding.rule() == rule && finding.path().equals(path);
    }
  }

  static Exemptions read() throws IOException {
    try (InputStream in = Exemptions.class.getResourceAsStream("exemptions.txt")) {
      if (in == null) {
        throw new IOException("exemptions.txt is not beside the tests");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  static Exemptions parse(String text) {
    List<Exemption> all = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split(" +", 3);
      if (words.length < 3) {
        throw new IllegalArgumentException("an exemption needs a rule, a path, a reason: " + line);
      }
      all.add(new Exemption(TidyRule.valueOf(words[0]), words[1], words[2]));
    }
    return new Exemptions(List.copyOf(all));
  }

  /** The findings that no exemption covers. */
  List<Finding> uncovered(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> all.stream().noneMatch(each -> each.covers(finding)))
        .toList();
  }

  /** The exemptions that cover nothing. */
  List<Exemption> stale(List<Finding> findings) {
    return all.stream().filter(each -> findings.stream().noneMatch(each::covers)).toList();
  }
}
