package dev.mayfly.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static StressReport report() {
    Rehearsal rehearsal = new Rehearsal(500, 200);
    rehearsal.server().breakNext(3);
    return rehearsal.run(Rehearsal.plan(Rehearsal.pace(null, Duration.ofSeconds(2), 500.0), 1));
  }

  private static List<Objective.Verdict> verdicts(StressReport report) {
    return Objective.parse("p99<5ms,errors<1%").check(report);
  }

  @Test
  void text_beginsAsTheOriginals_withATrueMean() {
    StressReport report = report();

    String text = report.text(verdicts(report));

    assertThat(text)
        .startsWith("Report:\n - Total requests: 1000\n - Total time: 2.00 sec\n - Avg request")
        .contains(" - Errors: 3\n", " - Success: 997\n", " - Rate: 499 a second\n")
        .contains(" - Failed 1 times: broken 1\n")
        .contains(" - MISSED: p99<5ms: ", " - Met: errors<1%: 0.300%\n")
        .containsPattern("Avg request response: [0-9]+\\.[0-9]{2} ms")
        .containsPattern("all +997 .* ms");
    double mean = Double.parseDouble(text.replaceAll("(?s).*response: ([0-9.]+) ms.*", "$1"));
    assertThat(mean).isCloseTo(report.all().meanNanos() / 1e6, within());
  }

  private static Offset<Double> within() {
    return Offset.offset(0.01);
  }

  @Test
  void json_hasEverything() {
    StressReport report = report();

    JsonObject json = report.json(verdicts(report));

    assertThat(json.number("operations", 0)).isEqualTo(1000);
    assertThat(json.number("answered", 0)).isEqualTo(997);
    assertThat(json.number("errors", 0)).isEqualTo(3);
    Object latency = Objects.requireNonNull(json.fields().get("latency_ms"));
    assertThat(((JsonObject) latency).fields())
        .containsOnlyKeys(
            "count", "mean", "min", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99", "max");
    assertThat(((List<?>) json.fields().get("objectives"))).hasSize(2);
    assertThat(json.toString()).doesNotContain("secret");
  }

  @Test
  void html_needsNothingElse_andEscapesWhatItWasTold() {
    Rehearsal rehearsal = new Rehearsal(1_000_000, 0);
    rehearsal.tally().failed(true, "<script>alert(1)</script>");
    StressReport report = rehearsal.run(Rehearsal.plan(Rehearsal.pace(100L, null, null), 1));

    String html = report.html(verdicts(report));

    assertThat(html)
        .startsWith("<!doctype html>")
        .contains("<svg ", "</svg>", "&lt;script&gt;alert(1)", "\\u003cscript>alert(1)")
        .doesNotContain("<script>", "{{", "http://", "https://", "src=", "@import", "NaN")
        .containsPattern("<path class=\"a\" d=\"M[0-9]");
    assertThat(html.split("<svg ", -1)).hasSize(4);
  }

  @Test
  void html_ofARunWithoutAnswers_isWhole() {
    Rehearsal rehearsal = new Rehearsal(1_000_000, 0);
    rehearsal.server().breakNext(10);

    String html = rehearsal.run(Rehearsal.plan(Rehearsal.pace(10L, null, null), 1)).html(List.of());

    assertThat(html).contains("</html>").doesNotContain("NaN", "Infinity", "{{");
  }

  @Test
  void plot_ticks_areRound() {
    assertThat(Plot.marksTo(9.3, String::valueOf))
        .extracting(Plot.Mark::label)
        .containsExactly("0.0", "2.0", "4.0", "6.0", "8.0", "10.0");
    assertThat(Plot.marksTo(0, String::valueOf)).hasSizeGreaterThan(1);
  }

  @Test
  void plot_timesOfNothing_areGaps() {
    List<Plot.Mark> marks = List.of(new Plot.Mark(0, "0"), new Plot.Mark(4, "4"));
    Plot plot = new Plot("times", true, String::valueOf, marks);
    plot.add("all", "a", new double[] {0, 1, 2, 3, 4}, new double[] {10, 10, 0, 100, 100});

    String line = plot.svg().replaceAll("(?s).*<path class=\"a\" d=\"([^\"]*)\".*", "$1");

    assertThat(line.replaceAll("[0-9. -]", "")).isEqualTo("MhLMhL");
  }

  @Test
  void figures_haveFittingUnits() {
    assertThat(Figures.time(84_300)).isEqualTo("84.3 µs");
    assertThat(Figures.time(1_590_000)).isEqualTo("1.59 ms");
    assertThat(Figures.time(12_345_678_901.0)).isEqualTo("12.3 s");
    assertThat(Figures.share(0, 0)).isEqualTo("0.00%");
  }
}
