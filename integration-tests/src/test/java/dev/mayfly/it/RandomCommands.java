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
  private static final String[] SECONDS = {
    "100", "100000", "0", "-1", "abc", "9223372036854775807"
  };
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
    "pubsub"
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
      case "setex", "psetex" -> words.addAll(List.of(key(), of(SECONDS), value()));
      case "getrange", "substr" -> words.addAll(List.of(key(), of(NUMBERS), of(NUMBERS)));
      case "setrange" -> words.addAll(List.of(key(), of(OFFSETS), value()));
      case "incrby", "decrby" -> words.addAll(List.of(key(), of(NUMBERS)));
      case "incrbyfloat" ->
          words.addAll(
              List.of(key(), of("1", "0.5", "-2.25", "abc", "3", "1e2", "inf", "nan", "")));
      case "setbit" -> words.addAll(List.of(key(), of(BITS), of("0", "1", "2", "x")));
      case "getbit" -> words.addAll(List.of(key(), of(BITS)));
      case "bitcount" -> bitcount(words);
      case "expire", "pexpire" -> expire(words, SECONDS);
      case "expireat" -> expire(words, SECONDS_AT);
      case "pexpireat" -> expire(words, MILLIS_AT);
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
      case "pubsub" -> words.addAll(List.of(of("numsub", "numpat", "channels", "x")));
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
        case 4 -> words.addAll(List.of("ex", of(SECONDS)));
        case 5 -> words.addAll(List.of("px", of(SECONDS)));
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
      case 1 -> words.addAll(List.of("ex", of(SECONDS)));
      case 2 -> words.addAll(List.of("px", of(SECONDS)));
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

  private void expire(List<String> words, String[] times) {
    words.addAll(List.of(key(), of(times)));
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
    switch (random.nextInt(7)) {
      case 0 -> words.addAll(List.of("setname", of("me", "with space", "you")));
      case 1 -> words.add("getname");
      case 2 -> words.addAll(List.of("no-evict", of("on", "off", "x")));
      case 3 -> words.add("trackinginfo");
      case 4 -> words.addAll(List.of("tracking", of("on", "off", "x"), of("optin", "optout", "y")));
      case 5 -> words.addAll(List.of("caching", of("yes", "no", "z")));
      default -> words.add(of("getredir", "nothing"));
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
