package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What the contracts of a store share: a store in virtual time, and short ways to use it. */
public abstract class StoreContract {
  /** The rules of the gRPC door. */
  protected static final Rules GRPC =
      new Rules(5_000, 1_000_000, Rules.UnstatedLifespan.RENEW, false, 5, true);

  /** The rules of the RESP door. */
  protected static final Rules RESP =
      new Rules(1, 8 << 20, Rules.UnstatedLifespan.CLEAR, true, 0, false);

  /** How late after a deadline the store may tell of it; nothing is read after it in any case. */
  protected static final long LAG_MILLIS_MAX = 20;

  /** The store's time. */
  protected final VirtualTime time = new VirtualTime();

  private @Nullable OpenStore store;
  private @Nullable EventReader reader;

  /** Opens an empty store. */
  protected abstract OpenStore open(StoreLimits limits, VirtualTime time);

  /** Goes on with an empty store of these limits. */
  protected final void use(StoreLimits limits) {
    close();
    OpenStore opened = open(limits, time);
    store = opened;
    reader = opened.events().readFromEnd();
  }

  /** Gives the store back. */
  @AfterEach
  protected final void close() {
    OpenStore open = store;
    store = null;
    if (open != null) {
      open.closing().run();
    }
  }

  /** The store, opened with the default limits unless {@link #use} came before. */
  protected final OpenStore store() {
    OpenStore open = store;
    if (open == null) {
      use(StoreLimits.DEFAULT);
      return store();
    }
    return open;
  }

  /** The store's keys. */
  protected final Keyspace keyspace() {
    return store().keyspace();
  }

  /** The bytes of a text. */
  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text of bytes. */
  protected static String text(byte @Nullable [] bytes) {
    return bytes == null ? "(none)" : new String(bytes, StandardCharsets.UTF_8);
  }

  /** A request of alice, now. */
  protected final Stamp alice() {
    return new Stamp(time.millis(), "alice");
  }

  /** A request of bob, now. */
  protected final Stamp bob() {
    return new Stamp(time.millis(), "bob");
  }

  /** Applies a request of alice. */
  protected final <R extends @Nullable Object> R apply(KeyMutation<R> request) {
    return keyspace().apply(request, alice());
  }

  /** Alice sets a key by the rules of RESP. */
  protected final SetResult set(String key, String value) {
    return set(key, value, Lifespan.UNSTATED, RESP);
  }

  /** Alice sets a key. */
  protected final SetResult set(String key, String value, Lifespan lifespan, Rules rules) {
    return apply(SetRequest.of(bytes(key), bytes(value), lifespan, rules));
  }

  /** Alice locks a key. */
  protected final LockResult lock(String key, long millis) {
    return apply(new LockRequest(bytes(key), millis, false, false, RESP));
  }

  /** The entry of a key as alice reads it. */
  protected final @Nullable Entry read(String key) {
    return keyspace().read(ReadRequest.value(bytes(key)), alice());
  }

  /** The entry of a key that exists, whoever locked it. */
  protected final Entry entry(String key) {
    ReadRequest request =
        new ReadRequest(bytes(key), ReadRequest.Part.VALUE, 0, -1, false, true, false);
    Entry entry = keyspace().read(request, alice());
    if (entry == null) {
      throw new AssertionError("no key '" + key + "'");
    }
    return entry;
  }

  /** The value of a key as alice reads it. */
  protected final String value(String key) {
    Entry entry = read(key);
    return entry == null ? "(none)" : text(entry.value());
  }

  /** Moves on and does what is due. */
  protected final void pass(long millis) {
    time.advanceMillis(millis);
    store().maintenance().run();
  }

  /** The events since the last call, each mutation's revision one above that before. */
  protected final List<Event> events() {
    EventReader from = reader;
    if (from == null) {
      use(StoreLimits.DEFAULT);
      return events();
    }
    long last = from.revision();
    List<Event> events = new ArrayList<>();
    while (from.poll(100, events::add) > 0) {
      // Until there are none.
    }
    int index = 0;
    for (Event event : events) {
      index = event.revision() == last ? index + 1 : 0;
      assertThat(event.revision()).isBetween(last, last + 1);
      assertThat(event.index()).isEqualTo(index);
      last = event.revision();
    }
    return events;
  }

  /** The events since the last call, as {@code KIND key}. */
  protected final List<String> told() {
    return events().stream().map(event -> event.kind() + " " + text(event.key())).toList();
  }

  /** Whether the call is refused so. */
  protected static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThat(org.assertj.core.api.Assertions.catchThrowable(call))
        .isInstanceOfSatisfying(MayflyException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
