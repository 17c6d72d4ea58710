package dev.mayfly.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Keys as the server streams them; as many may come as the server holds, and none is kept here.
 *
 * <p>Confined to one thread at a time. Holds a connection until it is closed.
 */
public final class KeyListing implements AutoCloseable {
  private final HttpReply reply;
  private final HttpTransport transport;
  private final JsonParser parser;
  private boolean withinKeys;
  private boolean ended;
  private long omitted;

  KeyListing(HttpReply reply, HttpTransport transport) {
    this.reply = reply;
    this.transport = transport;
    this.parser = Json.parser(reply.body());
  }

  /**
   * The next key, or null at the end.
   *
   * @throws MayflyConnectionException if the listing breaks off before its end
   */
  public @Nullable String next() {
    try {
      if (!withinKeys && !ended) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new MalformedReplyException("the reply is not an object of JSON");
        }
        fields();
      }
      return ended ? null : key();
    } catch (JacksonException e) {
      throw transport.failure(Json.malformed(e));
    } catch (IOException e) {
      throw transport.failure(e);
    }
  }

  /** How many keys were left out because they are not text; complete only after the last one. */
  public long omitted() {
    return omitted;
  }

  private @Nullable String key() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    if (token != JsonToken.END_ARRAY) {
      throw new MalformedReplyException("a key of the listing is not a text");
    }
    withinKeys = false;
    fields();
    return withinKeys ? key() : null;
  }

  /** Reads fields up to the keys, or to the end. */
  private void fields() throws IOException {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (name.equals("keys") && token == JsonToken.START_ARRAY) {
        withinKeys = true;
        return;
      }
      if (name.equals("omitted") && token == JsonToken.VALUE_NUMBER_INT) {
        omitted = parser.getLongValue();
      } else {
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new MalformedReplyException("the reply goes on behind its end");
    }
    ended = true;
  }

  @Override
  public void close() {
    reply.close();
  }
}
