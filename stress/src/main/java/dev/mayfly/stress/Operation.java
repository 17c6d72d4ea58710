package dev.mayfly.stress;

/**
 * One thing that is asked of the server. Immutable but for the arrays, which nobody changes.
 *
 * @param value what is written; empty for a read
 */
record Operation(boolean isRead, byte[] key, byte[] value) {}
