package dev.mayfly.http;

import dev.mayfly.store.Entry;
import dev.mayfly.store.PastValue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * Values as answers, bytes as they are. Whatever they are, a browser that is led here neither
 * guesses their type nor runs them. Stateless.
 */
final class ValueReply {
  private static final CharSequence VERSION = HttpHeaders.createOptimized("Mayfly-Version");
  private static final CharSequence EXPIRES_IN = HttpHeaders.createOptimized("Mayfly-Expires-In");
  private static final CharSequence SECURITY_POLICY =
      HttpHeaders.createOptimized("Content-Security-Policy");
  private static final CharSequence SANDBOX = HttpHeaders.createOptimized("sandbox");
  private static final CharSequence TYPE_OPTIONS =
      HttpHeaders.createOptimized("X-Content-Type-Options");
  private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");

  private final Door door;

  ValueReply(Door door) {
    this.door = door;
  }

  /** The current value. */
  void entry(Exchange exchange, Entry entry) {
    putEntryFields(exchange, entry);
    if (isKnown(exchange, entry.revision())) {
      exchange.reply(304);
      return;
    }
    send(exchange, entry.contentType(), entry.value());
  }

  /** A value that exists here only any more, so that nobody can have it already. */
  void lastCopy(Exchange exchange, Entry entry) {
    putEntryFields(exchange, entry);
    send(exchange, entry.contentType(), entry.value());
  }

  /** One version of the value. */
  void version(Exchange exchange, PastValue past) {
    putFields(exchange, past.revision(), past.version(), past.timeMillis());
    if (isKnown(exchange, past.revision())) {
      exchange.reply(304);
      return;
    }
    send(exchange, past.contentType(), past.value());
  }

  private void putEntryFields(Exchange exchange, Entry entry) {
    long changed = entry.updatedMillis() == 0 ? entry.createdMillis() : entry.updatedMillis();
    putFields(exchange, entry.revision(), entry.version(), changed);
    long remaining = entry.remainingMillis(door.time().millis());
    if (remaining >= 0) {
      exchange.response().putHeader(EXPIRES_IN, Long.toString(remaining));
    }
  }

  private static void putFields(
      Exchange exchange, long revision, long version, long changedMillis) {
    HttpServerResponse response = exchange.response();
    V1.putEtag(exchange, revision);
    response.putHeader(VERSION, Long.toString(version));
    response.putHeader(HttpHeaders.LAST_MODIFIED, Times.httpDate(changedMillis));
    response.putHeader(SECURITY_POLICY, SANDBOX);
    response.putHeader(TYPE_OPTIONS, NO_SNIFF);
  }

  private static boolean isKnown(Exchange exchange, long revision) {
    String noneMatch = exchange.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    return EntityTags.isKnown(noneMatch, revision);
  }

  private static void send(Exchange exchange, @Nullable String contentType, byte[] value) {
    String type = MediaTypes.field(contentType, value);
    exchange.reply(200, type.isEmpty() ? null : type, Buffer.buffer(value));
  }
}
