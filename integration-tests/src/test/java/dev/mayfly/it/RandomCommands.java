package dev.mayfly.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Commands as clients may send them, right and wrong: any option, number of arguments and value,
 * deadlines long past or far ahead. The same seed gives the same commands. Confined to one thread.
 */
final class RandomCommands {
  private static final int KEYS = 8;

  private static final String[] VALUES = {
    "1",
    "-5",
    "10",
    "abc",
    "",
    "3.14",
    " 1",
    "01",
    "+1",
    "1e3",
    "-0",
    "5.0",
    "0.1",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "\0\u00ff",
    "inf"
  };
  private static final String[] NUMBERS = {
    "0",
    "1",
    "-1",
    "5",
    "100",
    "7",
    "-100",
    "abc",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "",
    " 1",
    "01"
  };
  private static final String[] OFFSETS = {"0", "3", "-1", "abc", "20", "1000"};
  private static final String[] BITS = {"0", "7", "100", "-1", "abc", "4294967296"};
  private static final String[] WRONG_LIFESPANS = {"0", "-1", "abc", "9223372036854775807"};
  private static final String[] SECONDS_AT = {"4000000000", "1", "0", "-5", "abc"};
  private static final String[] MILLIS_AT = {"4000000000000", "1", "0", "-5", "abc"};
  private static final String[] PATTERNS = {
    "*", "k*", "k?", "k[1-3]", "k[^1]", "\\k1", "x*", "[", ""
  };

  private static final String[] NAMES = {
    "set",
    "set",
    "set",
    "set",
    "get",
    "get",
    "getset",
    "getdel",
    "getex",
    "getex",
    "mget",
    "mset",
    "msetnx",
    "setnx",
    "setex",
    "psetex",
    "append",
    "strlen",
    "getrange",
    "substr",
    "setrange",
    "incr",
    "decr",
    "incrby",
    "decrby",
    "incrbyfloat",
    "setbit",
    "getbit",
    "bitcount",
    "del",
    "unlink",
    "exists",
    "touch",
    "type",
    "ttl",
    "pttl",
    "expire",
    "pexpire",
    "expireat",
    "pexpireat",
    "expiretime",
    "pexpiretime",
    "persist",
    "rename",
    "renamenx",
    "copy",
    "keys",
    "scan",
    "dbsize",
    "object",
    "echo",
    "ping",
    "select",
    "multi",
    "exec",
    "exec",
    "discard",
    "watch",
    "unwatch",
    "client",
    "wait",
    "wrong",
    "flush",
    "pubsub",
    "publish",
    "subscribe",
    "unsubscribe",
    "psubscribe",
    "punsubscribe",
    "command",
    "config",
    "auth",
    "hello",
    "memory"
  };

  /** Subcommands as they are never to be answered with success, whose replies differ. */
  private static final String[][] REFUSED_OF_CLIENT = {
    {"kill", "1.2.3.4:5"},
    {"kill", "id", "0"},
    {"kill", "id", "x"},
    {"kill", "id", "999999999"},
    {"kill", "type", "x"},
    {"kill", "user", "nobody"},
    {"kill", "skipme", "x"},
    {"kill", "addr"},
    {"kill"},
    {"list", "type", "x"},
    {"list", "id", "x"},
    {"list", "id"},
    {"list", "bogus"},
    {"list", "type", "replica"},
    {"reply", "x"},
    {"id", "x"},
    {"info", "x"},
    {"tracking", "on", "prefix", "a"},
    {"tracking", "on", "bcast", "prefix", "a", "prefix", "ab"},
    {"tracking", "on", "redirect", "999999999"},
    {"tracking", "on", "bcast", "optin"}
  };

  private static final String[][] OF_COMMAND = {
    {"getkeys", "get", "k1"},
    {"getkeys", "mset", "a", "1", "b", "2"},
    {"getkeys", "mget", "a", "b"},
    {"getkeys", "get"},
    {"getkeys", "nosuch", "a"},
    {"getkeys", "ping"},
    {"getkeys"},
    {"count", "x"},
    {"list", "filterby", "pattern", "hell*"},
    {"list", "filterby", "x", "y"},
    {"list", "x"},
    {"info", "nosuch"},
    {"docs", "nosuch"},
    {"bogus"}
  };

  private final Random random;

  RandomCommands(long seed) {
    random = new Random(seed);
  }

  String key() {
    return "k" + random.nextInt(KEYS);
  }

  private String of(String... words) {
    return words[random.nextInt(words.length)];
  }

  private boolean rarely() {
    return random.nextInt(30) == 0;
  }

  private String value() {
    return random.nextInt(4) == 0 ? "v".repeat(random.nextInt(80)) : of(VALUES);
  }

