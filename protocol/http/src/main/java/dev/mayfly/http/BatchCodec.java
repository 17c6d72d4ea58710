package dev.mayfly.http;

import dev.mayfly.store.Condition;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the JSON of a batch. A document that is not of the form is refused as a whole, before
 * anything is done. Confined to one thread; for one document.
 */
final class BatchCodec {
  private final JsonParser in;
  private final int operationsMax;
  private final Rules rules;
  private final List<BatchOperation> operations = new ArrayList<>();

  private BatchCodec(JsonParser in, int operationsMax, Rules rules) {
    this.in = in;
    this.operationsMax = operationsMax;
    this.rules = rules;
  }

  /**
   * The operations of a document.
   *
   * @throws MayflyException ARGUMENT_INVALID when it is not of the form, or has too many
   */
  static List<BatchOperation> decode(byte[] document, int operationsMax, Rules rules) {
    try (JsonParser in = Json.parser(document)) {
      BatchCodec codec = new BatchCodec(in, operationsMax, rules);
      codec.readDocument();
      return codec.operations;
    } catch (JacksonException e) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "batch: " + e.getOriginalMessage(), e);
    }
  }

  private void readDocument() {
    require(in.nextToken(), JsonToken.START_OBJECT, "an object");
    require(in.nextToken(), JsonToken.PROPERTY_NAME, "operations");
    requireName("operations");
    require(in.nextToken(), JsonToken.START_ARRAY, "an array of operations");
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      require(token, JsonToken.START_OBJECT, "an operation");
      if (operations.size() == operationsMax) {
        throw invalid("expected at most %d operations".formatted(operationsMax));
      }
      readOperation();
    }
    require(in.nextToken(), JsonToken.END_OBJECT, "operations alone");
    if (in.nextToken() != null) {
      throw invalid("expected nothing behind the document");
    }
  }

  private void readOperation() {
    require(in.nextToken(), JsonToken.PROPERTY_NAME, "set, get or delete");
    String kind = in.currentName();
    require(in.nextToken(), JsonToken.START_OBJECT, "an object");
    Fields fields = new Fields();
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = in.currentName();
      in.nextToken();
      fields.read(in, name);
    }
    require(in.nextToken(), JsonToken.END_OBJECT, "one operation");
    operations.add(operation(kind, fields));
  }

  private BatchOperation operation(String kind, Fields fields) {
    byte[] key = fields.key;
    if (key == null) {
      throw invalid("expected a key in each operation");
    }
    if (key.length == 0) {
      return new BatchOperation.Refused(
          key, new MayflyException(ErrorCode.EMPTY_KEY, ErrorCode.EMPTY_KEY.summary()));
    }
    if (!kind.equals("set") && fields.setOnly) {
      throw invalid("%s: expected a key alone".formatted(kind));
    }
    return switch (kind) {
      case "set" -> set(key, fields);
      case "get" -> new BatchOperation.Get(key);
      case "delete" -> new BatchOperation.Delete(key);
      default -> throw invalid("operation '%s': expected set, get or delete".formatted(kind));
    };
  }

  private BatchOperation set(byte[] key, Fields fields) {
    byte[] value = fields.value;
    if (value == null) {
      throw invalid("set: expected a value");
    }
    try {
      return new BatchOperation.Set(
          new SetRequest(
              key,
              value,
              MediaTypes.given(fields.contentType),
              Condition.ALWAYS,
              Parameters.lifespan(fields.lifespan),
              Parameters.lockMillis("lock", fields.lock),
              false,
              rules));
    } catch (MayflyException e) {
      return new BatchOperation.Refused(key, e);
    }
  }

  private void requireName(String name) {
    if (!name.equals(in.currentName())) {
      throw invalid("'%s': expected %s".formatted(in.currentName(), name));
    }
  }

  private static void require(@Nullable JsonToken token, JsonToken expected, String description) {
    if (token != expected) {
      throw invalid("expected " + description);
    }
  }

  private static MayflyException invalid(String what) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, "batch: " + what);
  }

  /** What one operation says. */
  private static final class Fields {
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private @Nullable String lifespan;
    private @Nullable String lock;
    private @Nullable String contentType;
    private boolean setOnly;

    void read(JsonParser in, String name) {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        throw invalid("%s: expected a text".formatted(name));
      }
      switch (name) {
        case "key" -> key = Utf8.encode("batch: key", in.getString());
        case "key_base64" -> key = in.getBinaryValue();
        default -> {
          setOnly = true;
          readSetOnly(in, name);
        }
      }
    }

    private void readSetOnly(JsonParser in, String name) {
      switch (name) {
        case "value" -> value = Utf8.encode("batch: value", in.getString());
        case "value_base64" -> value = in.getBinaryValue();
        case "lifespan" -> lifespan = in.getString();
        case "lock" -> lock = in.getString();
        case "content_type" -> contentType = in.getString();
        default -> throw invalid("'%s' is not known".formatted(name));
      }
    }
  }
}
