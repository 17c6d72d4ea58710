package dev.mayfly.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule finds what is planted for it, and leaves what looks like it alone. */
final class TidyRulesTest {
  private static final String PATH = "room/src/main/java/dev/mayfly/room/Planted.java";

  @Test
  void fileLength_atTheLimitAndBeyond_findsBeyond() {
    List<String> lines = "\n".repeat(TextRules.LINES_MAX).lines().toList();
    List<String> longer = "\n".repeat(TextRules.LINES_MAX + 1).lines().toList();

    assertThat(TextRules.java(PATH, lines)).isEmpty();
    assertThat(TextRules.java(PATH, longer))
        .extracting(Finding::rule)
        .containsExactly(TidyRule.FILE_LENGTH);
  }

  @Test
  void lineLength_atTheLimitAndBeyond_findsBeyond() {
    String line = "x".repeat(TextRules.COLUMNS_MAX);

    List<Finding> findings =
        TextRules.java(PATH, List.of(line, line + "x", "import " + line + ";"));

    assertThat(findings).extracting(Finding::place).containsExactly(PATH + ":2");
  }

  @Test
  void methodLength_atTheLimitAndBeyond_findsBeyond() {
    assertThat(rules(method(TreeRules.METHOD_LINES_MAX))).isEmpty();
    assertThat(rules(method(TreeRules.METHOD_LINES_MAX + 1)))
        .containsExactly(TidyRule.METHOD_LENGTH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KeyUtil",
        "KeyUtils",
        "KeyHelper",
        "LockManager",
        "StoreImpl",
        "AbstractStore",
        "BaseStore",
        "StoreBase",
        "Common",
        "CommonKeys"
      })
  void typeName_thatSaysNothing_isFound(String name) {
    assertThat(rules("final class " + name + " {}")).containsExactly(TidyRule.TYPE_NAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Utility", "Database", "Baseline", "Implied", "Commons", "Abstraction"})
  void typeName_thatOnlyLooksLikeIt_isLeftAlone(String name) {
    assertThat(rules("final class " + name + " {}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "int getSize() { return 1; },            true",
    "int getLong(int at) { return 1; },      false",
    "int get() { return 1; },                false",
    "@Override int getSize() { return 1; },  false",
  })
  void bareNoun_getterOfItsOwn_isFound(String member, boolean found) {
    assertThat(rules("class Planted { " + member + " }"))
        .isEqualTo(found ? List.of(TidyRule.BARE_NOUN) : List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "long t = System.nanoTime();",
        "long t = java.lang.System.currentTimeMillis();",
        "Object t = Instant.now();",
        "java.util.function.LongSupplier t = System::nanoTime;",
        "{ Thread.sleep(1); }",
      })
  void clock_askedOrSlept_isFound(String member) {
    assertThat(rules("class Planted { " + member + " }")).containsExactly(TidyRule.CLOCK);
  }

  @Test
  void clock_namedInTextOnly_isLeftAlone() {
    assertThat(rules("class Planted { /** System.nanoTime() */ String a = \"Instant.now\"; }"))
        .isEmpty();
  }

  @Test
  void disabled_test_isFound() {
    assertThat(rules("class Planted { @Disabled void a() {} }")).containsExactly(TidyRule.DISABLED);
  }

  @Test
  void documented_publicTypeWithoutDoc_isFound() {
    assertThat(rules("public class Planted {}")).containsExactly(TidyRule.DOCUMENTED);
    assertThat(rules("/** A plant. */ public class Planted {}")).isEmpty();
    assertThat(rules("class Planted {}")).isEmpty();
  }

  @Test
  void unfinished_note_isFound() {
    String note = "// TO" + "DO later";

    assertThat(TextRules.any(PATH, List.of(note, "// mastodon")))
        .extracting(Finding::place)
        .containsExactly(PATH + ":1");
  }

  @ParameterizedTest
  @CsvSource({
    "'open(\"/ho' , 'me/me/a\")',  true",
    "'cd /wo'     , 'rk/x'      ,  true",
    "'/Us'        , 'ers/me'    ,  true",
    "'GET /v1/ho' , 'me/x'      ,  false",
    "'~/wo'       , 'rk/x'      ,  false",
  })
  void machinePath_ofSomebody_isFound(String head, String tail, boolean found) {
    assertThat(TextRules.any(PATH, List.of(head + tail)))
        .extracting(Finding::rule)
        .isEqualTo(found ? List.of(TidyRule.MACHINE_PATH) : List.of());
  }

  @Test
  void exemptions_covering_hideTheFindingOfThatFileAndRuleOnly() {
    Finding covered = new Finding(TidyRule.CLOCK, "a/B.java:3", "x");
    Finding otherRule = new Finding(TidyRule.DISABLED, "a/B.java:3", "x");
    Finding otherFile = new Finding(TidyRule.CLOCK, "a/C.java:3", "x");
    Exemptions exemptions = Exemptions.parse("# why\nCLOCK a/B.java it is the clock\n");

    assertThat(exemptions.uncovered(List.of(covered, otherRule, otherFile)))
        .containsExactly(otherRule, otherFile);
    assertThat(exemptions.stale(List.of(covered))).isEmpty();
    assertThat(exemptions.stale(List.of(otherFile))).hasSize(1);
  }

  private static String method(int lines) {
    return "class Planted {\nvoid a() {" + "\n".repeat(lines - 1) + "}\n}\n";
  }

  private static List<TidyRule> rules(String text) {
    return TreeRules.check(Sources.planted(PATH, text)).stream().map(Finding::rule).toList();
  }
}