  /** Hardly ever twice the same: with GT, the moment of the second would matter. */
  private String seconds() {
    return random.nextBoolean() ? "" + (100 + random.nextInt(1_000_000)) : of(WRONG_LIFESPANS);
  }

  private String millis() {
    return random.nextBoolean()
        ? "" + (100_000 + random.nextInt(1_000_000_000))
        : of(WRONG_LIFESPANS);
  }

  /** The next command. */
  List<String> next() {
    List<String> words = new ArrayList<>();
    String name = of(NAMES);
    words.add(random.nextInt(8) == 0 ? name.toUpperCase(Locale.ROOT) : name);
    add(name, words);
    if (rarely()) {
      words.add(value());
    }
    if (rarely() && words.size() > 1) {
      words.removeLast();
    }
    return List.copyOf(words);
  }

  private void add(String name, List<String> words) {
    switch (name) {
      case "set" -> set(words);
      case "get",
          "getdel",
          "strlen",
          "incr",
          "decr",
          "type",
          "ttl",
          "pttl",
          "persist",
          "expiretime",
          "pexpiretime" ->
          words.add(key());
      case "getset", "setnx", "append" -> words.addAll(List.of(key(), value()));
      case "getex" -> getex(words);
      case "mget", "del", "unlink", "exists", "touch", "watch" -> keys(words);
      case "mset", "msetnx" -> pairs(words);
      case "setex" -> words.addAll(List.of(key(), seconds(), value()));
      case "psetex" -> words.addAll(List.of(key(), millis(), value()));
      case "getrange", "substr" -> words.addAll(List.of(key(), of(NUMBERS), of(NUMBERS)));
      case "setrange" -> words.addAll(List.of(key(), of(OFFSETS), value()));
      case "incrby", "decrby" -> words.addAll(List.of(key(), of(NUMBERS)));
      case "incrbyfloat" ->
          words.addAll(
              List.of(key(), of("1", "0.5", "-2.25", "abc", "3", "1e2", "inf", "nan", "")));
      case "setbit" -> words.addAll(List.of(key(), of(BITS), of("0", "1", "2", "x")));
      case "getbit" -> words.addAll(List.of(key(), of(BITS)));
      case "bitcount" -> bitcount(words);
      case "expire" -> expire(words, seconds());
      case "pexpire" -> expire(words, millis());
      case "expireat" -> expire(words, of(SECONDS_AT));
      case "pexpireat" -> expire(words, of(MILLIS_AT));
      case "rename", "renamenx" -> words.addAll(List.of(key(), key()));
      case "copy" -> copy(words);
      case "keys" -> words.add(of(PATTERNS));
      case "scan" -> scan(words);
      case "object" -> words.addAll(List.of(of("encoding", "refcount", "freq", "x"), key()));
      case "echo" -> words.add(value());
      case "select" -> words.add(of("0", "0", "99", "abc", "-1"));
      case "client" -> client(words);
      case "wait" -> words.addAll(List.of("0", of("0", "abc", "-1")));
      case "flush" -> flush(words);
      case "pubsub" -> pubsub(words);
      case "publish" -> words.addAll(List.of("c", value()));
      // One channel and one pattern at most, so that each command gets one reply.
      case "subscribe" -> seldom(words, "c");
      case "psubscribe" -> seldom(words, "p*");
      case "unsubscribe" -> words.addAll(random.nextBoolean() ? List.of("c") : List.of());
      case "punsubscribe" -> words.addAll(random.nextBoolean() ? List.of("p*") : List.of());
      case "command" -> words.addAll(List.of(OF_COMMAND[random.nextInt(OF_COMMAND.length)]));
      case "config" -> config(words);
      case "auth" -> auth(words);
      case "hello" -> hello(words);
      case "memory" -> words.addAll(List.of(of("usage", "x"), "none", of("samples", "x"), "5"));
      case "wrong" -> wrong(words);
      default -> {}
    }
  }

  private void set(List<String> words) {
    words.addAll(List.of(key(), value()));
    for (int more = random.nextInt(4) - 1; more > 0; more--) {
      switch (random.nextInt(9)) {
        case 0 -> words.add("nx");
        case 1 -> words.add("XX");
        case 2 -> words.add("get");
        case 3 -> words.add("keepttl");
        case 4 -> words.addAll(List.of("ex", seconds()));
        case 5 -> words.addAll(List.of("px", millis()));
        case 6 -> words.addAll(List.of("exat", of(SECONDS_AT)));
        case 7 -> words.addAll(List.of("pxat", of(MILLIS_AT)));
        default -> words.add(of("ex", "bogus"));
      }
    }
  }

  private void getex(List<String> words) {
    words.add(key());
    switch (random.nextInt(7)) {
      case 0 -> words.add("persist");
      case 1 -> words.addAll(List.of("ex", seconds()));
      case 2 -> words.addAll(List.of("px", millis()));
      case 3 -> words.addAll(List.of("exat", of(SECONDS_AT)));
      case 4 -> words.addAll(List.of("pxat", of(MILLIS_AT)));
      case 5 -> words.add(of("ex", "bogus"));
      default -> {}
    }
  }

