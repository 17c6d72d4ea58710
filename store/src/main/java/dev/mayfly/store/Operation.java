package dev.mayfly.store;

/** One part of a transaction. */
public sealed interface Operation {
  /** The key it is about. */
  byte[] key();

  /** Reads a key; the result is an {@link Entry}, or null. */
  record Read(ReadRequest request) implements Operation {
    @Override
    public byte[] key() {
      return request.key();
    }
  }

  /** Changes a key; the result is the mutation's. */
  record Write(KeyMutation<?> request) implements Operation {
    @Override
    public byte[] key() {
      return request.key();
    }
  }
}
