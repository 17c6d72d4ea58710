package dev.mayfly.testing;

import static dev.mayfly.testing.ModelChecks.require;

import dev.mayfly.store.Absence;
import dev.mayfly.store.Compare;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import dev.mayfly.store.TransactionResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One transaction in the model, which holds its lock throughout. */
record ModelTransaction(ModelKeyspace model, TransactionRequest request, Stamp stamp) {
  TransactionResult run() {
    boolean held = true;
    for (Compare compare : request.compares()) {
      held &= holds(compare);
    }
    for (Absence absence : request.absences()) {
      held &= !absence.isBroken();
    }
    List<Operation> chosen = held ? request.then() : request.otherwise();
    if (request.onRefusal() == OnRefusal.NOTHING_DONE) {
      requireAllPossible(chosen);
    }
    List<@Nullable Object> results = new ArrayList<>();
    for (Operation operation : chosen) {
      try {
        results.add(run(model, operation));
      } catch (MayflyException e) {
        results.add(e);
      }
    }
    return new TransactionResult(held, results);
  }

  private boolean holds(Compare compare) {
    String key = ModelKeyspace.text(compare.key());
    model.reap(key, stamp.timeMillis());
    ModelEntry entry = model.live(key, stamp.timeMillis());
    int order =
        switch (compare.field()) {
          case REVISION -> Long.compare(entry == null ? 0 : entry.revision, compare.number());
          case VERSION -> Long.compare(entry == null ? 0 : entry.version, compare.number());
          case VALUE -> {
            byte[] value = entry == null ? new byte[0] : entry.value;
            yield Arrays.equals(value, compare.value()) ? 0 : 1;
          }
        };
    return switch (compare.relation()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case GREATER -> order > 0;
    };
  }

  private void requireAllPossible(List<Operation> chosen) {
    ModelKeyspace trial = model.fork();
    Set<String> written = new HashSet<>();
    for (Operation operation : chosen) {
      boolean part = operation instanceof Operation.Read || operation instanceof Operation.Write;
      require(part, ErrorCode.ARGUMENT_INVALID);
      if (operation instanceof Operation.Write(KeyMutation<?> write)) {
        require(written.add(ModelKeyspace.text(write.key())), ErrorCode.ARGUMENT_INVALID);
      }
      run(trial, operation);
    }
  }

  private @Nullable Object run(ModelKeyspace target, Operation operation) {
    return switch (operation) {
      case Operation.Read read -> target.read(read.request(), stamp);
      case Operation.Write write -> target.apply(write.request(), stamp);
      case Operation.Transfer transfer -> target.transfer(transfer.request(), stamp);
      case Operation.Group group -> {
        TransactionRequest whole =
            new TransactionRequest(
                group.compares(), group.operations(), List.of(), OnRefusal.NOTHING_DONE);
        yield new ModelTransaction(target, whole, stamp).run();
      }
    };
  }
}
