package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventFilter;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.Watch;
import dev.mayfly.store.WatchGap;
import dev.mayfly.store.WatchRequest;
import dev.mayfly.store.WatchSink;
import dev.mayfly.store.Watches;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Watches: filters, the state first, resuming, coalescing, accesses. */
public abstract class WatchContract extends StoreContract {
  private final List<String> told = new ArrayList<>();
  private final List<WatchGap> gaps = new ArrayList<>();
  private @Nullable Watches watches;

  /** The watches of the store, two at most. */
  protected final Watches watches() {
    Watches open = watches;
    if (open == null) {
      open =
          new Watches(
              keyspace(),
              store().events(),
              store().accesses(),
              new ReservedEntries(Map.of("Started", "now"), time.millis()),
              time,
              2);
      watches = open;
    }
    return open;
  }

  /** Keeps what a watch tells. */
  protected final class Told implements WatchSink {
    @Override
    public void onState(byte[] key, Entry entry) {
      told.add("state " + text(key) + "=" + text(entry.value()));
    }

    @Override
    public void onStateEnd() {
      told.add("end of state");
    }

    @Override
    public void onEvent(Event event) {
      told.add(event.kind() + " " + text(event.key()) + "=" + text(event.value()));
    }

    @Override
    public void onGap(WatchGap gap) {
      told.add("gap");
      gaps.add(gap);
    }
  }

  /** The gaps told so far. */
  protected final List<WatchGap> gaps() {
    return gaps;
  }

  /** What a watch tells until there is no more. */
  protected final List<String> poll(Watch watch) {
    told.clear();
    for (int polls = 0; watch.poll(3, new Told()); polls++) {
      assertThat(polls).isLessThan(100_000);
    }
    return List.copyOf(told);
  }

  /** Polls a watch once, for one event. */
  protected final boolean pollOnce(Watch watch) {
    return watch.poll(1, new Told());
  }

  /** Opens a watch. */
  protected final Watch open(
      EventFilter filter, @Nullable ResumeToken after, boolean stateFirst, SlowPolicy slow) {
    return watches().open(new WatchRequest(filter, after, stateFirst, slow));
  }

  private static EventFilter prefix(String prefix) {
    return EventFilter.of(
        List.of(), KeyFilter.prefix(bytes(prefix)), EventFilter.CHANGES, List.of());
  }

  @Test
  void watch_filter_everyPartCounts() {
    EventFilter filter =
        EventFilter.of(
            List.of(bytes("k1"), bytes("k2"), bytes("other")),
            KeyFilter.pattern(bytes("k"), "[12]"),
            List.of(EventKind.CREATED, EventKind.DELETED),
            List.of("alice"));
    Watch watch = open(filter, null, false, SlowPolicy.NOTICE);
    set("k1", "a");
    set("k1", "b");
    set("k3", "a");
    set("other", "a");
    keyspace().apply(DeleteRequest.of(bytes("k1")), bob());
    set("k2", "c");
    apply(DeleteRequest.of(bytes("k2")));

    assertThat(poll(watch)).containsExactly("CREATED k1=a", "CREATED k2=c", "DELETED k2=c");
    assertThat(watch.position()).isEqualTo(store().events().end());
  }

  /** What a watcher's client has not taken is not kept for it, whatever the values. */
  @Test
  void watch_stateFirst_readsNoValueBeforeItsTurn() {
    int keys = 200;
    for (int i = 0; i < keys; i++) {
      set("k" + i, "v");
    }
    AtomicInteger read = new AtomicInteger();
    Watches own =
        new Watches(
            countingValues(keyspace(), read),
            store().events(),
            store().accesses(),
            new ReservedEntries(Map.of(), time.millis()),
            time,
            1);
    Watch watch = own.open(new WatchRequest(EventFilter.ALL, null, true, SlowPolicy.NOTICE));
    for (int i = 0; i < 2 * keys && told.size() < keys; i++) {
      pollOnce(watch);
      assertThat(read).hasValue(told.size());
    }

    assertThat(told).hasSize(keys).doesNotHaveDuplicates();
  }

  private static Keyspace countingValues(Keyspace keyspace, AtomicInteger read) {
    return (Keyspace)
        Proxy.newProxyInstance(
            Keyspace.class.getClassLoader(),
            new Class<?>[] {Keyspace.class},
            (_, method, arguments) -> {
              Object result = method.invoke(keyspace, arguments);
              if (result instanceof Entry) {
                read.incrementAndGet();
              } else if (result instanceof ScanPage page) {
                page.entries().forEach(each -> read.addAndGet(each.entry().value().length));
              }
              return result;
            });
  }

