/**
 * The commands: each reads its arguments, makes one call through the client and prints the answer;
 * serve starts the server.
 *
 * <p>It must not know the contracts, the engine or a door: what it can do, a user can do over the
 * wire. Of the store it knows the text of durations alone. A command of the client must not load
 * what only the server needs, so that it starts fast. To read it: {@link dev.mayfly.cli.Main},
 * {@code Program}, {@code Commands}, {@code Session}, {@code Syntax}.
 */
@NullMarked
package dev.mayfly.cli;

import org.jspecify.annotations.NullMarked;
