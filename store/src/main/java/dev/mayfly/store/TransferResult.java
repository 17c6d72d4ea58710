package dev.mayfly.store;

/**
 * What a rename or copy did.
 *
 * @param done whether it was done; false when the target exists and was not to be replaced
 * @param revision the target's modification revision; 0 when nothing was done
 */
public record TransferResult(boolean done, long revision) {}
