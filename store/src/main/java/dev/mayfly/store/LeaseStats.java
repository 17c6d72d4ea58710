package dev.mayfly.store;

/**
 * What leases there are and were, as of about now.
 *
 * @param leases how many there are
 * @param keys how many keys they have together
 * @param granted how many were granted since the start
 * @param renewals how often one was renewed
 * @param expired how many ended at their deadline
 * @param revoked how many were revoked
 */
public record LeaseStats(
    long leases, long keys, long granted, long renewals, long expired, long revoked) {}
