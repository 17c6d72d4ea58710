package dev.mayfly.server;

import dev.mayfly.server.Option.Fallback;
import dev.mayfly.server.Option.Trait;
import dev.mayfly.store.ByteSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Options in the order of their declaration. Filled while a class is initialized. */
final class OptionList {
  private static final long MIB = 1 << 20;

  private final List<Option<?>> all = new ArrayList<>();

  <T> Option<T> add(
      String name, String alias, OptionType<T> type, String text, String doc, Trait... traits) {
    return add(name, alias, type, Fallback.of(text), doc, traits);
  }

  <T> Option<T> add(
      String name,
      String alias,
      OptionType<T> type,
      Fallback fallback,
      String doc,
      Trait... traits) {
    Option<T> option = new Option<>(name, alias, type, fallback, Set.of(traits), doc);
    all.add(option);
    return option;
  }

  List<Option<?>> all() {
    return Collections.unmodifiableList(all);
  }

  /** So much of the memory, in whole MiB, at least one. */
  static ByteSize shareOf(ByteSize memory, int parts) {
    long whole = Math.max(memory.bytes() / parts, MIB);
    return new ByteSize(whole - whole % MIB);
  }
}
