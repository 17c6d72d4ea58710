/** A planted breach of a rule between rooms: {@code RoomsTest} must find it. */
@NullMarked
package dev.mayfly.architecture.planted.http;

import org.jspecify.annotations.NullMarked;
