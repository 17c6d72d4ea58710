package dev.mayfly.resp;

import dev.mayfly.transport.OutputMemory;

/**
 * Holds one client up: while it does not take its replies, and, where the {@link OutputMemory} is
 * short, while it has asked for a large one. What it asked for is run later.
 *
 * <p>Confined to the connection's event loop, but for {@link #onRoom}.
 */
final class OutputGate implements OutputMemory.Waiter {
  /** From how many bytes on a reply is large. */
  private static final int LARGE_BYTES = 64 << 10;

  private final RespDoor door;
  private final OutputMemory memory;
  private final ClientOutput output;
  private final Runnable onOpen;
  private final int pauseBytes;
  private boolean paused;
  private boolean waits;
  private boolean turn;

  /** One that is open; it goes on there, on the event loop, whenever it was opened again. */
  OutputGate(RespDoor door, ClientOutput output, Runnable onOpen) {
    this.door = door;
    this.output = output;
    this.onOpen = onOpen;
    memory = door.outputMemory();
    pauseBytes = door.config().outputPauseBytes();
  }

  /** Whether nothing may be run for the client. */
  boolean isClosed() {
    return paused || waits || output.held().isSome();
  }

  /** Whether the client is held up since it does not take its replies. */
  boolean isPaused() {
    return paused;
  }

  /** Whether so many bytes of replies are to be sent before more, to see whether they are taken. */
  boolean isMuch(int bytes) {
    return bytes >= pauseBytes || (bytes >= LARGE_BYTES && memory.isShort());
  }

  /** Whether any command may be run now. */
  boolean isFree() {
    return !memory.isShort() && (turn || !memory.isAwaited());
  }

  /** Whether a command may be run now; else the gate is closed. */
  boolean admits(Command command, Arguments arguments, Session session) {
    if (isFree()) {
      return true;
    }
    if (pauseIfSlow()) {
      return false;
    }
    if (ReplyBounds.mayTell(LARGE_BYTES, command, arguments, session, door.store())) {
      waits = true;
      memory.await(this);
      return false;
    }
    return true;
  }

  /** Closes the gate for a client that does not take its replies; returns whether that is so. */
  boolean pauseIfSlow() {
    if (isSlow() && !paused) {
      paused = true;
      door.metrics().onConnectionPaused();
      output.pauseReading();
    }
    return paused;
  }

  private boolean isSlow() {
    return !output.isTaken() || (memory.isShort() && output.bytesLeft() > 0);
  }

  /**
   * Opens it for a client that takes its replies again. Till then it counts as held up: whoever
   * looks before, as at the end of its input, would take what waits for done.
   */
  void endPause() {
    if (paused && !isSlow()) {
      paused = false;
      onOpen.run();
    }
  }

  @Override
  public void onRoom() {
    output.executeNext(this::takeTurn);
  }

  private void takeTurn() {
    waits = false;
    turn = true;
    try {
      onOpen.run();
    } finally {
      turn = false;
      memory.passOn();
    }
  }

  @Override
  public void after(long millis, Runnable task) {
    output.after(millis, task);
  }

  /** The client has left. */
  void end() {
    if (waits) {
      memory.leave(this);
    }
  }
}
