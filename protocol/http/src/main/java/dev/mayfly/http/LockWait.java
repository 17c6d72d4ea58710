package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.UnlockRequest;
import io.vertx.core.Context;
import io.vertx.core.http.HttpVersion;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a lock. While it waits, interim replies (100) keep the connection from
 * looking idle; a client that goes away gives its place up, and a lock that was granted to it just
 * then is released. Confined to its event loop, but for the waiter's callbacks.
 */
final class LockWait implements LockWaiter, LongRequests.LongRequest {
  private final Door door;
  private final Exchange exchange;
  private final LockRequest request;
  private final Stamp stamp;
  private final Context context;
  private final BiConsumer<Exchange, LockResult> onGranted;
  private LockWaits.@Nullable Ticket ticket;
  private long timer = -1;
  private boolean over;

  LockWait(
      Door door,
      Exchange exchange,
      LockRequest request,
      BiConsumer<Exchange, LockResult> onGranted) {
    this.door = door;
    this.exchange = exchange;
    this.request = request;
    this.stamp = exchange.stamp();
    this.context = door.vertx().getOrCreateContext();
    this.onGranted = onGranted;
  }

  void start(long waitMillis) {
    door.longRequests().add(this);
    try {
      ticket = door.store().lockWaits().await(request, waitMillis, stamp, this);
    } catch (RuntimeException e) {
      end();
      throw e;
    }
    exchange.response().closeHandler(closed -> onGone());
    if (!HttpVersion.HTTP_1_0.equals(exchange.request().version())) {
      long every = door.heartbeatMillis();
      timer = door.vertx().setPeriodic(every, each -> exchange.response().writeContinue());
    }
  }

  @Override
  public void onGranted(LockResult result) {
    context.runOnContext(turn -> granted(result));
  }

  @Override
  public void onRefused(MayflyException refusal) {
    context.runOnContext(turn -> refused(refusal));
  }

  private void granted(LockResult result) {
    if (over) {
      release(result);
      return;
    }
    end();
    door.store().durability().seeAll();
    exchange.attempt(() -> onGranted.accept(exchange, result));
  }

  /** Nobody is there to use the lock. One that was held before, and only renewed, stays held. */
  private void release(LockResult result) {
    if (result.token() != result.revision()) {
      return;
    }
    exchange.attempt(
        () -> {
          Stamp now = new Stamp(door.time().millis(), stamp.client());
          door.keyspace().apply(new UnlockRequest(request.key(), result.token()), now);
        });
  }

  private void refused(MayflyException refusal) {
    if (!over) {
      end();
      door.store().durability().seeAll();
      exchange.attempt(
          () -> {
            throw refusal;
          });
    }
  }

  private void onGone() {
    if (!over) {
      giveUp();
      exchange.done(Exchange.STATUS_GONE);
    }
  }

  private void giveUp() {
    end();
    if (ticket != null) {
      ticket.cancel();
    }
  }

  private void end() {
    over = true;
    door.longRequests().remove(this);
    if (timer >= 0) {
      door.vertx().cancelTimer(timer);
      timer = -1;
    }
  }

  @Override
  public void endSoon() {
    context.runOnContext(
        turn -> {
          if (!over) {
            giveUp();
            exchange.refuse(ErrorCode.UNAVAILABLE, LongRequests.stopping().getMessage());
          }
        });
  }
}
