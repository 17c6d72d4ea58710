package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Going through many keys: scans, counts, sweeps, random keys. */
public abstract class ScanContract extends StoreContract {
  private List<String> scan(KeyFilter filter, int step, IntConsumer between) {
    List<String> found = new ArrayList<>();
    long cursor = ScanRequest.START;
    int pages = 0;
    do {
      ScanPage page = keyspace().scan(new ScanRequest(cursor, filter, step, true), alice());
      page.entries().forEach(scanned -> found.add(text(scanned.key())));
      cursor = page.cursor();
      between.accept(pages++);
      assertThat(pages).isLessThan(100_000);
    } while (cursor != ScanPage.END);
    return found;
  }

  private void fill(String prefix, int keys) {
    for (int i = 0; i < keys; i++) {
      set(prefix + i, "value" + i);
    }
  }

  @Test
  void scan_anyStep_findsEachKeyOnce() {
    fill("k", 700);

    for (int step : new int[] {1, 7, 100, 10_000}) {
      assertThat(scan(KeyFilter.ALL, step, page -> {})).doesNotHaveDuplicates().hasSize(700);
    }
  }

  @Test
  void scan_empty_isOverAtOnce() {
    ScanPage page = keyspace().scan(new ScanRequest(0, KeyFilter.ALL, 10, false), alice());

    assertThat(page.entries()).isEmpty();
    assertThat(page.isLast()).isTrue();
  }

  @Test
  void scan_entries_areThoseOfReads() {
    set("a", "one", Lifespan.ofMillis(10_000), GRPC);
    lock("a", 5_000);

    ScanPage with = keyspace().scan(new ScanRequest(0, KeyFilter.ALL, 10, true), bob());
    ScanPage without = keyspace().scan(new ScanRequest(0, KeyFilter.ALL, 10, false), bob());

    assertThat(with.entries().getFirst().entry())
        .usingRecursiveComparison()
        .ignoringFields("metrics")
        .isEqualTo(entry("a"));
    assertThat(without.entries().getFirst().entry().value()).isEmpty();
    assertThat(without.entries().getFirst().entry().size()).isEqualTo(3);
  }

  @Test
  void scan_filters_acceptPrefixAndPattern() {
    fill("user:", 30);
    fill("order:", 20);

    assertThat(scan(KeyFilter.prefix(bytes("user:")), 7, p -> {})).hasSize(30);
    assertThat(scan(KeyFilter.pattern(bytes(""), "r:1?5$"), 7, p -> {}))
        .containsExactlyInAnyOrder("user:5", "user:15", "order:5", "order:15");
    assertThat(scan(KeyFilter.pattern(bytes("user"), "5"), 7, p -> {}))
        .containsExactlyInAnyOrder("user:5", "user:15", "user:25");
    assertThat(keyspace().count(KeyFilter.prefix(bytes("order:")), alice())).isEqualTo(20);
    assertThat(keyspace().count(KeyFilter.ALL, alice())).isEqualTo(50);
  }

  @Test
  void scan_expiredKeys_areNotFound() {
    set("a", "x", Lifespan.ofMillis(10), RESP);
    set("b", "x");
    time.advanceMillis(10);

    assertThat(scan(KeyFilter.ALL, 10, p -> {})).containsExactly("b");
    assertThat(keyspace().count(KeyFilter.prefix(bytes("a")), alice())).isZero();
  }

  @Test
  void scan_whileTheStoreGrows_findsWhatWasThereOnce() {
    fill("stays", 300);

    List<String> found =
        scan(
            KeyFilter.ALL,
            10,
            page -> {
              for (int i = 0; i < 100 && page < 40; i++) {
                set("new" + page + "." + i, "x");
              }
              store().maintenance().run();
            });

    assertThat(found).doesNotHaveDuplicates();
    assertThat(found.stream().filter(key -> key.startsWith("stays"))).hasSize(300);
  }

