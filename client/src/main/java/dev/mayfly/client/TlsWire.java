package dev.mayfly.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * A wire under TLS. What the other side sends about the session itself is taken care of within
 * reading and writing.
 */
final class TlsWire implements Wire {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final PlainWire wire;
  private final SSLEngine engine;
  private final ByteBuffer sealedOut;

  /** What came sealed and what of it is open: both ready to be read from. */
  private ByteBuffer sealedIn;

  private ByteBuffer openIn;
  private boolean ended;

  private TlsWire(PlainWire wire, SSLEngine engine) {
    this.wire = wire;
    this.engine = engine;
    int packet = engine.getSession().getPacketBufferSize();
    sealedIn = ByteBuffer.allocate(packet).flip();
    sealedOut = ByteBuffer.allocate(packet);
    openIn = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
  }

  /** Shakes hands; closes the wire if that fails. */
  static TlsWire over(PlainWire wire, SSLEngine engine) throws IOException {
    TlsWire made = new TlsWire(wire, engine);
    try {
      made.handshake();
      return made;
    } catch (IOException e) {
      wire.close();
      throw e;
    }
  }

  private void handshake() throws IOException {
    engine.beginHandshake();
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
        case NEED_WRAP -> seal(NOTHING);
        case NEED_TASK -> runTasks();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!open() && fill() < 0) {
            throw new EOFException("connection closed within the TLS handshake");
          }
        }
      }
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask(); task != null; ) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  /** Seals what fits into one record and sends it; false if the other side takes no more. */
  private boolean seal(ByteBuffer from) throws IOException {
    sealedOut.clear();
    SSLEngineResult result = engine.wrap(from, sealedOut);
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      return false;
    }
    sealedOut.flip();
    while (!wire.write(sealedOut)) {
      // It said something: about the session, which does not count, or an answer.
      if (isReadable()) {
        return false;
      }
    }
    return true;
  }

  private int fill() throws IOException {
    sealedIn.compact();
    int count = wire.read(sealedIn);
    sealedIn.flip();
    ended |= count < 0;
    return count;
  }

  /** Opens one record of what came; false if none is there as a whole. */
  private boolean open() throws IOException {
    if (!sealedIn.hasRemaining()) {
      return false;
    }
    openIn.compact();
    SSLEngineResult result = engine.unwrap(sealedIn, openIn);
    openIn.flip();
    switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> {
        sealedIn = roomier(sealedIn, engine.getSession().getPacketBufferSize());
        return false;
      }
      case BUFFER_OVERFLOW ->
          openIn =
              roomier(openIn, openIn.remaining() + engine.getSession().getApplicationBufferSize());
      case CLOSED -> ended = true;
      case OK -> {}
    }
    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    return true;
  }

  private static ByteBuffer roomier(ByteBuffer buffer, int bytes) {
    return buffer.capacity() >= bytes ? buffer : ByteBuffer.allocate(bytes).put(buffer).flip();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (!openIn.hasRemaining()) {
      if (ended) {
        return -1;
      }
      if (!open()) {
        fill();
      } else if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        seal(NOTHING);
      }
    }
    int count = Math.min(into.remaining(), openIn.remaining());
    into.put(openIn.slice(openIn.position(), count));
    openIn.position(openIn.position() + count);
    return count;
  }

  @Override
  public boolean write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      if (!seal(from)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isReadable() throws IOException {
    while (!openIn.hasRemaining() && !ended) {
      if (!open()) {
        if (!wire.isReadable()) {
          return false;
        }
        fill();
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
