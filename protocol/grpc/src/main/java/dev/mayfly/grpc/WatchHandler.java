package dev.mayfly.grpc;

import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.Watches;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens the watches of one method, and hands them to a watch loop. Immutable. */
final class WatchHandler<Q> implements ServerCallHandler<Q, byte[]> {
  /** What the method watches. */
  interface Method<Q> {
    /** Reads a request; a refusal is thrown. */
    Opening open(Q request, String client);
  }

  /**
   * How a stream begins.
   *
   * @param after where; null: now
   * @param stateFirst whether what exists is told first
   */
  record Opening(WatchTerms terms, @Nullable ResumeToken after, boolean stateFirst) {}

  private final CallTerms terms;
  private final Function<MayflyException, Status> wording;
  private final GrpcStore store;
  private final List<WatchLoop> loops;
  private final Method<Q> method;

  WatchHandler(
      CallTerms terms,
      Function<MayflyException, Status> wording,
      GrpcStore store,
      List<WatchLoop> loops,
      Method<Q> method) {
    this.terms = terms;
    this.wording = wording;
    this.store = store;
    this.loops = loops;
    this.method = method;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, byte[]> call, Metadata headers) {
    return new Running(call, headers);
  }

  private final class Running extends RunningCall<Q, byte[]> {
    private final Callers.Claim caller;
    private @Nullable WatchLoop loop;
    private @Nullable WatchCall watch;

    Running(ServerCall<Q, byte[]> call, Metadata headers) {
      super(terms, terms.watching(), call, wording);
      caller = Callers.claim(headers);
    }

    @Override
    void onRequest(Q request) {
      String client = terms.callers().identify(caller, false);
      Opening opening = method.open(request, client);
      Watches.Seat seat = store.watches().seat();
      ResumeToken after = opening.after() == null ? store.log().end() : opening.after();
      // The client knows by the headers that whatever happens from then on is told as an event:
      // where what exists is told first, they wait for the first look at it.
      boolean looksFirst = opening.stateFirst() && !opening.terms().resumed();
      if (!looksFirst) {
        call().sendHeaders(new Metadata());
      }
      WatchLoop serving =
          loops.get(Math.floorMod(opening.terms().shareKey().hashCode(), loops.size()));
      WatchCall opened =
          new WatchCall(
              new WatchOutput(call(), replies(), serving.room(), !looksFirst),
              opening.terms(),
              after,
              opening.stateFirst(),
              store.watches(),
              seat,
              terms.metrics());
      watch = opened;
      loop = serving;
      serving.add(opened);
      terms.metrics().onWatchOpened();
    }

    @Override
    public void onReady() {
      WatchLoop serving = loop;
      if (serving != null) {
        serving.wake();
      }
    }

    @Override
    void onEnd() {
      WatchLoop serving = loop;
      WatchCall opened = watch;
      if (serving != null && opened != null) {
        terms.metrics().onWatchClosed();
        serving.remove(opened);
      }
    }
  }
}
