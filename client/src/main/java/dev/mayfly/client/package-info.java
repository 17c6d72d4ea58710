/**
 * The Java client of the store's HTTP interface, with little below it so that it starts fast.
 *
 * <p>It knows the wire form and nothing of the server's rooms. To read it: {@link
 * dev.mayfly.client.MayflyClient}, {@code HttpTransport}, {@code HttpConnection}, {@code
 * ReplyBody}, {@code Wire}.
 */
@NullMarked
package dev.mayfly.client;

import org.jspecify.annotations.NullMarked;
