package dev.mayfly.server;

import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One option of the server: its names, type, default and meaning.
 *
 * @param <T> the value's type
 * @param name lower-case words with hyphens, groups with dots; what a file uses
 * @param alias a shorter name that works in every source too; empty if there is none
 * @param type how its text is read
 * @param fallback the default
 * @param traits what is special about it
 * @param doc what it does, in whole sentences
 */
record Option<T>(
    String name,
    String alias,
    OptionType<T> type,
    Fallback fallback,
    Set<Trait> traits,
    String doc) {

  /** What can be special about an option. */
  enum Trait {
    /** Its value is never shown. */
    SECRET,
    /** 0 stands for the default. */
    ZERO_IS_DEFAULT,
    /** It says which file to read, so no file can set it. */
    NOT_IN_FILE,
    /** As a flag it needs no value. */
    SWITCH
  }

  /**
   * A default.
   *
   * @param shown how the reference shows it
   * @param text its text, given the process's surroundings
   */
  record Fallback(String shown, Function<Surroundings, String> text) {
    static Fallback of(String text) {
      return new Fallback(text, surroundings -> text);
    }
  }

  /** Names are unique. To link the generated methods takes a start some ten milliseconds. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Option<?> option && name.equals(option.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /** As a flag, with its two hyphens. */
  String flag() {
    return flag(name);
  }

  /** As an environment variable. */
  String variable() {
    return variable(name);
  }

  @Override
  public String toString() {
    return name;
  }

  static String flag(String name) {
    return "--" + name.replace('.', '-');
  }

  static String variable(String name) {
    return "MAYFLY_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
