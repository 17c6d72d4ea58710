package dev.mayfly.resp;

/**
 * What clients keep a resp door's memory busy with, as of about now. Immutable.
 *
 * @param inputBytes of commands that wait to be run
 * @param outputBytes of replies and messages that clients have not taken
 * @param waiting clients that wait for room for a large reply
 */
public record RespLoad(long inputBytes, long outputBytes, int waiting) {
  /** That of a door that nobody uses. */
  public static final RespLoad NONE = new RespLoad(0, 0, 0);
}