  @Test
  void scan_whileTheStoreShrinks_findsWhatStaysOnce() {
    fill("stays", 200);
    fill("goes", 4_000);

    List<String> found =
        scan(
            KeyFilter.ALL,
            50,
            page -> {
              for (int i = page * 100; i < page * 100 + 100; i++) {
                apply(DeleteRequest.of(bytes("goes" + i)));
              }
              store().maintenance().run();
            });

    assertThat(found).doesNotHaveDuplicates();
    assertThat(found.stream().filter(key -> key.startsWith("stays"))).hasSize(200);
  }

  @Test
  void scan_arguments_areChecked() {
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> new ScanRequest(-1, KeyFilter.ALL, 10, false));
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> new ScanRequest(0, KeyFilter.ALL, 0, false));
    assertRefused(
        ErrorCode.ARGUMENT_INVALID, () -> new ScanRequest(0, KeyFilter.ALL, 10_001, false));
    assertRefused(ErrorCode.PATTERN_INVALID, () -> KeyFilter.pattern(bytes(""), "("));
  }

  private long sweep(KeyFilter filter, boolean forced, Stamp stamp) {
    long keys = 0;
    long cursor = ScanRequest.START;
    do {
      SweepPage page =
          keyspace()
              .sweep(new SweepRequest(cursor, filter, SweepRequest.What.KEYS, forced, 50), stamp);
      keys += page.keys();
      cursor = page.cursor();
    } while (cursor != ScanPage.END);
    return keys;
  }

  @Test
  void sweep_keys_leavesThoseLocked() {
    fill("k", 200);
    lock("k1", 5_000);
    keyspace().apply(new LockRequest(bytes("k2"), 5_000, false, false, RESP), bob());
    events();

    long gone = sweep(KeyFilter.ALL, false, alice());

    assertThat(gone).isEqualTo(198);
    List<String> told = told();
    assertThat(told)
        .hasSize(198)
        .doesNotHaveDuplicates()
        .doesNotContain("DELETED k1", "DELETED k2");
    assertThat(told).allMatch(event -> event.startsWith("DELETED "));
    assertThat(keyspace().stats().valueBytes()).isEqualTo("value1value2".length());
    assertThat(sweep(KeyFilter.ALL, true, alice())).isEqualTo(2);
    assertThat(keyspace().stats().keys()).isZero();
    assertThat(keyspace().stats().locks()).isZero();
  }

  @Test
  void sweep_prefix_leavesTheRest() {
    fill("user:", 120);
    fill("order:", 30);

    assertThat(sweep(KeyFilter.prefix(bytes("user:")), false, alice())).isEqualTo(120);

    assertThat(keyspace().count(KeyFilter.ALL, alice())).isEqualTo(30);
  }

  @Test
  void sweep_readOnly_isRefused() {
    keyspace().readOnly(true);

    assertRefused(ErrorCode.READ_ONLY, () -> sweep(KeyFilter.ALL, false, alice()));
  }

  @Test
  void randomKey_isSomeKeyThatExists() {
    assertThat(keyspace().randomKey(alice())).isNull();
    set("a", "x");
    set("b", "x");
    Set<String> found = new HashSet<>();

    for (int i = 0; i < 300; i++) {
      found.add(text(keyspace().randomKey(alice())));
    }

    assertThat(found).isSubsetOf("a", "b").isNotEmpty();
  }

  @Test
  void randomKey_amongTheHistoryOfMany_isTheOneThatExists() {
    use(StoreLimits.DEFAULT.withHistory(5, 60_000));
    for (int i = 0; i < 500; i++) {
      set("gone" + i, "x", Lifespan.UNSTATED, GRPC);
      apply(DeleteRequest.of(bytes("gone" + i)));
    }
    assertThat(keyspace().randomKey(alice())).isNull();
    set("a", "x");

    for (int i = 0; i < 20; i++) {
      assertThat(text(keyspace().randomKey(alice()))).isEqualTo("a");
    }
  }
}
