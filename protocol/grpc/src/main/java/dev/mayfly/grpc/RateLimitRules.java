package dev.mayfly.grpc;

import dev.mayfly.grpc.RateLimitRule.Branch;
import dev.mayfly.grpc.RateLimitRule.Entry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of Envoy's rate limit service: which limit holds for which descriptor. Immutable.
 *
 * @param domains the rules of each domain
 * @param shadow whether all of them are only tried out
 */
public record RateLimitRules(Map<String, Domain> domains, boolean shadow) {
  /** No rules: nothing is limited but what a request limits itself. */
  public static final RateLimitRules NONE = new RateLimitRules(Map.of(), false);

  /** Copies what it is given. */
  public RateLimitRules {
    domains = Map.copyOf(domains);
  }

  /**
   * The rules of a domain.
   *
   * @param shadow whether all of them are only tried out
   * @param headers which figures are told in header fields
   */
  public record Domain(boolean shadow, Headers headers, Branch rules) {
    /** The rule in which a descriptor ends; null if there is none. */
    @Nullable RateLimitRule find(List<Entry> descriptor) {
      Branch branch = rules;
      RateLimitRule rule = null;
      for (Entry entry : descriptor) {
        rule = branch.find(entry);
        if (rule == null) {
          return null;
        }
        branch = rule.below();
      }
      return rule;
    }
  }

  /**
   * The names of header fields that tell the figures of the limit that is nearest to its end, for
   * the answer to the request; null: not told.
   *
   * @param retryAfter told of a request that is refused, in seconds
   */
  public record Headers(
      @Nullable String limit,
      @Nullable String remaining,
      @Nullable String reset,
      @Nullable String retryAfter) {
    /** Nothing is told. */
    public static final Headers NONE = new Headers(null, null, null, null);
  }

  /** The same, all of them only tried out if so. */
  public RateLimitRules withShadow(boolean tried) {
    return new RateLimitRules(domains, shadow || tried);
  }
}
