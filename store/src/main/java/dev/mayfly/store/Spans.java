package dev.mayfly.store;

/**
 * Told of work that has ended, for traces of what goes through several systems.
 *
 * <p>Safe for concurrent use; no call blocks.
 */
public interface Spans {
  /** Nobody wants to know. */
  Spans OFF =
      new Spans() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public void onEnd(Span span) {}
      };

  /** Whether anybody wants to know: else a span is not worth making. Never changes. */
  boolean isOn();

  /** The work has ended. */
  void onEnd(Span span);
}