  @Test
  void watch_stateFirst_thenChanges() {
    set("a1", "1");
    set("b", "1");
    Watch watch = open(prefix("a"), null, true, SlowPolicy.NOTICE);
    assertThat(watch.position()).isNull();

    assertThat(poll(watch)).containsExactly("state a1=1", "end of state");
    set("a1", "2");

    assertThat(poll(watch)).containsExactly("UPDATED a1=2");
  }

  @Test
  void watch_stateFirst_changedBeforeItIsLookedAt_isToldOnce() {
    set("a1", "1");
    set("a2", "1");
    set("a3", "1");
    Watch watch = open(prefix("a"), null, true, SlowPolicy.NOTICE);
    set("a1", "2");
    apply(DeleteRequest.of(bytes("a2")));
    set("a4", "1");

    List<String> all = poll(watch);

    assertThat(all)
        .containsSubsequence("UPDATED a1=2", "DELETED a2=1", "CREATED a4=1")
        .contains("state a3=1", "end of state")
        .hasSize(5);
  }

  @Test
  void watch_stateFirst_keptBackByTheFilter_isTold() {
    set("a1", "1");
    EventFilter deletions =
        EventFilter.of(List.of(), KeyFilter.ALL, Set.of(EventKind.DELETED), List.of());
    Watch watch = open(deletions, null, true, SlowPolicy.NOTICE);
    set("a1", "2");

    assertThat(poll(watch)).containsExactly("state a1=2", "end of state");
  }

  @Test
  void watch_stateFirst_namedKeys_areReadReservedOnesToo() {
    set("a", "1");
    EventFilter named =
        EventFilter.of(
            List.of(bytes("a"), bytes("missing"), bytes("keyquarry/Started")),
            KeyFilter.ALL,
            List.of(),
            List.of());

    assertThat(poll(open(named, null, true, SlowPolicy.NOTICE)))
        .containsExactlyInAnyOrder("state a=1", "state keyquarry/Started=now", "end of state");
  }

  @Test
  void watch_stateFirst_namedKeysChangedBeforeTheyAreLookedAt_beginWithTheState() {
    set("a", "1");
    set("b", "1");
    EventFilter named =
        EventFilter.of(
            List.of(bytes("a"), bytes("b"), bytes("c")), KeyFilter.ALL, List.of(), List.of());
    Watch watch = open(named, null, true, SlowPolicy.NOTICE);
    set("a", "2");
    apply(DeleteRequest.of(bytes("b")));
    set("other", "1");
    set("a", "3");
    lock("a", 10_000);

    assertThat(poll(watch)).containsExactly("state a=3", "DELETED b=1", "end of state");
    assertThat(watch.position()).isEqualTo(store().events().end());
    set("a", "4");
    set("c", "1");
    assertThat(poll(watch)).containsExactly("UPDATED a=4", "CREATED c=1");
  }

  @Test
  void watch_resumed_goesOnWithoutState() {
    Watch first = open(EventFilter.ALL, null, true, SlowPolicy.NOTICE);
    set("a", "1");
    poll(first);
    ResumeToken token = Objects.requireNonNull(first.position());
    set("b", "1");

    Watch second = open(EventFilter.ALL, token, true, SlowPolicy.NOTICE);

    assertThat(poll(second)).containsExactly("CREATED b=1");
  }

  @Test
  void watch_tokenOfAnotherLife_tellsAGapAndTheState() {
    set("a", "1");
    ResumeToken other = new ResumeToken(store().events().incarnation() + 1, 5);

    Watch watch = open(EventFilter.ALL, other, true, SlowPolicy.NOTICE);

    assertThat(poll(watch)).containsExactly("gap", "state a=1", "end of state");
    assertThat(gaps().getFirst().missedRevisions()).isEqualTo(-1);
    assertThat(watches().stats().gaps()).isEqualTo(1);
  }

  @Test
  void watch_disconnecting_endsAfterTheGap() {
    ResumeToken other = new ResumeToken(store().events().incarnation() + 1, 5);
    Watch watch = open(EventFilter.ALL, other, false, SlowPolicy.DISCONNECT);
    set("a", "1");

    assertThat(poll(watch)).containsExactly("gap");
    assertThat(watch.isEnded()).isTrue();
    assertThat(poll(watch)).isEmpty();
  }

