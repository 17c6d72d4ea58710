/**
 * The Java client of the store's HTTP interface, on the JDK alone so that it starts fast.
 *
 * <p>It knows the wire form and nothing of the server's rooms.
 */
@NullMarked
package dev.mayfly.client;

import org.jspecify.annotations.NullMarked;
