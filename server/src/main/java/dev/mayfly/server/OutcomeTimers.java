package dev.mayfly.server;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what a door was asked, one meter for each outcome that has occurred.
 *
 * <p>Counting is safe for concurrent use and takes no lock; telling is confined to the scrape.
 *
 * @param <O> what was asked and how it ended, with equality by value
 */
final class OutcomeTimers<O> {
  /** Outcomes are few and fixed; a fault that made more must not grow this. */
  private static final int OUTCOMES_MAX = 2000;

  private record Tally(LongAdder count, LongAdder nanos) {}

  private final String name;
  private final String description;
  private final Function<O, Tags> tags;
  private final Map<O, Tally> tallies = new ConcurrentHashMap<>();
  private final Set<O> told = new HashSet<>();
  private @Nullable MeterRegistry registry;

  OutcomeTimers(String name, String description, Function<O, Tags> tags) {
    this.name = name;
    this.description = description;
    this.tags = tags;
  }

  /** One more with this outcome, which took so long. */
  void add(O outcome, long nanos) {
    Tally tally = tallies.get(outcome);
    if (tally == null) {
      if (tallies.size() >= OUTCOMES_MAX) {
        return;
      }
      tally = tallies.computeIfAbsent(outcome, o -> new Tally(new LongAdder(), new LongAdder()));
    }
    tally.count().increment();
    tally.nanos().add(nanos);
  }

  /** Where {@link #refresh} adds meters. */
  void bindTo(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Adds the meters of outcomes that have occurred for the first time. */
  void refresh() {
    MeterRegistry meters = registry;
    if (meters == null) {
      return;
    }
    tallies.forEach(
        (outcome, tally) -> {
          if (told.add(outcome)) {
            FunctionTimer.builder(
                    name, tally, t -> t.count().sum(), t -> t.nanos().sum(), TimeUnit.NANOSECONDS)
                .tags(tags.apply(outcome))
                .description(description)
                .register(meters);
          }
        });
  }
}
