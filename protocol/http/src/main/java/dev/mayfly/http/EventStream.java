package dev.mayfly.http;

import dev.mayfly.store.EventLog;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.Watch;
import dev.mayfly.store.WatchRequest;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One stream of server-sent events (HTML, section 9.2), fed by a watch.
 *
 * <p>It takes from the watch what the connection takes: while the client has not taken what was
 * sent, nothing but the log remembers what is to come, and the watch's policy says what a client
 * gets that is overtaken there. The id of an event is the place to resume from after it; a block
 * with nothing but an id moves that place on while no event is wanted. Confined to its event loop.
 */
final class EventStream implements LongRequests.LongRequest {
  private static final int WRITE_BYTES = 16 * 1024;
  private static final int EVENTS_PER_POLL = 128;
  private static final int POLLS_PER_TURN = 32;
  private static final long ABSORB_MILLIS = 100;

  private final Door door;
  private final Exchange exchange;
  private final HttpServerResponse response;
  private final WatchRequest request;
  private final EventText text;
  private final Context context;
  private final StreamOutput output;
  private final int eventsPerPoll;
  private @Nullable Watch watch;
  private EventLog.@Nullable Registration awaited;
  private long timer = -1;
  private boolean absorbing;
  private boolean over;

  EventStream(Door door, Exchange exchange, WatchRequest request, boolean valuesWanted) {
    this.door = door;
    this.exchange = exchange;
    this.request = request;
    response = exchange.response();
    text =
        new EventText(
            door.store().watches().incarnation(), exchange.stamp().client(), valuesWanted);
    context = door.vertx().getOrCreateContext();
    output = new StreamOutput(exchange, valuesWanted, () -> attempt(this::run));
    // Each may be as large as a value.
    eventsPerPoll = valuesWanted ? 1 : EVENTS_PER_POLL;
  }

  void start() {
    door.longRequests().add(this);
    try {
      watch = door.store().watches().open(request);
    } catch (RuntimeException e) {
      door.longRequests().remove(this);
      throw e;
    }
    text.settle(watch.position());
    response.closeHandler(closed -> onGone());
    response.exceptionHandler(failure -> onGone());
    response.setStatusCode(200).setChunked(true);
    response.putHeader(HttpHeaders.CONTENT_TYPE, Reply.EVENT_STREAM);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    timer = door.vertx().setPeriodic(door.heartbeatMillis(), each -> attempt(this::heartbeat));
    text.comment("open");
    attempt(this::run);
  }

  /** Whatever fails, the watch is given back. */
  private void attempt(Runnable action) {
    exchange.attempt(
        () -> {
          try {
            action.run();
          } catch (RuntimeException e) {
            end();
            throw e;
          }
        });
  }

  private void run() {
    Watch from = watch;
    if (from == null) {
      // The stream ended while this turn was waiting for its time.
      return;
    }
    for (int polls = 0; polls < POLLS_PER_TURN; polls++) {
      if (!output.hasRoom()) {
        return;
      }
      boolean more = from.poll(eventsPerPoll, text);
      text.settle(from.position());
      if (from.isEnded()) {
        finish();
        return;
      }
      if ((text.length() >= WRITE_BYTES || !more) && !write()) {
        return;
      }
      if (!more) {
        await(from);
        return;
      }
    }
    door.runNext(() -> attempt(this::run));
  }

  private void await(Watch from) {
    awaited = from.onWork(() -> context.runOnContext(turn -> attempt(this::run)));
  }

  /** Sends what there is; answers whether the client is fast enough to go on at once. */
  private boolean write() {
    if (output.write(text.take())) {
      return true;
    }
    absorb();
    return false;
  }

  /** A watch that coalesces reads on in the log while its client does not. */
  private void absorb() {
    Watch from = watch;
    if (from != null && request.slow() == SlowPolicy.COALESCE && output.isPaused()) {
      from.absorb();
      if (!absorbing) {
        absorbing = true;
        door.vertx().setTimer(ABSORB_MILLIS, each -> attempt(this::absorbAgain));
      }
    }
  }

  private void absorbAgain() {
    absorbing = false;
    absorb();
  }

  private void heartbeat() {
    if (over || output.isPaused()) {
      return;
    }
    ResumeToken position = watch == null ? null : watch.position();
    text.progress(position);
    response.write(text.take());
  }

  @Override
  public void endSoon() {
    context.runOnContext(
        turn -> {
          if (!over) {
            text.end(LongRequests.stopping());
            attempt(this::finish);
          }
        });
  }

  private void finish() {
    end();
    response.end(text.take());
    exchange.done(200);
  }

  private void onGone() {
    if (!over) {
      end();
      exchange.done(Exchange.STATUS_GONE);
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    output.end();
    door.longRequests().remove(this);
    door.vertx().cancelTimer(timer);
    if (awaited != null) {
      awaited.close();
    }
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}
