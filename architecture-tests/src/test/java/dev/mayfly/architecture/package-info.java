/**
 * The rules of the house as tests: which room may use which, and what a source file looks like.
 *
 * <p>They read the other modules' classes and sources and call none of them.
 */
@NullMarked
package dev.mayfly.architecture;

import org.jspecify.annotations.NullMarked;
