package dev.mayfly.grpc;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule: what holds for descriptors that end here, and the rules for those that go on.
 * Immutable.
 *
 * @param limit its limit; null: none, so that descriptors that end here are not limited
 * @param shadow whether descriptors over the limit go on all the same
 * @param replaces the names of limits that do not hold for a request where this one does
 * @param headers header fields for the answer to a request that this rule refuses
 * @param below the rules for the next entry
 */
public record RateLimitRule(
    @Nullable RateLimit limit,
    boolean shadow,
    Set<String> replaces,
    Map<String, String> headers,
    Branch below) {
  /** Copies what it is given. */
  public RateLimitRule {
    replaces = Set.copyOf(replaces);
    headers = Map.copyOf(headers);
  }

  /** A key and its value. */
  public record Entry(String key, String value) {}

  /** A rule for the values of a key that begin so. */
  public record Prefixed(Entry entry, RateLimitRule rule) {}

  /**
   * The rules for one entry of a descriptor: the exact value goes before the beginning of one, and
   * that before any value.
   */
  public record Branch(
      Map<Entry, RateLimitRule> exact,
      List<Prefixed> prefixes,
      Map<String, RateLimitRule> anyValue) {
    /** No rules. */
    public static final Branch NONE = new Branch(Map.of(), List.of(), Map.of());

    /** Copies what it is given. */
    public Branch {
      exact = Map.copyOf(exact);
      prefixes = List.copyOf(prefixes);
      anyValue = Map.copyOf(anyValue);
    }

    /** The rule for an entry; null if there is none. */
    @Nullable RateLimitRule find(Entry entry) {
      RateLimitRule rule = exact.get(entry);
      if (rule != null) {
        return rule;
      }
      for (Prefixed prefixed : prefixes) {
        if (prefixed.entry().key().equals(entry.key())
            && entry.value().startsWith(prefixed.entry().value())) {
          return prefixed.rule();
        }
      }
      return anyValue.get(entry.key());
    }
  }
}