  private void keys(List<String> words) {
    for (int i = random.nextInt(4); i > 0; i--) {
      words.add(key());
    }
  }

  private void pairs(List<String> words) {
    for (int i = random.nextInt(4); i > 0; i--) {
      words.addAll(List.of(key(), value()));
    }
  }

  private void bitcount(List<String> words) {
    words.add(key());
    switch (random.nextInt(4)) {
      case 0 -> words.addAll(List.of(of(NUMBERS), of(NUMBERS)));
      case 1 -> words.addAll(List.of(of(NUMBERS), of(NUMBERS), of("bit", "BYTE", "x")));
      case 2 -> words.add("0");
      default -> {}
    }
  }

  private void expire(List<String> words, String time) {
    words.addAll(List.of(key(), time));
    for (int more = random.nextInt(4) - 1; more > 0; more--) {
      words.add(of("nx", "xx", "gt", "lt", "GT", "zz"));
    }
  }

  private void copy(List<String> words) {
    words.addAll(List.of(key(), key()));
    switch (random.nextInt(4)) {
      case 0 -> words.add("replace");
      case 1 -> words.addAll(List.of("db", of("0", "abc")));
      case 2 -> words.add(of("db", "x"));
      default -> {}
    }
  }

  private void scan(List<String> words) {
    words.add(of("0", "0", "0", "abc", "1x"));
    words.addAll(List.of("count", of("1000", "1000", "0", "-1", "abc")));
    switch (random.nextInt(4)) {
      case 0 -> words.addAll(List.of("match", of(PATTERNS)));
      case 1 -> words.addAll(List.of("type", of("string", "list")));
      case 2 -> words.add("match");
      default -> {}
    }
  }

  private void client(List<String> words) {
    switch (random.nextInt(9)) {
      case 0 -> words.addAll(List.of("setname", of("me", "with space", "you", "")));
      case 1 -> words.add("getname");
      case 2 -> words.addAll(List.of("no-evict", of("on", "off", "x")));
      case 3 -> words.add("trackinginfo");
      case 4 -> words.addAll(List.of("tracking", of("on", "off", "x"), of("optin", "optout", "y")));
      case 5 -> words.addAll(List.of("caching", of("yes", "no", "z")));
      case 6, 7 ->
          words.addAll(List.of(REFUSED_OF_CLIENT[random.nextInt(REFUSED_OF_CLIENT.length)]));
      default -> words.add(of("getredir", "nothing"));
    }
  }

  /** While a client of RESP2 is subscribed, it can do little else. */
  private void seldom(List<String> words, String name) {
    if (random.nextInt(5) == 0) {
      words.add(name);
    } else {
      words.set(0, "ping");
    }
  }

  private void pubsub(List<String> words) {
    words.add(of("numsub", "numpat", "channels", "x"));
    for (int i = random.nextInt(3); i > 0; i--) {
      words.add(of("c", "p*", "none"));
    }
  }

  private void config(List<String> words) {
    String events = "notify-keyspace-events";
    switch (random.nextInt(6)) {
      case 0 -> words.addAll(List.of("get", events));
      case 1 ->
          words.addAll(List.of("set", events, of("", "KEA", "Ex", "g$xeKEn", "KEAn", "Km", "Q")));
      case 2 -> words.addAll(List.of("set", "no-such-option", "1"));
      case 3 -> words.addAll(List.of("set", events));
      case 4 -> words.addAll(List.of("get", "no-such-*"));
      default -> words.add(of("get", "resetstat", "bogus"));
    }
  }

  private void auth(List<String> words) {
    for (int i = random.nextInt(4); i > 0; i--) {
      words.add(of("default", "nobody", "pass"));
    }
  }

  private void hello(List<String> words) {
    switch (random.nextInt(4)) {
      case 0 -> words.add(of("1", "4", "x", "-1"));
      case 1 -> words.addAll(List.of("2", "setname", "with space"));
      case 2 -> words.addAll(List.of("3", "auth", "nobody", "x"));
      default -> words.addAll(List.of("2", of("setname", "auth", "bogus")));
    }
  }

  private void flush(List<String> words) {
    words.set(0, random.nextInt(20) == 0 ? of("flushall", "flushdb") : "dbsize");
    if (rarely()) {
      words.add(of("async", "sync", "now"));
    }
  }

  private void wrong(List<String> words) {
    words.set(0, of("nosuch", "zz".repeat(1 + random.nextInt(60)), "get", "set", "expire"));
    for (int i = random.nextInt(4); i > 0; i--) {
      words.add(value());
    }
  }
}
