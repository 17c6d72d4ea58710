package dev.mayfly.benchmarks;

import com.google.protobuf.ByteString;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.v1.Event;
import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.api.v1.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Many watchers of one server while somebody writes at a steady pace: how late each event is, from
 * before its write to its arrival, whether all came in order, and what the server's memory came to;
 * with a watcher that takes nothing, and without. Confined to one thread, but for its watchers.
 */
final class GrpcWatchers {
  private static final int SECONDS = Integer.getInteger("mayfly.bench.watch.seconds", 12);
  private static final int CHANNELS = 10;
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Metadata.Key<String> CLIENT_ID =
      Metadata.Key.of("client_id", Metadata.ASCII_STRING_MARSHALLER);

  private final int port;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Histogram lateness = new SynchronizedHistogram(60_000_000_000L, 3);
  private final LongAdder arrived = new LongAdder();
  private final LongAdder faults = new LongAdder();

  private GrpcWatchers(int port) {
    this.port = port;
  }

  static void print() throws IOException, InterruptedException {
    System.out.printf(Locale.ROOT, "%nWatchers, %d seconds each; lateness in ms%n%n", SECONDS);
    System.out.println(
        "| watchers | writes a second | p50 | p99 (budget 100) | worst | missing or out of order"
            + " | server cpu an event, µs | server MB |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    run("1,000 of `mayfly.v1`", 1_000, 500, true, false);
    run("1,000 of `mayfly.v1`, beside one that stalls", 1_000, 500, true, true);
    run("50 of `keyquarry`", 50, 2_000, false, false);
  }

  private static void run(String name, int watchers, int rate, boolean v1, boolean stalled)
      throws IOException, InterruptedException {
    int http = Program.freePort();
    int port = Program.freePort();
    try (Program server = Program.start(GrpcSuite.serve(port, http))) {
      server.awaitAnswer(http, "/healthcheck");
      GrpcWatchers trial = new GrpcWatchers(port);
      try {
        long before = server.cpuNanos();
        long writes = trial.watchAndWrite(watchers, rate, v1, stalled);
        double cpuMicros = (server.cpuNanos() - before) / 1e3 / Math.max(1, trial.arrived.sum());
        double megabytes = server.residentBytes() / 1e6;
        long missing = writes * watchers - trial.arrived.sum() + trial.faults.sum();
        System.out.printf(
            Locale.ROOT,
            "| %s | %d | %.1f | %.1f | %.1f | %d | %.2f | %.0f |%n",
            name,
            rate,
            trial.lateness.getValueAtPercentile(50) / 1e6,
            trial.lateness.getValueAtPercentile(99) / 1e6,
            trial.lateness.getMaxValue() / 1e6,
            missing,
            cpuMicros,
            megabytes);
      } finally {
        trial.channels.forEach(ManagedChannel::shutdownNow);
      }
    }
  }

  private long watchAndWrite(int watchers, int rate, boolean v1, boolean stalled)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(watchers);
    for (int i = 0; i < CHANNELS; i++) {
      channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }
    for (int i = 0; i < watchers; i++) {
      ManagedChannel channel = channels.get(i % CHANNELS);
      if (v1) {
        watch(channel, KeyValueGrpc.getWatchMethod(), request(), new V1Watcher(begun));
      } else {
        watch(
            channel,
            KeyQuarryGrpc.getWatchStreamMethod(),
            dev.mayfly.api.keyquarry.WatchRequest.getDefaultInstance(),
            new OldWatcher(begun));
      }
    }
    begun.await();
    if (stalled) {
      stall();
    }
    return write(rate, (long) SECONDS * rate, watchers);
  }

  /** One that asks for everything and takes nothing. */
  private void stall() {
    ManagedChannel own = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    channels.add(own);
    ClientCall<WatchRequest, WatchResponse> call =
        own.newCall(KeyValueGrpc.getWatchMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, headers());
    call.sendMessage(request());
    call.halfClose();
  }

  private static WatchRequest request() {
    return WatchRequest.newBuilder()
        .setPrefix(ByteString.copyFromUtf8("k/"))
        .setValues(true)
        .build();
  }

  private static <Q, R> void watch(
      ManagedChannel channel, MethodDescriptor<Q, R> method, Q request, Watcher<R> watcher) {
    ClientCall<Q, R> call = channel.newCall(method, CallOptions.DEFAULT);
    watcher.call = call;
    call.start(watcher, headers());
    call.request(1024);
    call.sendMessage(request);
    call.halfClose();
  }

  private static Metadata headers() {
    Metadata headers = new Metadata();
    headers.put(CLIENT_ID, "bench");
    return headers;
  }

  private long write(int rate, long writes, int watchers) throws InterruptedException {
    var store =
        KeyValueGrpc.newBlockingStub(channels.getFirst())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers()));
    long start = Clock.nanos();
    for (long i = 0; i < writes; i++) {
      long due = start + i * 1_000_000_000L / rate;
      for (long left = due - Clock.nanos(); left > 0; left = due - Clock.nanos()) {
        LockSupport.parkNanos(left);
      }
      ByteBuffer value = ByteBuffer.allocate(64).putLong(0, due).putLong(8, i);
      // The old kind tells no values: the key carries them.
      store.set(
          SetRequest.newBuilder()
              .setKey(ByteString.copyFromUtf8("k/" + due + "/" + i))
              .setValue(ByteString.copyFrom(value.array()))
              .build());
    }
    awaitArrival(writes * watchers);
    return writes;
  }

  /** Waits until all have arrived, or none has for a while. */
  private void awaitArrival(long events) {
    long seen = arrived.sum();
    long quietSince = Clock.nanos();
    while (seen < events && Clock.nanos() - quietSince < QUIET_NANOS) {
      LockSupport.parkNanos(1_000_000);
      long now = arrived.sum();
      if (now != seen) {
        seen = now;
        quietSince = Clock.nanos();
      }
    }
  }

  /** Counts what comes, and how late. Confined to its call. */
  private abstract class Watcher<R> extends ClientCall.Listener<R> {
    private final CountDownLatch begun;
    private long next;
    private @Nullable ClientCall<?, R> call;

    Watcher(CountDownLatch begun) {
      this.begun = begun;
    }

    @Override
    public void onHeaders(Metadata headers) {
      begun.countDown();
    }

    @Override
    public void onMessage(R message) {
      take(message);
      ClientCall<?, R> own = call;
      if (own != null) {
        own.request(1);
      }
    }

    abstract void take(R message);

    final void take(String key) {
      String[] parts = key.split("/", -1);
      lateness.recordValue(Math.max(0, Clock.nanos() - Long.parseLong(parts[1])));
      arrived.increment();
      if (Long.parseLong(parts[2]) != next) {
        faults.increment();
      }
      next = Long.parseLong(parts[2]) + 1;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      begun.countDown();
    }
  }

  private final class V1Watcher extends Watcher<WatchResponse> {
    V1Watcher(CountDownLatch begun) {
      super(begun);
    }

    @Override
    void take(WatchResponse message) {
      for (Event event : message.getEvents().getEventsList()) {
        take(event.getKey().toStringUtf8());
      }
    }
  }

  private final class OldWatcher extends Watcher<dev.mayfly.api.keyquarry.Event> {
    OldWatcher(CountDownLatch begun) {
      super(begun);
    }

    @Override
    void take(dev.mayfly.api.keyquarry.Event event) {
      take(event.getKey());
    }
  }
}
