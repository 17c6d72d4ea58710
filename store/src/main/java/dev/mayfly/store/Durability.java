package dev.mayfly.store;

/**
 * What a crash cannot take back. A door that holds a batch's replies asks for {@link #revision}
 * once the whole batch is done, and sends them when that is durable: so nobody is shown, by a reply
 * or a read, what could be lost.
 *
 * <p>Safe for concurrent use.
 */
public interface Durability {
  /** Nothing is held back. */
  Durability NONE =
      new Durability() {
        @Override
        public boolean isStrict() {
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
      };

  /** Whether replies are to be held at all; never changes. */
  boolean isStrict();

  /** No call that has returned made, or saw, a later revision. */
  long revision();

  /** Whether this revision and all before it are durable. */
  boolean isDurable(long revision);

  /**
   * Calls back once that is so: at once, on this thread, or later on one of the journal's. The
   * callback must not block. It is called even when the journal gives up, with the connection to be
   * closed by whoever sees {@link #isDurable} say no.
   */
  void onDurable(long revision, Runnable callback);
}
