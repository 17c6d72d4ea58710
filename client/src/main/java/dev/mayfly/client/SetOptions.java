package dev.mayfly.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a set may ask for beside the value.
 *
 * <p>Immutable; safe for concurrent use.
 *
 * @param lifespan after which the key expires; null for never
 * @param lock for how long the key is locked for this client; null for not at all
 * @param contentType of the value; null lets the server detect it
 */
public record SetOptions(
    @Nullable Duration lifespan, @Nullable Duration lock, @Nullable String contentType) {
  /** No lifespan, no lock, the content type detected. */
  public static final SetOptions NONE = new SetOptions(null, null, null);

  /** The same with a lifespan. */
  public SetOptions withLifespan(Duration duration) {
    return new SetOptions(duration, lock, contentType);
  }

  /** The same with a lock. */
  public SetOptions withLock(Duration duration) {
    return new SetOptions(lifespan, duration, contentType);
  }

  /** The same with a content type. */
  public SetOptions withContentType(String type) {
    return new SetOptions(lifespan, lock, type);
  }
}
