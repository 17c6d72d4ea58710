package dev.mayfly.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connected stream of bytes on which every wait is bounded.
 *
 * <p>Confined to one thread at a time, except {@link #close()}. Owns what it stands on.
 */
sealed interface Wire extends Closeable permits PlainWire, TlsWire {
  /**
   * Connects as the configuration says, within its timeouts.
   *
   * @throws IOException with a message that names what failed, but not the address
   */
  static Wire connect(ClientConfig config) throws IOException {
    PlainWire plain =
        PlainWire.connect(config.address(), config.connectTimeout(), config.readTimeout());
    Trust trust = config.trust();
    return trust == null ? plain : TlsWire.over(plain, trust.engine(config.address()));
  }

  /**
   * Reads what there is, waiting for at least a byte.
   *
   * @return how many bytes, or -1 at the end
   * @throws java.net.SocketTimeoutException if the other side stays silent for too long
   */
  int read(ByteBuffer into) throws IOException;

  /**
   * Writes everything, unless the other side speaks or hangs up before it has read all.
   *
   * @return false in that case: it will take no more
   */
  boolean write(ByteBuffer from) throws IOException;

  /** Whether bytes, or the end, can be read at once. */
  boolean isReadable() throws IOException;
}
