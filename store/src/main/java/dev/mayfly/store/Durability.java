package dev.mayfly.store;

/**
 * What a crash cannot take back, and what the calls of a thread have shown. A door that is about to
 * send the answer to a batch asks for {@link #seen} on the thread that made its calls, and sends it
 * when that is durable: so nobody is shown, by an answer, what could be lost.
 *
 * <p>Who calls a {@link DurableKeyspace} need not tell what it has seen; who learns of something in
 * another way, or on another thread, says so by {@link #seeAll}.
 *
 * <p>Safe for concurrent use.
 */
public interface Durability {
  /** Nothing is held back. */
  Durability NONE =
      new Durability() {
        @Override
        public boolean mayHold() {
          return false;
        }

        @Override
        public long revision() {
          return 0;
        }

        @Override
        public boolean isDurable(long revision) {
          return true;
        }

        @Override
        public void onDurable(long revision, Runnable callback) {
          callback.run();
        }

        @Override
        public void see(long revision) {}

        @Override
        public void seeAbsent(byte[] key) {}

        @Override
        public long seen() {
          return 0;
        }
      };

  /** Whether answers are ever held; never changes. */
  boolean mayHold();

  /** No call that has returned made, or saw, a later revision. */
  long revision();

  /** Whether this revision and all before it are durable. */
  boolean isDurable(long revision);

  /**
   * Calls back once that is so: at once, on this thread, or later on one of the journal's. The
   * callback must not block. It is called even when the journal gives up, with the answer to be
   * refused by whoever sees {@link #isDurable} say no.
   */
  void onDurable(long revision, Runnable callback);

  /** This thread has seen this revision. */
  void see(long revision);

  /** This thread has seen that a key is not there. */
  void seeAbsent(byte[] key);

  /** This thread has seen, or may have seen, everything. */
  default void seeAll() {
    see(revision());
  }

  /** The newest revision that this thread has seen since it was last asked; 0 for none. */
  long seen();
}
