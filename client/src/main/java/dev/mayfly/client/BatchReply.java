package dev.mayfly.client;

import org.jspecify.annotations.Nullable;

/**
 * What became of one operation of a batch.
 *
 * <p>Immutable; safe for concurrent use.
 *
 * @param isNew whether the key was not there before
 * @param refusal why it was not done; null if it was
 */
public record BatchReply(boolean isNew, @Nullable MayflyRefusedException refusal) {}
