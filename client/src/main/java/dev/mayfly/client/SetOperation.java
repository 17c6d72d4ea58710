package dev.mayfly.client;

/**
 * One set within a batch; key and value are bytes, which need not be text.
 *
 * <p>Not safe to share while the bytes are changed.
 */
public record SetOperation(byte[] key, byte[] value, SetOptions options) {}
