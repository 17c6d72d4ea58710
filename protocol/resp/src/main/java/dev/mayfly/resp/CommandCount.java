package dev.mayfly.resp;

/**
 * How often a command was answered. Immutable.
 *
 * @param command its name; {@link RespStats#UNKNOWN} for all that do not exist
 * @param calls how often in all
 * @param errors how often with an error
 * @param timed how often its time was taken
 * @param timedNanos how long it took then, together
 */
public record CommandCount(String command, long calls, long errors, long timed, long timedNanos) {
  CommandCount minus(CommandCount before) {
    return new CommandCount(
        command,
        calls - before.calls,
        errors - before.errors,
        timed - before.timed,
        timedNanos - before.timedNanos);
  }

  /** How long all calls took, by those that were timed. */
  long estimatedMicros() {
    return timed == 0 ? 0 : Math.round((double) timedNanos / timed * calls / 1000);
  }
}
