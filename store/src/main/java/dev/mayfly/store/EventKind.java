package dev.mayfly.store;

/** What happened to a key. The numbers are those of the gRPC contract and never change. */
public enum EventKind {
  /** The key did not exist before. */
  CREATED(1),
  /** The value (or its content type) was replaced by another. */
  UPDATED(2),
  /** A client removed the key. */
  DELETED(3),
  /** The deadline passed. */
  EXPIRED(4),
  /** A lock was taken or renewed. */
  LOCKED(5),
  /** A lock was released, or its deadline passed. */
  UNLOCKED(6),
  /** Pruning removed the key. */
  EXPUNGED(7),
  /** The value was read. No mutation: never in the log. */
  ACCESSED(8),
  /** A lifespan was set, changed or cleared. */
  LIFESPAN_SET(9),
  /** The lifespan began again with its own length. */
  LIFESPAN_RENEWED(10);

  private static final EventKind[] BY_NUMBER = new EventKind[11];

  static {
    for (EventKind kind : values()) {
      BY_NUMBER[kind.number] = kind;
    }
  }

  private final int number;

  EventKind(int number) {
    this.number = number;
  }

  /** The number on the wire and in the log, 1 to 10. */
  public int number() {
    return number;
  }

  /**
   * The kind with this number.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static EventKind of(int number) {
    if (number < 1 || number >= BY_NUMBER.length) {
      throw new IllegalArgumentException("event kind " + number + ": expected 1 to 10");
    }
    return BY_NUMBER[number];
  }
}
