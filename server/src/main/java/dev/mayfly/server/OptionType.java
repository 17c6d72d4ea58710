package dev.mayfly.server;

import dev.mayfly.store.ByteSize;
import dev.mayfly.store.DurationCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the text of an option becomes its value and back.
 *
 * @param <T> the value's type; immutable
 * @param name what the reference calls the type
 * @param expected the form that a right value has, to end a sentence with
 * @param decoder throws IllegalArgumentException for a text that is not of that form
 * @param encoder gives a text that the decoder reads as the same value
 */
record OptionType<T>(
    String name, String expected, Function<String, T> decoder, Function<T, String> encoder) {

  static OptionType<String> text(int charsMax) {
    return new OptionType<>(
        "text",
        "at most " + charsMax + " characters",
        text -> requireThat(text.length() <= charsMax, text),
        Function.identity());
  }

  static OptionType<Boolean> flag() {
    return new OptionType<>(
        "true or false",
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "on", "yes" -> true;
              case "false", "off", "no" -> false;
              default -> throw new IllegalArgumentException("not true or false");
            },
        String::valueOf);
  }

  static OptionType<Long> number(long min, long max) {
    String range =
        max == Long.MAX_VALUE
            ? "a whole number, at least " + min
            : "a number from " + min + " to " + max;
    return new OptionType<>(
        "number",
        range,
        text -> {
          long value = Long.parseLong(text);
          return requireThat(value >= min && value <= max, value);
        },
        String::valueOf);
  }

  static OptionType<Duration> duration(Duration min, Duration max) {
    return new OptionType<>(
        "duration",
        "a duration such as 30s or 1h30m, from "
            + DurationCodec.encode(min)
            + " to "
            + DurationCodec.encode(max),
        text -> {
          Duration value = DurationCodec.decode(text);
          boolean tooFine = !value.isZero() && value.toMillis() == 0;
          boolean within = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
          return requireThat(within && !tooFine, value);
        },
        DurationCodec::encode);
  }

  static OptionType<ByteSize> size(ByteSize min, ByteSize max) {
    String range = max.bytes() == Long.MAX_VALUE ? "at least " + min : "from " + min + " to " + max;
    return new OptionType<>(
        "size",
        "a size such as 64MiB, " + range,
        text -> {
          ByteSize value = ByteSize.parse(text);
          return requireThat(value.compareTo(min) >= 0 && value.compareTo(max) <= 0, value);
        },
        ByteSize::toString);
  }

  /** One of a few words; the option's own are of {@code letters} case, either is accepted. */
  static <E extends Enum<E>> OptionType<E> choice(Class<E> type, boolean upperCase) {
    Function<E, String> word =
        value -> upperCase ? value.name() : value.name().toLowerCase(Locale.ROOT);
    String words =
        Arrays.stream(type.getEnumConstants()).map(word).collect(Collectors.joining(", "));
    return new OptionType<>(
        "one of " + words,
        "one of " + words,
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)),
        word);
  }

  static OptionType<ListenAddress> address(int defaultPort) {
    return new OptionType<>(
        "address",
        "host:port, :port (all interfaces), unix:///path or off",
        text -> ListenAddress.parse(text, defaultPort),
        ListenAddress::toString);
  }

  private static <T> T requireThat(boolean right, T value) {
    if (!right) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }
}
