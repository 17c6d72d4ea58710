package dev.mayfly.store;

/**
 * The lock that was taken or renewed.
 *
 * @param token the fencing token (see {@link Lock})
 * @param deadlineMillis the first millisecond at which it is held no more
 * @param created whether the key did not exist before
 * @param revision the revision of the mutation
 */
public record LockResult(long token, long deadlineMillis, boolean created, long revision) {}
