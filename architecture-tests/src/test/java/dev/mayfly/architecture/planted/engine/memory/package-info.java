/** A planted breach of a rule between rooms: {@code RoomsTest} must find it. */
@NullMarked
package dev.mayfly.architecture.planted.engine.memory;

import org.jspecify.annotations.NullMarked;
