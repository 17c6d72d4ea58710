package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.SetOptions;
import dev.mayfly.client.SetReply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code mayfly set}. */
final class SetCommand extends KeyCommand {
  static final Option LIFESPAN =
      Option.value("--lifespan", "DURATION", "When to expire: 300ms, 30m, 1h30m.");
  static final Option LOCK =
      Option.value("--lock", "DURATION", "Lock the key for this client, for so long.");

  private static final Option CONTENT_TYPE =
      Option.value("--content-type", "TYPE", "What the value is; detected by default.");

  /** A value up to this size is sent in one piece, with its length ahead. */
  private static final int PIECE_BYTES_MAX = 64 * 1024;

  @Override
  public String name() {
    return "set";
  }

  @Override
  public String summary() {
    return "Set a key to a value, or to what standard input holds.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        List.of(LIFESPAN, LOCK, CONTENT_TYPE),
        KEY,
        Parameter.optional("VALUE", "The value; standard input, byte for byte, if it is absent."));
  }

  @Override
  void run(Session session, String key) throws IOException {
    Arguments arguments = session.arguments();
    SetOptions options = options(arguments);
    String type = arguments.value(CONTENT_TYPE);
    if (type != null) {
      options = options.withContentType(type);
    }
    SetReply reply = set(session, key, arguments.parameterOrNull(1), options);
    JsonObject answer = JsonObject.empty().with("success", true);
    session.print(reply.isNew() ? answer.with("is_new", true) : answer);
  }

  private static SetReply set(
      Session session, String key, @Nullable String value, SetOptions options) throws IOException {
    MayflyClient client = session.client();
    if (value != null) {
      return client.set(key, value.getBytes(StandardCharsets.UTF_8), options);
    }
    if (session.streams().isInTerminal()) {
      throw new UsageException("no value: expected VALUE behind the key, or on standard input");
    }
    InputStream in = session.streams().in();
    byte[] start = in.readNBytes(PIECE_BYTES_MAX);
    if (start.length < PIECE_BYTES_MAX) {
      return client.set(key, start, options);
    }
    return client.set(key, new SequenceInputStream(new ByteArrayInputStream(start), in), options);
  }

  /** What {@code --lifespan} and {@code --lock} say. */
  static SetOptions options(Arguments arguments) {
    SetOptions options = SetOptions.NONE;
    String lifespan = arguments.value(LIFESPAN);
    if (lifespan != null) {
      options = options.withLifespan(Durations.positive("lifespan", lifespan));
    }
    String lock = arguments.value(LOCK);
    if (lock != null) {
      options = options.withLock(Durations.positive("lock", lock));
    }
    return options;
  }
}
