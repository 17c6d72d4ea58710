package dev.mayfly.http;

/**
 * What the http door holds for clients at a moment.
 *
 * @param streamBytes bytes of lists, batches and event streams that clients have not taken
 * @param streamsWaiting how many of those wait until others have taken theirs
 */
public record HttpLoad(long streamBytes, int streamsWaiting) {
  /** Of a door that does not listen. */
  public static final HttpLoad NONE = new HttpLoad(0, 0);
}
