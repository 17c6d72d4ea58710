package dev.mayfly.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction did.
 *
 * @param held whether the compares held
 * @param results one per operation of the list that was done, in order: the operation's result, or
 *     the {@link MayflyException} that refused it
 */
public record TransactionResult(boolean held, List<@Nullable Object> results) {}
