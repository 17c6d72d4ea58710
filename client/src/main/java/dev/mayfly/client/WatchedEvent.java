package dev.mayfly.client;

/**
 * What a watch was told.
 *
 * @param type {@code state}, {@code state-end}, {@code change}, {@code access}, {@code gap} or
 *     {@code end}
 * @param data with the names of the interface
 */
public record WatchedEvent(String type, JsonObject data) {}
