package dev.mayfly.cli;

import dev.mayfly.client.ClientConfig;
import dev.mayfly.client.JsonObject;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyRefusedException;
import dev.mayfly.client.ServerAddress;
import dev.mayfly.client.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
    return client(null);
  }

  /** One that waits so long for an answer; null: as long as ever. To be asked for first. */
  MayflyClient client(@Nullable Duration readTimeout) {
    if (client == null) {
      ClientConfig config = ClientConfig.of(address());
      if (readTimeout != null) {
        config = config.withReadTimeout(readTimeout);
      }
      String id = arguments.value(Syntax.CLIENT_ID);
      if (id != null) {
        config = config.withClientId(id);
      }
      String timeout = arguments.value(Syntax.DIAL_TIMEOUT);
      if (timeout != null) {
        config = config.withConnectTimeout(Durations.positive("connection", timeout));
      }
      config = config.withTrust(trust(arguments));
      diagnostics.debug("server " + config.address() + ", client id " + config.clientId());
      client = new MayflyClient(config);
    }
    return client;
  }

  /** Whom to believe, under TLS; null without it. */
  static @Nullable Trust trust(Arguments arguments) {
    String file = arguments.value(Syntax.CA_CERTFILE);
    boolean insecure = arguments.has(Syntax.INSECURE);
    boolean wanted = file != null || insecure || arguments.has(Syntax.TLS);
    if (wanted && arguments.has(Syntax.NO_TLS)) {
      throw new UsageException("--no-tls beside a flag of TLS: expected one of them");
    }
    if (!wanted) {
      return null;
    }
    return insecure ? Trust.ANYBODY : file == null ? Trust.SYSTEM : Trust.of(Path.of(file));
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
