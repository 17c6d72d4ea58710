package dev.mayfly.grpc;

import dev.mayfly.api.v1.Compare;
import dev.mayfly.api.v1.Operation;
import dev.mayfly.api.v1.OperationResult;
import dev.mayfly.api.v1.TransactRequest;
import dev.mayfly.api.v1.TransactResponse;
import dev.mayfly.store.Compare.Field;
import dev.mayfly.store.Compare.Relation;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import dev.mayfly.store.TransactionResult;
import dev.mayfly.store.Transactions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The transactions of {@code mayfly.v1}. Immutable; safe for concurrent use. */
final class TransactCalls {
  private static final int PARTS_MAX = 1000;
  private static final byte[] NONE = new byte[0];

  private final Transactions transactions;
  private final V1Requests requests;
  private final ValueSizes sizes;

  TransactCalls(Transactions transactions, V1Requests requests, ValueSizes sizes) {
    this.transactions = transactions;
    this.sizes = sizes;
    this.requests = requests;
  }

  TransactResponse transact(TransactRequest request, Stamp stamp) {
    int parts =
        Math.max(
            request.getComparesCount(), Math.max(request.getThenCount(), request.getElseCount()));
    if (parts > PARTS_MAX) {
      throw invalid("%d parts in a transaction: expected at most %d".formatted(parts, PARTS_MAX));
    }
    sizes.require(request, stamp);
    TransactionRequest asked =
        new TransactionRequest(
            request.getComparesList().stream().map(TransactCalls::compare).toList(),
            request.getThenList().stream().map(this::operation).toList(),
            request.getElseList().stream().map(this::operation).toList(),
            OnRefusal.NOTHING_DONE);
    TransactionResult result = transactions.transact(asked, stamp);
    List<Operation> done = result.held() ? request.getThenList() : request.getElseList();
    TransactResponse.Builder reply = TransactResponse.newBuilder().setHeld(result.held());
    for (int i = 0; i < done.size(); i++) {
      reply.addResults(result(done.get(i), result.results().get(i)));
    }
    return reply.build();
  }

  private static dev.mayfly.store.Compare compare(Compare compare) {
    Relation relation =
        switch (compare.getRelation()) {
          case RELATION_UNSPECIFIED, RELATION_EQUAL -> Relation.EQUAL;
          case RELATION_NOT_EQUAL -> Relation.NOT_EQUAL;
          case RELATION_LESS -> Relation.LESS;
          case RELATION_GREATER -> Relation.GREATER;
          case UNRECOGNIZED ->
              throw invalid("relation " + compare.getRelationValue() + " is unknown");
        };
    byte[] key = compare.getKey().toByteArray();
    return switch (compare.getTargetCase()) {
      case REVISION ->
          new dev.mayfly.store.Compare(key, Field.REVISION, relation, compare.getRevision(), NONE);
      case VERSION ->
          new dev.mayfly.store.Compare(key, Field.VERSION, relation, compare.getVersion(), NONE);
      case VALUE ->
          new dev.mayfly.store.Compare(
              key, Field.VALUE, relation, 0, compare.getValue().toByteArray());
      case TARGET_NOT_SET -> throw invalid("a comparison without a target: expected one");
    };
  }

  private dev.mayfly.store.Operation operation(Operation operation) {
    return switch (operation.getKindCase()) {
      case GET -> new dev.mayfly.store.Operation.Read(V1Requests.read(operation.getGet()));
      case SET -> new dev.mayfly.store.Operation.Write(requests.set(operation.getSet()));
      case DELETE -> new dev.mayfly.store.Operation.Write(V1Requests.delete(operation.getDelete()));
      case INCREMENT ->
          new dev.mayfly.store.Operation.Write(requests.increment(operation.getIncrement()));
      case KIND_NOT_SET -> throw invalid("an operation without a kind: expected one");
    };
  }

  private static OperationResult.Builder result(Operation asked, @Nullable Object result) {
    OperationResult.Builder told = OperationResult.newBuilder();
    switch (result) {
      case null -> told.setGet(V1Calls.got(new byte[0], null));
      case Entry entry -> told.setGet(V1Calls.got(asked.getGet().getKey().toByteArray(), entry));
      case SetResult set -> told.setSet(V1Calls.set(set));
      case DeleteResult deleted -> told.setDelete(V1Calls.deleted(deleted));
      case NumberResult number -> told.setIncrement(V1Calls.incremented(number));
      default -> throw new IllegalStateException("result of " + result.getClass());
    }
    return told;
  }

  private static MayflyException invalid(String message) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, message);
  }
}
