/**
 * The RESP door: any Redis client is a client of the store.
 *
 * <p>It turns RESP2 and RESP3 into calls on the contracts of {@code store} and back, nothing else;
 * it must not know the engine, nor any other door. In reading order: {@link
 * dev.mayfly.resp.RespListener} listens, a {@code RespConnection} is a client's, a {@code
 * CommandStream} runs what it sends with the {@code RequestParser}, a {@code Command} of the {@code
 * CommandTable} says what to do, as an {@code Action}, and the {@code ReplyBuffer} takes the reply.
 */
@NullMarked
package dev.mayfly.resp;

import org.jspecify.annotations.NullMarked;
