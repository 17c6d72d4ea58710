/** Tests of sockets by the system's own calls. */
@NullMarked
package dev.mayfly.counter.socket;

import org.jspecify.annotations.NullMarked;
