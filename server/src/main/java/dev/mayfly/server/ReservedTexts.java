package dev.mayfly.server;

import dev.mayfly.store.ReservedEntries;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the reserved keys tell of this server's configuration: durations in whole nanoseconds. */
final class ReservedTexts {
  /** As existing clients parse it: a space between the parts, the zone as an offset and a name. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral(" +0000 UTC")
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private ReservedTexts() {}

  static ReservedEntries entries(MayflyConfig config, long startedMillis) {
    return new ReservedEntries(texts(config, startedMillis), startedMillis);
  }

  private static Map<String, String> texts(MayflyConfig config, long startedMillis) {
    MayflyConfig.Limits limits = config.limits();
    MayflyConfig.Prune prune = config.prune();
    MayflyConfig.Journal journal = config.journal();
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("Started", TIME.format(Instant.ofEpochMilli(startedMillis)));
    texts.put("MaxLockDuration", nanos(limits.lockMax()));
    texts.put("MinLockDuration", nanos(limits.lockMin()));
    texts.put("MinLifespan", nanos(limits.lifespanMin()));
    texts.put("MaxKeys", Long.toString(limits.keysMax()));
    texts.put("PruneInterval", nanos(prune.interval()));
    texts.put("PruneAt", Long.toString(prune.at()));
    texts.put("PruneTo", Long.toString(prune.to()));
    texts.put("EagerPruneAt", Long.toString(prune.eagerAt()));
    texts.put("EagerPruneTo", Long.toString(prune.eagerTo()));
    texts.put("MaxValueSize", Long.toString(limits.valueBytesMax()));
    texts.put("MaxKeyLength", Long.toString(limits.keyBytesMax()));
    texts.put("RevisionLimit", Long.toString(config.history().versionsMax()));
    texts.put("snapshot/Enabled", Boolean.toString(journal.isOn()));
    texts.put("snapshot/Interval", nanos(journal.isOn() ? journal.interval() : Duration.ZERO));
    texts.put("EventStreamSubscriberLimit", Long.toString(config.events().watchersMax()));
    return texts;
  }

  private static String nanos(Duration duration) {
    return Long.toString(duration.toNanos());
  }
}
