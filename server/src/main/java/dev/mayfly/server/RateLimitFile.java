package dev.mayfly.server;

import dev.mayfly.grpc.RateLimit;
import dev.mayfly.grpc.RateLimitRule;
import dev.mayfly.grpc.RateLimitRule.Branch;
import dev.mayfly.grpc.RateLimitRule.Entry;
import dev.mayfly.grpc.RateLimitRule.Prefixed;
import dev.mayfly.grpc.RateLimitRules;
import dev.mayfly.grpc.RateLimitRules.Domain;
import dev.mayfly.grpc.RateLimitRules.Headers;
import dev.mayfly.store.Limit;
import dev.mayfly.store.MayflyException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads rules of Envoy's rate limit service, in the form that its reference implementation takes: a
 * YAML document for each domain. Stateless.
 */
final class RateLimitFile {
  private static final int DEPTH_MAX = 50;

  private RateLimitFile() {}

  /**
   * The rules that a text says.
   *
   * @throws IllegalArgumentException telling the place and what was expected
   */
  static RateLimitRules parse(String text) {
    Map<String, Domain> domains = new HashMap<>();
    try {
      LoadSettings form = LoadSettings.builder().setAllowDuplicateKeys(false).build();
      for (Object document : new Load(form).loadAllFromString(text)) {
        if (document != null) {
          add(domains, YamlPlace.root(document));
        }
      }
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("no YAML: " + e.getMessage(), e);
    }
    if (domains.isEmpty()) {
      throw new IllegalArgumentException("no rules: expected a document with a domain");
    }
    return new RateLimitRules(domains, false);
  }

  private static void add(Map<String, Domain> domains, YamlPlace document) {
    document.requireOnly("domain", "shadow_mode", "headers", "descriptors");
    String name = document.requireText("domain");
    YamlPlace headers = document.member("headers");
    Domain domain =
        new Domain(
            document.flag("shadow_mode"),
            headers == null ? Headers.NONE : headers(headers),
            branch(document, 0));
    if (domains.put(name, domain) != null) {
      throw document.problem("domain '" + name + "' is there twice");
    }
  }

  private static Headers headers(YamlPlace names) {
    names.requireOnly("limit", "remaining", "reset", "retry_after");
    return new Headers(
        names.text("limit"),
        names.text("remaining"),
        names.text("reset"),
        names.text("retry_after"));
  }

  private static Branch branch(YamlPlace above, int depth) {
    if (depth > DEPTH_MAX) {
      throw above.problem("more than " + DEPTH_MAX + " levels");
    }
    Map<Entry, RateLimitRule> exact = new HashMap<>();
    List<Prefixed> prefixes = new ArrayList<>();
    Map<String, RateLimitRule> anyValue = new HashMap<>();
    for (YamlPlace descriptor : above.list("descriptors")) {
      descriptor.requireOnly(
          "key",
          "value",
          "rate_limit",
          "shadow_mode",
          "detailed_metric",
          "response_headers",
          "descriptors");
      String key = descriptor.requireText("key");
      String value = descriptor.text("value");
      RateLimitRule rule = rule(descriptor, depth);
      boolean repeated = false;
      if (value == null || value.isEmpty()) {
        repeated = anyValue.put(key, rule) != null;
      } else if (value.endsWith("*")) {
        String beginning = value.substring(0, value.length() - 1);
        prefixes.add(new Prefixed(new Entry(key, beginning), rule));
      } else {
        repeated = exact.put(new Entry(key, value), rule) != null;
      }
      if (repeated) {
        throw descriptor.problem("key and value are there twice");
      }
    }
    return new Branch(exact, prefixes, anyValue);
  }

  private static RateLimitRule rule(YamlPlace descriptor, int depth) {
    YamlPlace limit = descriptor.member("rate_limit");
    Set<String> replaces = new HashSet<>();
    if (limit != null) {
      for (YamlPlace replaced : limit.list("replaces")) {
        replaces.add(replaced.requireText("name"));
      }
    }
    Map<String, String> headers = new HashMap<>();
    YamlPlace added = descriptor.member("response_headers");
    if (added != null) {
      added.names().forEach(name -> headers.put(name, added.requireText(name)));
    }
    return new RateLimitRule(
        limit == null ? null : limit(limit),
        descriptor.flag("shadow_mode"),
        replaces,
        headers,
        branch(descriptor, depth + 1));
  }

  private static @Nullable RateLimit limit(YamlPlace place) {
    place.requireOnly(
        "name", "replaces", "unlimited", "unit", "requests_per_unit", "algorithm", "burst");
    if (place.flag("unlimited")) {
      return null;
    }
    String unitText = place.requireText("unit");
    RateLimit.Unit unit = RateLimit.Unit.of(unitText);
    if (unit == null) {
      throw place.problem("unit '" + unitText + "': expected second, minute, hour, … or year");
    }
    long requests = place.requireNumber("requests_per_unit");
    Limit.Kind kind = kind(place);
    Long burst = place.number("burst");
    long most = burst != null ? burst : kind == Limit.Kind.TOKEN_BUCKET ? requests : 0;
    String name = place.text("name");
    if (requests < 0) {
      throw place.problem("requests_per_unit " + requests + ": expected 0 or more");
    }
    try {
      return new RateLimit(name == null ? "" : name, requests, unit, kind, most);
    } catch (MayflyException e) {
      throw place.problem(String.valueOf(e.getMessage()));
    }
  }

  private static Limit.Kind kind(YamlPlace place) {
    String text = place.text("algorithm");
    return switch (text == null ? "sliding_window" : text.toLowerCase(Locale.ROOT)) {
      case "sliding_window" -> Limit.Kind.SLIDING_WINDOW;
      case "gcra" -> Limit.Kind.GCRA;
      case "token_bucket" -> Limit.Kind.TOKEN_BUCKET;
      default ->
          throw place.problem(
              "algorithm '" + text + "': expected sliding_window, gcra or token_bucket");
    };
  }
}
