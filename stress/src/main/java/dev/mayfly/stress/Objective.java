package dev.mayfly.stress;

import dev.mayfly.store.DurationCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to come to, such as {@code p99<5ms,errors<0.1%,rate>=10000}. Immutable.
 *
 * <p>Terms with commas between: {@code pN}, {@code mean}, {@code min} or {@code max} and a
 * duration, for reads or writes alone with {@code reads.} or {@code writes.} before; {@code errors}
 * or {@code missing} and a count or a share; {@code rate} and a number a second. All must hold. A
 * term about times does not hold where nothing was answered.
 */
public final class Objective {
  private static final Pattern TERM =
      Pattern.compile(
          "(?:(reads|writes)\\.)?(p\\d{1,3}(?:\\.\\d{1,6})?|mean|min|max|errors|missing|rate)"
              + "(<=|>=|<|>)([0-9].{0,40})");

  /**
   * Whether a term was met. Immutable.
   *
   * @param term as it was written
   * @param measured what came out
   */
  public record Verdict(String term, String measured, boolean isMet) {}

  private final List<Term> terms;

  private Objective(List<Term> terms) {
    this.terms = List.copyOf(terms);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a message for the user, if a term is none
   */
  public static Objective parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      terms.add(term(part.replace(" ", "")));
    }
    return new Objective(terms);
  }

  private static Term term(String text) {
    Matcher matcher = TERM.matcher(text);
    if (!matcher.matches()) {
      throw invalid(text, null);
    }
    @Nullable String scope = matcher.group(1);
    String metric = matcher.group(2);
    String bound = matcher.group(4);
    boolean isCount = metric.equals("errors") || metric.equals("missing");
    boolean isRate = metric.equals("rate");
    boolean isShare = isCount && bound.endsWith("%");
    if (scope != null && (isCount || isRate)) {
      throw invalid(text, null);
    }
    try {
      double limit =
          isShare
              ? Double.parseDouble(bound.substring(0, bound.length() - 1))
              : isCount || isRate
                  ? Double.parseDouble(bound)
                  : DurationCodec.decode(bound).toNanos();
      if (metric.startsWith("p") && Double.parseDouble(metric.substring(1)) > 100) {
        throw invalid(text, null);
      }
      return new Term(text, scope, metric, matcher.group(3), limit, isShare);
    } catch (IllegalArgumentException e) {
      throw invalid(text, e);
    }
  }

  private static IllegalArgumentException invalid(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "invalid objective '"
            + text
            + "': expected terms like p99<5ms, reads.p99.9<=20ms, mean<1ms, max<1s, errors<0.1%,"
            + " missing<=0 or rate>=10000, with commas between",
        cause);
  }

  /** Whether each term was met. */
  public List<Verdict> check(StressReport report) {
    return terms.stream().map(term -> term.check(report)).toList();
  }

  private record Term(
      String text,
      @Nullable String scope,
      String metric,
      String comparison,
      double limit,
      boolean isShare) {
    Verdict check(StressReport report) {
      return switch (metric) {
        case "errors" -> counted(report.failures(), report.operations());
        case "missing" -> counted(report.missing(), report.operations());
        case "rate" -> new Verdict(text, Figures.rate(report.rate()) + "/s", holds(report.rate()));
        default -> timed(latencies(report));
      };
    }

    private Latencies latencies(StressReport report) {
      return scope == null
          ? report.all()
          : scope.equals("reads") ? report.reads() : report.writes();
    }

    private Verdict counted(long count, long whole) {
      if (!isShare) {
        return new Verdict(text, Figures.count(count), holds((double) count));
      }
      double percent = whole == 0 ? 0 : 100.0 * count / whole;
      return new Verdict(text, Figures.share(count, whole), holds(percent));
    }

    private Verdict timed(Latencies latencies) {
      if (latencies.count() == 0) {
        return new Verdict(text, "nothing was answered", false);
      }
      double nanos =
          switch (metric) {
            case "mean" -> latencies.meanNanos();
            case "min" -> latencies.minNanos();
            case "max" -> latencies.maxNanos();
            default -> latencies.percentileNanos(Double.parseDouble(metric.substring(1)));
          };
      return new Verdict(text, Figures.time(nanos), holds(nanos));
    }

    private boolean holds(double value) {
      return switch (comparison) {
        case "<" -> value < limit;
        case "<=" -> value <= limit;
        case ">" -> value > limit;
        default -> value >= limit;
      };
    }
  }
}
