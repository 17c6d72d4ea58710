package dev.mayfly.testing;

import dev.mayfly.store.AppendRequest;
import dev.mayfly.store.Compare;
import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ExpireRequest;
import dev.mayfly.store.IncrementDecimalRequest;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.Operation;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReadAndExpireRequest;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetBitRequest;
import dev.mayfly.store.SetRangeRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.UnlockRequest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Requests of every kind, made from a seed, about a few keys, so that they meet. */
public final class RandomRequests {
  private static final List<Rules> RULES =
      List.of(
          new Rules(1, 1_000_000, Rules.UnstatedLifespan.RENEW, false, 5, true),
          new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, false),
          new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, false, 2, false),
          new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, true));

  private final Random random;
  private final int keys;

  /**
   * @param keys how many keys they are about
   */
  public RandomRequests(Random random, int keys) {
    this.random = random;
    this.keys = keys;
  }

  /** One of the keys; some are long. */
  public byte[] key() {
    int number = random.nextInt(keys);
    String text = "key" + number;
    return (number % 7 == 0 ? text.repeat(30) : text).getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] value() {
    int kind = random.nextInt(10);
    if (kind < 3) {
      return Integer.toString(random.nextInt(100)).getBytes(StandardCharsets.US_ASCII);
    }
    int size = kind < 5 ? 40 : kind < 9 ? random.nextInt(200) : random.nextInt(20_000);
    byte[] value = new byte[size];
    Arrays.fill(value, (byte) ('a' + random.nextInt(3)));
    return value;
  }

  /** Mostly those of this key: what other rules add to an entry stays with it. */
  private Rules rules(byte[] key) {
    int number = random.nextInt(8) == 0 ? random.nextInt(RULES.size()) : key[key.length - 1];
    return RULES.get(number % RULES.size());
  }

  private Lifespan lifespan(long nowMillis) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> Lifespan.UNSTATED;
      case 4 -> Lifespan.KEEP;
      case 5 -> Lifespan.CLEAR;
      case 6 -> Lifespan.until(nowMillis - 100 + random.nextInt(10_000));
      default -> Lifespan.ofMillis(1L + random.nextInt(random.nextBoolean() ? 100 : 100_000));
    };
  }

  /**
   * @param newestRevision revisions that requests name are about this one
   */
  private Condition condition(long newestRevision) {
    return switch (random.nextInt(12)) {
      case 0 -> Condition.IF_ABSENT;
      case 1 -> Condition.IF_PRESENT;
      case 2 -> Condition.ifRevision(newestRevision - random.nextInt(keys));
      case 3 -> Condition.ifValue(value());
      default -> Condition.ALWAYS;
    };
  }

  private @Nullable String contentType() {
    return random.nextInt(5) == 0 ? "text/" + random.nextInt(3) : null;
  }

  /** Any write to one key. */
  public KeyMutation<?> mutation(long nowMillis, long newestRevision) {
    byte[] key = key();
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6 ->
          new SetRequest(
              key,
              value(),
              contentType(),
              condition(newestRevision),
              lifespan(nowMillis),
              random.nextInt(6) == 0 ? 5_000 + random.nextInt(1_000) : 0,
              random.nextBoolean(),
              rules(key));
      case 7, 8 -> new DeleteRequest(key, condition(newestRevision), random.nextInt(4) == 0);
      case 9 -> new PopRequest(key);
      case 10 ->
          new LockRequest(
              key,
              5_000L + random.nextInt(5_000),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextInt(3) == 0 ? newestRevision - random.nextInt(keys) : 0,
              rules(key));
      case 11 ->
          new UnlockRequest(
              key, random.nextInt(3) == 0 ? newestRevision - random.nextInt(keys) : 0);
      case 12 ->
          new IncrementRequest(key, random.nextInt(100) - 50L, lifespan(nowMillis), rules(key));
      case 13 ->
          new IncrementDecimalRequest(
              key, BigDecimal.valueOf(random.nextInt(2_000) - 1_000, 2), rules(key));
      case 14 -> new AppendRequest(key, value(), rules(key));
      case 15 -> new SetRangeRequest(key, random.nextInt(300), value(), rules(key));
      case 16 -> new SetBitRequest(key, random.nextInt(1_000), random.nextBoolean(), rules(key));
      case 17, 18 -> {
        ExpireRequest.When[] when = ExpireRequest.When.values();
        yield new ExpireRequest(
            key, lifespan(nowMillis), when[random.nextInt(when.length)], rules(key));
      }
      default -> new ReadAndExpireRequest(key, lifespan(nowMillis), rules(key));
    };
  }

  /** Any read of one key. */
  public ReadRequest read() {
    ReadRequest.Part[] parts = ReadRequest.Part.values();
    return new ReadRequest(
        key(),
        parts[random.nextInt(parts.length)],
        random.nextInt(100) - 50,
        random.nextInt(100) - 50,
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean());
  }

  /** Any transaction. */
  public TransactionRequest transaction(long nowMillis, long newestRevision) {
    List<Compare> compares = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      compares.add(compare(newestRevision));
    }
    TransactionRequest.OnRefusal onRefusal =
        random.nextBoolean()
            ? TransactionRequest.OnRefusal.GO_ON
            : TransactionRequest.OnRefusal.NOTHING_DONE;
    return new TransactionRequest(
        compares,
        operations(nowMillis, newestRevision),
        operations(nowMillis, newestRevision),
        onRefusal);
  }

  private List<Operation> operations(long nowMillis, long newestRevision) {
    List<Operation> operations = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      operations.add(
          random.nextInt(3) == 0
              ? new Operation.Read(read())
              : new Operation.Write(mutation(nowMillis, newestRevision)));
    }
    return operations;
  }

  private Compare compare(long newestRevision) {
    Compare.Relation[] relations = Compare.Relation.values();
    Compare.Relation relation = relations[random.nextInt(relations.length)];
    return switch (random.nextInt(3)) {
      case 0 ->
          new Compare(
              key(),
              Compare.Field.REVISION,
              relation,
              random.nextBoolean() ? 0 : newestRevision - random.nextInt(keys),
              new byte[0]);
      case 1 -> new Compare(key(), Compare.Field.VERSION, relation, random.nextInt(4), new byte[0]);
      default ->
          new Compare(
              key(),
              Compare.Field.VALUE,
              random.nextBoolean() ? Compare.Relation.EQUAL : Compare.Relation.NOT_EQUAL,
              0,
              random.nextBoolean() ? new byte[0] : value());
    };
  }

  /** Any rename or copy. */
  public TransferRequest transfer() {
    byte[] target = key();
    return new TransferRequest(
        key(), target, random.nextBoolean(), random.nextBoolean(), rules(target));
  }
}
