package dev.mayfly.http;

import dev.mayfly.store.Condition;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Conditional requests (RFC 9110, section 13): an entity tag is the modification revision in
 * quotes. Stateless.
 */
final class EntityTags {
  /** No entry has this revision, so a condition on it never holds. */
  private static final long NO_REVISION = 0;

  private EntityTags() {}

  /**
   * When a write is to happen.
   *
   * @throws MayflyException ARGUMENT_INVALID for what cannot be one condition
   */
  static Condition condition(HttpServerRequest request) {
    String match = request.getHeader(HttpHeaders.IF_MATCH);
    String noneMatch = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (match == null && noneMatch == null) {
      return Condition.ALWAYS;
    }
    if (match != null && noneMatch != null) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "If-Match and If-None-Match: expected one of them");
    }
    if (noneMatch != null) {
      if (!noneMatch.strip().equals("*")) {
        throw new MayflyException(
            ErrorCode.ARGUMENT_INVALID, "If-None-Match of a write: expected *");
      }
      return Condition.IF_ABSENT;
    }
    return match(match == null ? "" : match.strip());
  }

  private static Condition match(String tag) {
    if (tag.equals("*")) {
      return Condition.IF_PRESENT;
    }
    if (tag.indexOf(',') >= 0) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "If-Match: expected one entity tag");
    }
    return Condition.ifRevision(revision(tag));
  }

  /** Whether the client has this revision already; compares weakly, as a read does. */
  static boolean isKnown(@Nullable String noneMatch, long revision) {
    if (noneMatch == null) {
      return false;
    }
    for (String part : noneMatch.split(",", -1)) {
      String tag = part.strip();
      String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
      if (tag.equals("*") || revision(strong) == revision) {
        return true;
      }
    }
    return false;
  }

  /** The revision in a strong tag; one that no entry has where it is anything else. */
  private static long revision(String tag) {
    int length = tag.length();
    boolean quoted = length > 2 && tag.charAt(0) == '"' && tag.charAt(length - 1) == '"';
    if (!quoted) {
      return NO_REVISION;
    }
    try {
      return Long.parseLong(tag, 1, length - 1, 10);
    } catch (NumberFormatException e) {
      return NO_REVISION;
    }
  }
}
