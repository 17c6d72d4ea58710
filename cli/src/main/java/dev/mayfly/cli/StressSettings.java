package dev.mayfly.cli;

import dev.mayfly.client.ServerAddress;
import dev.mayfly.store.DurationCodec;
import dev.mayfly.stress.Distribution;
import dev.mayfly.stress.Door;
import dev.mayfly.stress.Pace;
import dev.mayfly.stress.StressPlan;
import dev.mayfly.stress.ValueSize;
import dev.mayfly.stress.Workload;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the arguments and the environment of {@code mayfly stress} ask for. Immutable.
 *
 * <p>Whatever makes no sense is a {@code UsageException} or an {@code IllegalArgumentException}.
 */
record StressSettings(Arguments arguments, Map<String, String> environment) {
  private static final long AMOUNT = 100_000;
  private static final int CLUSTERS = 50;
  private static final int WORKERS = 10;
  private static final int HTTP_PORT = 80;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  StressPlan plan() {
    Door door = Door.parse(text(StressOptions.DOOR, "http"));
    Pace pace = pace();
    return new StressPlan(
        door,
        address(door),
        Session.trust(arguments),
        connections(),
        whole("pipeline", arguments.value(StressOptions.PIPELINE), 1),
        orElse(duration("timeout", StressOptions.TIMEOUT), TIMEOUT),
        text(StressOptions.SECRET, environment.getOrDefault("MAYFLY_COUNTER_SECRET", "")),
        workload(door, pace),
        pace);
  }

  private Pace pace() {
    Duration duration = duration("duration", StressOptions.DURATION);
    String warmup = arguments.value(StressOptions.WARMUP);
    String amount = arguments.value(StressOptions.AMOUNT);
    if (amount == null) {
      amount = environment.get("STRESS_AMOUNT");
    }
    @Nullable Long bound = null;
    if (amount != null) {
      bound = Numbers.count("amount", amount);
    } else if (duration == null) {
      bound = AMOUNT;
    }
    String rate = arguments.value(StressOptions.RATE);
    return new Pace(
        bound,
        duration,
        warmup == null ? Duration.ZERO : DurationCodec.decode(warmup),
        rate == null ? null : decimal("rate", rate));
  }

  private Workload workload(Door door, Pace pace) {
    Long amount = pace.amount();
    String keys = arguments.value(StressOptions.KEYS);
    String reads = arguments.value(StressOptions.READS);
    String size = arguments.value(StressOptions.VALUE_SIZE);
    String seed = arguments.value(StressOptions.SEED);
    Duration lifespan = duration("lifespan", StressOptions.LIFESPAN);
    if (lifespan != null && door != Door.GRPC && door != Door.RESP && door != Door.JSON) {
      throw new UsageException(
          "--lifespan with --door " + door.word() + ": expected grpc, resp or json");
    }
    return new Workload(
        text(StressOptions.PREFIX, "stress:"),
        keys == null ? (amount == null ? AMOUNT : amount) : Numbers.count("number of keys", keys),
        Distribution.parse(text(StressOptions.DISTRIBUTION, "sequential")),
        reads == null ? 0 : decimal("share of reads", reads),
        size == null ? null : ValueSize.parse(size),
        lifespan,
        seed == null ? new SecureRandom().nextLong() : Numbers.any("seed", seed));
  }

  private ServerAddress address(Door door) {
    String text = arguments.value(StressOptions.ADDRESS);
    boolean isHttp = door == Door.HTTP || door == Door.JSON;
    if (text == null && isHttp) {
      text = environment.get("SERVICE_URL");
    }
    if (text == null && isHttp) {
      text = environment.get("MAYFLY_ADDRESS");
    }
    if (text == null || text.isEmpty()) {
      return new ServerAddress.Tcp("127.0.0.1", door.port());
    }
    int port = text.startsWith("http://") ? HTTP_PORT : door.port();
    return ServerAddress.parse(text, port);
  }

  private int connections() {
    String given = arguments.value(StressOptions.CONNECTIONS);
    String clusters = arguments.value(StressOptions.CLUSTERS);
    String workers = arguments.value(StressOptions.WORKERS);
    if (given != null) {
      if (clusters != null || workers != null) {
        throw new UsageException(
            "--connections beside --clusters or --workers: expected one way to say how many");
      }
      return whole("number of connections", given, 1);
    }
    int groups =
        whole(
            "number of clusters",
            clusters == null ? environment.get("STRESS_CLUSTERS") : clusters,
            CLUSTERS);
    if (workers == null) {
      workers = environment.getOrDefault("STRESS_WORKERS", environment.get("STERSS_WORKERS"));
    }
    return Math.multiplyExact(groups, whole("number of workers", workers, WORKERS));
  }

  private String text(Option option, String fallback) {
    return orElse(arguments.value(option), fallback);
  }

  private static <T> T orElse(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  private @Nullable Duration duration(String what, Option option) {
    String text = arguments.value(option);
    return text == null ? null : Durations.positive(what, text);
  }

  private static int whole(String what, @Nullable String text, int fallback) {
    if (text == null) {
      return fallback;
    }
    long number = Numbers.count(what, text);
    if (number < 1 || number > StressPlan.CONNECTIONS_MAX) {
      throw new UsageException(
          "invalid %s '%s': expected 1 to %d".formatted(what, text, StressPlan.CONNECTIONS_MAX));
    }
    return (int) number;
  }

  private static double decimal(String what, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new UsageException("invalid " + what + " '" + text + "': expected a number", e);
    }
  }
}
