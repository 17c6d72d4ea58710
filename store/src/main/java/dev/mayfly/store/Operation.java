package dev.mayfly.store;

import java.util.List;
import java.util.function.Consumer;

/** One part of a transaction. */
public sealed interface Operation {
  /** Hands over each key it is about. */
  void forEachKey(Consumer<byte[]> action);

  /** Reads a key; the result is an {@link Entry}, or null. */
  record Read(ReadRequest request) implements Operation {
    @Override
    public void forEachKey(Consumer<byte[]> action) {
      action.accept(request.key());
    }
  }

  /** Changes a key; the result is the mutation's. */
  record Write(KeyMutation<?> request) implements Operation {
    @Override
    public void forEachKey(Consumer<byte[]> action) {
      action.accept(request.key());
    }
  }

  /**
   * Gives a key's entry to another key; the result is a {@link TransferResult}. Only where a
   * refused operation lets the others go on.
   */
  record Transfer(TransferRequest request) implements Operation {
    @Override
    public void forEachKey(Consumer<byte[]> action) {
      action.accept(request.source());
      action.accept(request.target());
    }
  }

  /**
   * Reads and changes that are done as a whole where the compares hold, and not at all where they
   * do not or one is refused; the result is a {@link TransactionResult}. Only where a refused
   * operation lets the others go on.
   *
   * @param operations reads and writes, each key written once at most
   */
  record Group(List<Compare> compares, List<Operation> operations) implements Operation {
    /** Copies the lists and checks their sizes. */
    public Group {
      TransactionRequest.requireParts(Math.max(compares.size(), operations.size()));
      compares = List.copyOf(compares);
      operations = List.copyOf(operations);
    }

    @Override
    public void forEachKey(Consumer<byte[]> action) {
      compares.forEach(compare -> action.accept(compare.key()));
      operations.forEach(operation -> operation.forEachKey(action));
    }
  }
}
