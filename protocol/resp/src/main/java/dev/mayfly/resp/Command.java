package dev.mayfly.resp;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command: the facts about it, and what it does.
 *
 * @param index its number among all commands, from 0
 * @param name lower-case
 * @param arity how many arguments it has, the name included; -n: at least n
 * @param flags as COMMAND tells them
 * @param categories what access rules of the original call it
 * @param traits what else is special about it
 * @param subcommands the subcommands there are; empty: it has none
 * @param firstKey the number of the first key among the arguments; 0: none
 * @param lastKey the number of the last; -1: the last argument
 * @param keyStep how far apart keys are
 * @param group such as {@code string}
 * @param since the version of the original, or of the system that it comes from
 * @param complexity in the usual notation
 * @param arguments what follows the name, as people write it
 * @param summary one sentence
 * @param handler what it does
 */
record Command(
    int index,
    String name,
    int arity,
    List<String> flags,
    List<String> categories,
    Set<Trait> traits,
    List<Subcommand> subcommands,
    int firstKey,
    int lastKey,
    int keyStep,
    String group,
    String since,
    String complexity,
    String arguments,
    String summary,
    Handler handler) {

  /** What the facts say that clients are not told. */
  enum Trait {
    /** It is done at once although a transaction is being put together. */
    IMMEDIATE,
    /** A client of RESP2 may send it while it is subscribed. */
    SUBSCRIBED,
    /** What it answers is a message, which comes to a client that wants no replies, too. */
    MESSAGES,
    /** It does nothing but read and write the keys it names, at once. */
    KEYS,
    /** It tells values of the keys it names, or the names of many. */
    MUCH
  }

  /** Turns arguments into an action. */
  @FunctionalInterface
  interface Handler {
    /**
     * The action that the arguments ask for.
     *
     * @throws RespException when they are wrong
     */
    Action plan(Arguments arguments, Session session);
  }

  /** The subcommand of this name; null when there is none. */
  @Nullable Subcommand subcommand(String lower) {
    for (Subcommand each : subcommands) {
      if (each.name().equals(lower)) {
        return each;
      }
    }
    return null;
  }

  boolean admits(int arguments) {
    return arity >= 0 ? arguments == arity : arguments >= -arity;
  }

  /** Whether it tells of keys and changes none. */
  boolean isRead() {
    return firstKey > 0 && flags.contains("readonly");
  }

  /** Whether it does nothing but read and write the keys it names. */
  boolean isOfKeys() {
    return traits.contains(Trait.KEYS);
  }

  /** Whether it tells values of the keys it names, or the names of many. */
  boolean tellsMuch() {
    return traits.contains(Trait.MUCH);
  }

  /** Whether it is done at once although a transaction is being put together. */
  boolean isImmediate() {
    return traits.contains(Trait.IMMEDIATE);
  }

  /** Whether a client of RESP2 may send it while it is subscribed. */
  boolean isAllowedSubscribed() {
    return traits.contains(Trait.SUBSCRIBED);
  }

  /** Whether what it answers is a message, which comes to a client that wants no replies, too. */
  boolean isAnsweredByMessages() {
    return traits.contains(Trait.MESSAGES);
  }
}
