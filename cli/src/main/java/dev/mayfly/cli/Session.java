package dev.mayfly.cli;

import dev.mayfly.client.ClientConfig;
import dev.mayfly.client.JsonObject;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyRefusedException;
import dev.mayfly.client.ServerAddress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a command works with: its arguments, the streams, and a client made on first use.
 *
 * <p>Confined to the main thread. Owns the client, borrows the rest.
 */
final class Session implements AutoCloseable {
  private final Arguments arguments;
  private final Streams streams;
  private final Output out;
  private final Diagnostics diagnostics;
  private @Nullable MayflyClient client;

  Session(Arguments arguments, Streams streams, Output out, Diagnostics diagnostics) {
    this.arguments = arguments;
    this.streams = streams;
    this.out = out;
    this.diagnostics = diagnostics;
  }

  Arguments arguments() {
    return arguments;
  }

  Streams streams() {
    return streams;
  }

  Output out() {
    return out;
  }

  Diagnostics diagnostics() {
    return diagnostics;
  }

  /** The server that the options or the environment name. */
  ServerAddress address() {
    String text = arguments.value(Syntax.ADDRESS);
    if (text == null) {
      text = streams.environment().get("MAYFLY_ADDRESS");
    }
    return text == null || text.isEmpty() ? ServerAddress.DEFAULT : ServerAddress.parse(text);
  }

  MayflyClient client() {
    if (client == null) {
      ClientConfig config = ClientConfig.of(address());
      String id = arguments.value(Syntax.CLIENT_ID);
      if (id != null) {
        config = config.withClientId(id);
      }
      diagnostics.debug("server " + config.address() + ", client id " + config.clientId());
      client = new MayflyClient(config);
    }
    return client;
  }

  /** Prints an answer as the options say. */
  void print(JsonObject answer) throws IOException {
    out.line(arguments.has(Syntax.INDENT) ? answer.indented() : answer.toString());
  }

  /** What to throw for a key that is not there. */
  CommandException missing(String key) {
    return new CommandException(
        "Key not found: '" + key + "' (expected a key that exists on " + address() + ")");
  }

  /** What to throw for a refusal that concerns a key. */
  static CommandException refused(String key, MayflyRefusedException e) {
    String detail = e.detail();
    return new CommandException(
        detail.contains("'" + key + "'") ? detail : detail + ": '" + key + "'", e);
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
