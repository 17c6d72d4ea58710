package dev.mayfly.architecture;

/**
 * One breach of a rule.
 *
 * @param place {@code path} or {@code path:line}
 * @param advice what is wrong and what to do instead
 */
record Finding(TidyRule rule, String place, String advice) {
  String path() {
    int colon = place.indexOf(':');
    return colon < 0 ? place : place.substring(0, colon);
  }

  @Override
  public String toString() {
    return place + ": [" + rule + "] " + advice;
  }
}
