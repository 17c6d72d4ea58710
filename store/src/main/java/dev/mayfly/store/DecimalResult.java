package dev.mayfly.store;

/**
 * A decimal sum.
 *
 * @param number plain decimal text without trailing zeros
 * @param created whether the key did not exist before
 * @param revision the revision of the mutation
 */
public record DecimalResult(String number, boolean created, long revision) {}
