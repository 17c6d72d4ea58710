/**
 * The composition root: reads the configuration, constructs every part by its constructor, starts
 * the parts in order and stops them in reverse.
 *
 * <p>It holds no behaviour of a store or a door, and knows nothing of the command line.
 */
@NullMarked
package dev.mayfly.server;

import org.jspecify.annotations.NullMarked;
