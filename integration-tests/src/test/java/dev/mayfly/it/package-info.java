/**
 * Tests of the whole: real processes, real sockets, real clients.
 *
 * <p>They know the command line, the wire and the server's public face; they never reach inside a
 * room.
 */
@NullMarked
package dev.mayfly.it;

import org.jspecify.annotations.NullMarked;
