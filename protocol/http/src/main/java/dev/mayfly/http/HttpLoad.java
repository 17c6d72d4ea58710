package dev.mayfly.http;

/**
 * What the http door holds for clients at a moment.
 *
 * @param inputBytes bytes of requests that have come in part or are not answered: large heads, and
 *     bodies
 * @param outputBytes bytes of answers that clients have not taken
 * @param outputWaiting how many connections wait until others have taken theirs
 */
public record HttpLoad(long inputBytes, long outputBytes, int outputWaiting) {
  /** Of a door that does not listen. */
  public static final HttpLoad NONE = new HttpLoad(0, 0, 0);
}
