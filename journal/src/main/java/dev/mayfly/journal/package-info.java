/**
 * Snapshots and the change log of a store in SQL: SQLite in a folder, or PostgreSQL.
 *
 * <p>It sees the engine through {@link dev.mayfly.store.JournalSource} only, and knows neither
 * doors nor configuration files. To read in this order: {@link dev.mayfly.journal.Journal}, {@code
 * Snapshots}, {@code ChangeLog}, {@code Restore}, {@code Database}.
 */
@NullMarked
package dev.mayfly.journal;

import org.jspecify.annotations.NullMarked;
