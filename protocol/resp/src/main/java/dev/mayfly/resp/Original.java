package dev.mayfly.resp;

/**
 * What this door says it is compatible with. Clients go by it: some keep no cache beside a server
 * of another name, or of an earlier version than the one that has all that they may ask for. INFO
 * tells who we are.
 */
final class Original {
  static final String NAME = "redis";
  static final String VERSION = "7.4.0";

  private Original() {}
}
