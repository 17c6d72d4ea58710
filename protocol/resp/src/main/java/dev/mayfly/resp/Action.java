package dev.mayfly.resp;

import dev.mayfly.store.Entry;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.ReadRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command with its arguments comes to. The same action runs by itself, or as a part of a
 * transaction.
 */
sealed interface Action {
  /** One operation on one key. */
  record One(Operation operation, Answer answer) implements Action {}

  /**
   * Operations on several keys; the first refusal among them is the reply.
   *
   * @param atomic whether all are done in one step, or none
   */
  record Many(List<Operation> operations, boolean atomic, ManyAnswer answer) implements Action {}

  /** Something that is done at once. */
  non-sealed interface Now extends Action {
    void run(ReplyBuffer out);
  }

  /**
   * Something that takes long: other clients are served between its steps. Not possible as a part
   * of a transaction.
   */
  non-sealed interface Steps extends Action {
    /** Goes one step; returns whether it is done and has written its reply. */
    boolean step(ReplyBuffer out);

    /** There is no further step: it is done, has failed, or nobody waits for it any more. */
    default void end() {}
  }

  /** Writes the reply to one operation. */
  @FunctionalInterface
  interface Answer {
    /** Writes it; {@code result} is what the operation gave, which was not refused. */
    void write(@Nullable Object result, ReplyBuffer out);

    /** Whether it answers to this refusal as well, as if the result were null. */
    default boolean admits(MayflyException refusal) {
      return false;
    }
  }

  /** Writes the reply to several operations. */
  @FunctionalInterface
  interface ManyAnswer {
    /** Writes it; {@code results} are what each gave, of which none was refused. */
    void write(List<@Nullable Object> results, ReplyBuffer out);
  }

  static Action read(ReadRequest request, Answer answer) {
    return new One(new Operation.Read(request), answer);
  }

  static Action write(KeyMutation<?> request, Answer answer) {
    return new One(new Operation.Write(request), answer);
  }

  /** Replies with the value of an entry, or nil. */
  static void value(@Nullable Object entry, ReplyBuffer out) {
    if (entry instanceof Entry found) {
      out.bulk(found.value());
    } else {
      out.nil();
    }
  }
}
