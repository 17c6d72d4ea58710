package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.MayflyException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a POST to the JSON cache says, before it is checked.
 *
 * @param keyGiven whether there is a key at all
 * @param key as text, a number as its decimal digits; null where it is null
 * @param dataGiven whether there is data at all
 * @param data the JSON object; null where it is something else
 * @param ttl seconds, as they were written; null without
 */
record CachePost(
    boolean keyGiven,
    @Nullable String key,
    boolean dataGiven,
    byte @Nullable [] data,
    @Nullable String ttl) {
  private static final int NUMBER_CHARS_MAX = 40;
  private static final int EXPONENT_MAX = 40;
  private static final int MILLI_PLACES = 3;
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  /**
   * Reads a JSON document.
   *
   * @throws MayflyException ARGUMENT_INVALID when it is none, or no object
   */
  static CachePost ofJson(byte[] document) {
    try (JsonParser in = Json.parser(document)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw invalid("body must be a JSON object");
      }
      CachePost post = new CachePost(false, null, false, null, null);
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        JsonToken token = in.nextToken();
        post = post.with(in, name, token);
        in.skipChildren();
      }
      if (in.nextToken() != null) {
        throw invalid("body must be one JSON object");
      }
      return post;
    } catch (JacksonException e) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "body is not valid JSON", e);
    }
  }

  private CachePost with(JsonParser in, String name, JsonToken token) {
    return switch (name) {
      case "key" -> new CachePost(true, key(in, token), dataGiven, data, ttl);
      case "data" ->
          new CachePost(
              keyGiven, key, true, token == JsonToken.START_OBJECT ? JsonCopy.of(in) : null, ttl);
      case "ttl" -> new CachePost(keyGiven, key, dataGiven, data, ttl(in, token));
      default -> this;
    };
  }

  private static @Nullable String key(JsonParser in, JsonToken token) {
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> in.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> decimal(in.getString());
      default -> throw invalid("key must be a string or a number");
    };
  }

  private static @Nullable String ttl(JsonParser in, JsonToken token) {
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getString();
      default -> throw invalid("ttl must be a number of seconds");
    };
  }

  /** A number's digits without exponent, needless zeros or a sign of zero. */
  private static String decimal(String number) {
    BigDecimal value =
        number(number, "key must be a number of at most " + NUMBER_CHARS_MAX + " digits");
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** A number that does not take much more memory than its text. */
  private static BigDecimal number(String text, String expected) {
    if (text.length() > NUMBER_CHARS_MAX) {
      throw invalid(expected);
    }
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, expected, e);
    }
    if (Math.abs((long) value.scale()) > EXPONENT_MAX) {
      throw invalid(expected);
    }
    return value;
  }

  /** The lifespan that the ttl asks for; its range is the store's to check. */
  Lifespan lifespan() {
    String seconds = ttl;
    if (seconds == null) {
      return Lifespan.UNSTATED;
    }
    BigDecimal value = number(seconds, "ttl must be a number of seconds");
    BigDecimal millis = value.movePointRight(MILLI_PLACES).setScale(0, RoundingMode.DOWN);
    return Lifespan.ofMillis(millis.min(LONG_MAX).max(BigDecimal.ZERO).longValue());
  }

  private static MayflyException invalid(String message) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, message);
  }
}
