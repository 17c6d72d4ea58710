package dev.mayfly.cli;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.ValueStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** {@code mayfly get}. */
final class GetCommand extends KeyCommand {
  private static final Option REVISION =
      Option.value(
          "--revision",
          "VERSION",
          "That version of the value; -1 is the one before the current one, and so on.");

  private static final int PIECE_BYTES = 16 * 1024;

  @Override
  public String name() {
    return "get";
  }

  @Override
  public String summary() {
    return "Print the value of a key, byte for byte.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(REVISION), KEY);
  }

  @Override
  void run(Session session, String key) throws IOException {
    MayflyClient client = session.client();
    String revision = session.arguments().value(REVISION);
    print(
        session,
        key,
        revision == null ? client.read(key) : client.read(key, Numbers.any("revision", revision)));
  }

  /** Prints a value, or fails if there is none. */
  static void print(Session session, String key, Optional<ValueStream> found) throws IOException {
    if (found.isEmpty()) {
      throw session.missing(key);
    }
    try (ValueStream value = found.get()) {
      InputStream bytes = value.bytes();
      byte[] piece = new byte[PIECE_BYTES];
      for (int n = read(session, bytes, piece); n >= 0; n = read(session, bytes, piece)) {
        session.out().write(piece, 0, n);
      }
    }
  }

  private static int read(Session session, InputStream bytes, byte[] piece) {
    try {
      return bytes.read(piece);
    } catch (IOException e) {
      throw new CommandException(
          session.address() + ": " + e.getMessage() + "; the value is incomplete", e);
    }
  }
}
