package dev.mayfly.counter;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A socket of datagrams that answers what it receives. {@link #send} is safe for concurrent use;
 * the rest is for one thread at a time.
 */
interface Datagrams extends CounterPeers.Sender {
  /** How much the system is asked to hold, each way. */
  int SOCKET_BUFFER_BYTES = 4 << 20;

  /** Opens such sockets. */
  interface Opening {
    /**
     * Listens.
     *
     * @throws IOException when the address cannot be used
     */
    Datagrams open(InetSocketAddress address, DatagramAnswers answers) throws IOException;
  }

  /** The port it listens at. */
  int port();

  /**
   * Sends the answers that were made, and closes; waits for that, for a moment at most.
   *
   * @return whether its thread has ended: else it may still count
   */
  boolean end();
}
