package dev.mayfly.store;

/**
 * A wish to use some of what a limit allows. The arrays are not copied.
 *
 * @param namespace any bytes
 * @param key any bytes
 * @param quantity how much, 1..{@link Limit#QUANTITY_MAX}
 * @param limit what is allowed
 * @param mode whether it is meant
 */
public record TakeRequest(byte[] namespace, byte[] key, long quantity, Limit limit, Mode mode) {
  /** What a take does beyond deciding. */
  public enum Mode {
    /** It uses what it asks for, if that is allowed. */
    TAKE,
    /** It only tells what a take would be answered. */
    PEEK,
    /** Like a take, but allowed in any case: the limit is tried out. */
    SHADOW
  }

  /**
   * Checks the quantity.
   *
   * @throws MayflyException ARGUMENT_INVALID
   */
  public TakeRequest {
    if (quantity < 1 || quantity > Limit.QUANTITY_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "quantity %d: expected 1 to %d".formatted(quantity, Limit.QUANTITY_MAX));
    }
  }

  /** A take that is meant. */
  public static TakeRequest of(byte[] namespace, byte[] key, long quantity, Limit limit) {
    return new TakeRequest(namespace, key, quantity, limit, Mode.TAKE);
  }
}
