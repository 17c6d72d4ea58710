package dev.mayfly.http;

import dev.mayfly.store.Rules;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the http door is built with. Immutable.
 *
 * @param version the server's version, as clients are told it
 * @param eventLoops how many event loops share the door, at least 1
 * @param bodyBytesMax the longest request body, at least 1
 * @param headerBytesMax the longest request line, and the longest head after it, at least 1024
 * @param idleTimeout after how long without a byte either way a connection is closed; positive
 * @param connectionsMax how many connections may be open; one more is closed at once
 * @param batchMax how many operations a batch may have, at least 1
 * @param input what clients may send before they are answered
 * @param output what clients may leave of answers
 * @param getStoreKeyCharsMax the longest key on the GET-only store's routes, in UTF-16 units
 * @param getStoreValueCharsMax the longest value there, in UTF-16 units
 * @param rules what writes through {@code /v1} mean
 * @param getStoreRules what writes through the GET-only store mean
 * @param jsonCacheRules what writes through the JSON cache mean
 * @param privilegedClientId who may do an operator's work; empty: nobody. Secret
 * @param tls certificate and key; null: plaintext
 */
public record HttpConfig(
    String version,
    int eventLoops,
    int bodyBytesMax,
    int headerBytesMax,
    Duration idleTimeout,
    int connectionsMax,
    int batchMax,
    Input input,
    Output output,
    int getStoreKeyCharsMax,
    int getStoreValueCharsMax,
    Rules rules,
    Rules getStoreRules,
    Rules jsonCacheRules,
    String privilegedClientId,
    @Nullable Tls tls) {
  /** Files in PEM form: a certificate chain and its private key, PKCS #8. */
  public record Tls(Path certificate, Path key) {}

  /**
   * What clients may send before they are answered, all connections together.
   *
   * @param pipelinedMax how many requests may wait for answers to earlier ones of their
   *     connections, at least 1; the connection that adds one more is closed
   * @param headBytesMax how much memory heads may take that are not small, until they are answered;
   *     what finds no room is refused with 503, and its connection closed; at least 1
   * @param bodyBytesMax how much memory bodies may take; what finds no room is refused with
   *     OVERLOADED; at least the longest body
   * @param timeout how long a head may take to come, and a body after it, at least a millisecond
   */
  public record Input(int pipelinedMax, long headBytesMax, long bodyBytesMax, Duration timeout) {
    /** Checks the ranges. */
    public Input {
      requireAtLeast("pipelined max", pipelinedMax, 1);
      requireAtLeast("head bytes max in all", headBytesMax, 1);
      requireAtLeast("body bytes max in all", bodyBytesMax, 1);
      requireAtLeast("request timeout milliseconds", timeout.toMillis(), 1);
    }
  }

  /**
   * What clients may leave of answers.
   *
   * @param bytesMax from how many bytes on, of all connections together, what may be large waits
   *     for its turn; at least 1
   * @param timeout how long a client may take nothing while others wait; at least a millisecond
   */
  public record Output(long bytesMax, Duration timeout) {
    /** Checks the ranges. */
    public Output {
      requireAtLeast("output bytes max", bytesMax, 1);
      requireAtLeast("output timeout milliseconds", timeout.toMillis(), 1);
    }
  }

  private static final int HEADER_BYTES_LEAST = 1024;

  /** Checks the ranges. */
  public HttpConfig {
    requireAtLeast("event loops", eventLoops, 1);
    requireAtLeast("body bytes max", bodyBytesMax, 1);
    requireAtLeast("header bytes max", headerBytesMax, HEADER_BYTES_LEAST);
    requireAtLeast("connections max", connectionsMax, 1);
    requireAtLeast("batch max", batchMax, 1);
    requireAtLeast("body bytes max in all", input.bodyBytesMax(), bodyBytesMax);
    requireAtLeast("key characters max", getStoreKeyCharsMax, 1);
    requireAtLeast("value characters max", getStoreValueCharsMax, 0);
    if (!idleTimeout.isPositive()) {
      throw new IllegalArgumentException("idle timeout " + idleTimeout + ": expected above 0");
    }
  }

  /** The same, in plaintext. */
  public HttpConfig withoutTls() {
    return new HttpConfig(
        version,
        eventLoops,
        bodyBytesMax,
        headerBytesMax,
        idleTimeout,
        connectionsMax,
        batchMax,
        input,
        output,
        getStoreKeyCharsMax,
        getStoreValueCharsMax,
        rules,
        getStoreRules,
        jsonCacheRules,
        privilegedClientId,
        null);
  }

  @Override
  public String toString() {
    return "HttpConfig[version=" + version + "]";
  }

  private static void requireAtLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s %d: expected at least %d".formatted(what, value, least));
    }
  }
}
