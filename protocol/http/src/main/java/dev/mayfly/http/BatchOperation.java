package dev.mayfly.http;

import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SetRequest;

/** One operation of a batch, as it was asked for. */
sealed interface BatchOperation {
  /** Puts a value. */
  record Set(SetRequest request) implements BatchOperation {}

  /** Reads a value. */
  record Get(byte[] key) implements BatchOperation {}

  /** Removes a key. */
  record Delete(byte[] key) implements BatchOperation {}

  /** Well formed, but refused before the store was asked. */
  record Refused(byte[] key, MayflyException refusal) implements BatchOperation {}
}
