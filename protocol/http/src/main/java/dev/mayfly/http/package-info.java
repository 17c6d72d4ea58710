/**
 * The http door: one listener that turns HTTP requests into calls on the contracts and their
 * results into replies.
 *
 * <p>It must not know the engine, another door, or the configuration's source: what it needs is
 * handed to its constructors.
 */
@NullMarked
package dev.mayfly.http;

import org.jspecify.annotations.NullMarked;