  @Test
  void watch_coalescing_tellsTheNewestOfEachKey() {
    Watch watch = open(EventFilter.ALL, null, false, SlowPolicy.COALESCE);
    for (int i = 0; i < 100; i++) {
      set("a", "a" + i);
      set("b", "b" + i);
    }
    apply(DeleteRequest.of(bytes("a")));
    watch.absorb();
    long waiting = Objects.requireNonNull(watch.position()).position();

    assertThat(waiting).isEqualTo(store().events().newestRevision() - 2);
    assertThat(poll(watch)).containsExactly("UPDATED b=b99", "DELETED a=a99");
    assertThat(watch.position()).isEqualTo(store().events().end());
    assertThat(watches().stats().coalesced()).isEqualTo(199);
  }

  @Test
  void watch_accesses_comeOnlyWhileAskedFor() {
    set("a", "1");
    read("a");
    EventFilter accesses =
        EventFilter.of(List.of(), KeyFilter.ALL, Set.of(EventKind.ACCESSED), List.of());
    Watch watch = open(accesses, null, false, SlowPolicy.NOTICE);
    read("a");
    read("missing");
    entry("a");
    apply(new PopRequest(bytes("a")));

    assertThat(poll(watch)).containsExactly("ACCESSED a=(none)", "ACCESSED a=(none)");
    assertThat(keyspace().stats().events(EventKind.ACCESSED)).isEqualTo(3);
    watch.close();
    set("a", "1");
    read("a");
    assertThat(keyspace().stats().events(EventKind.ACCESSED)).isEqualTo(4);
  }

  @Test
  void watch_accessesNobodyTakes_areLostAndCounted() {
    set("a", "1");
    EventFilter accesses =
        EventFilter.of(List.of(), KeyFilter.ALL, Set.of(EventKind.ACCESSED), List.of());
    Watch watch = open(accesses, null, false, SlowPolicy.NOTICE);

    for (int i = 0; i < 1_001; i++) {
      read("a");
    }

    assertThat(poll(watch)).hasSize(1_000);
    assertThat(watch.lostAccesses()).isEqualTo(1);
    assertThat(watches().stats().droppedAccesses()).isEqualTo(1);
  }

  @Test
  void onWork_whatIsThereOrComes_callsBackOnce() throws InterruptedException {
    Watch watch = open(EventFilter.ALL, null, false, SlowPolicy.NOTICE);
    set("a", "1");
    Semaphore calls = new Semaphore(0);

    watch.onWork(calls::release);
    assertThat(calls.tryAcquire()).isTrue();
    poll(watch);
    watch.onWork(calls::release);
    assertThat(calls.tryAcquire(20, TimeUnit.MILLISECONDS)).isFalse();
    set("b", "1");

    assertThat(calls.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    assertThat(poll(watch)).containsExactly("CREATED b=1");
  }

  @Test
  void open_beyondTheLimit_isRefused() {
    Watch first = open(EventFilter.ALL, null, false, SlowPolicy.NOTICE);
    open(EventFilter.ALL, null, false, SlowPolicy.NOTICE);

    assertRefused(
        ErrorCode.OVERLOADED, () -> open(EventFilter.ALL, null, false, SlowPolicy.NOTICE));
    first.close();
    first.close();

    assertThat(watches().count()).isEqualTo(1);
    open(EventFilter.ALL, null, false, SlowPolicy.NOTICE);
  }

  @Test
  void filter_atItsLimits_isRefusedBeyond() {
    List<byte[]> names = new ArrayList<>();
    for (int i = 0; i < EventFilter.NAMES_MAX; i++) {
      names.add(bytes("k" + i));
    }
    assertThat(EventFilter.of(names, KeyFilter.ALL, List.of(), List.of()))
        .isEqualTo(EventFilter.of(names, KeyFilter.ALL, EventFilter.CHANGES, List.of()));
    names.add(bytes("more"));
    String pattern = "a".repeat(EventFilter.PATTERN_LENGTH_MAX);

    assertRefused(
        ErrorCode.ARGUMENT_INVALID,
        () -> EventFilter.of(names, KeyFilter.ALL, List.of(), List.of()));
    EventFilter.of(List.of(), KeyFilter.pattern(new byte[0], pattern), List.of(), List.of());
    assertRefused(
        ErrorCode.PATTERN_INVALID,
        () ->
            EventFilter.of(
                List.of(), KeyFilter.pattern(new byte[0], pattern + "a"), List.of(), List.of()));
  }
}
