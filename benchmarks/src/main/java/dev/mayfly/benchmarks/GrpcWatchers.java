package dev.mayfly.benchmarks;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.v1.Event;
import dev.mayfly.api.v1.EventBatch;
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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Many watchers of one server while somebody writes at a steady pace: how late each event is, from
 * before its write to its arrival, whether all came in order, and what the server's memory came to;
 * with a watcher that takes nothing, and without. Confined to one thread, but for its watchers.
 */
final class GrpcWatchers {
  private static final int SECONDS = Integer.getInteger("mayfly.bench.watch.seconds", 12);
  private static final int WARM_UP_SECONDS = 12;
  private static final int CHANNELS = 10;
  private static final int AHEAD = 1024;
  private static final long HIGHEST_NANOS = 600_000_000_000L;
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Metadata.Key<String> CLIENT_ID =
      Metadata.Key.of("client_id", Metadata.ASCII_STRING_MARSHALLER);

  private final int port;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Histogram> lateness = new ArrayList<>();
  private final LongAdder arrived = new LongAdder();
  private final LongAdder faults = new LongAdder();
  private volatile long measuredFrom;

  private GrpcWatchers(int port) {
    this.port = port;
  }

  static void print() throws IOException, InterruptedException {
    System.out.printf(
        Locale.ROOT,
        "%nWatchers, %d seconds each after %d of warming up; lateness in ms%n%n",
        SECONDS,
        WARM_UP_SECONDS);
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
        Histogram all = new Histogram(HIGHEST_NANOS, 3);
        trial.lateness.forEach(all::add);
        System.out.printf(
            Locale.ROOT,
            "| %s | %d | %.1f | %.1f | %.1f | %d | %.2f | %.0f |%n",
            name,
            rate,
            all.getValueAtPercentile(50) / 1e6,
            all.getValueAtPercentile(99) / 1e6,
            all.getMaxValue() / 1e6,
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
      channels.add(
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .directExecutor()
              .build());
      lateness.add(new Histogram(HIGHEST_NANOS, 3));
    }
    for (int i = 0; i < watchers; i++) {
      ManagedChannel channel = channels.get(i % CHANNELS);
      Watcher watcher = new Watcher(begun, lateness.get(i % CHANNELS), v1);
      if (v1) {
        watch(channel, KeyValueGrpc.getWatchMethod(), request(), watcher);
      } else {
        watch(
            channel,
            KeyQuarryGrpc.getWatchStreamMethod(),
            dev.mayfly.api.keyquarry.WatchRequest.getDefaultInstance(),
            watcher);
      }
    }
    begun.await();
    if (stalled) {
      stall();
    }
    measuredFrom = (long) WARM_UP_SECONDS * rate;
    return write(rate, (long) (WARM_UP_SECONDS + SECONDS) * rate, watchers);
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
      ManagedChannel channel, MethodDescriptor<Q, R> method, Q request, Watcher watcher) {
    ClientCall<Q, byte[]> call =
        channel.newCall(
            method.toBuilder(method.getRequestMarshaller(), new RawMessages()).build(),
            CallOptions.DEFAULT);
    watcher.call = call;
    call.start(watcher, headers());
    call.request(AHEAD);
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

  /** Messages as they came: a watcher looks at little of them. */
  private static final class RawMessages implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Counts what comes, and how late. It reads nothing but the keys: all that decode are on the same
   * machine as the server. Confined to its channel's event loop.
   */
  private final class Watcher extends ClientCall.Listener<byte[]> {
    private final CountDownLatch begun;
    private final Histogram lateness;
    private final boolean v1;
    private long next;
    private int taken;
    private @Nullable ClientCall<?, byte[]> call;

    Watcher(CountDownLatch begun, Histogram lateness, boolean v1) {
      this.begun = begun;
      this.lateness = lateness;
      this.v1 = v1;
    }

    @Override
    public void onHeaders(Metadata headers) {
      begun.countDown();
    }

    @Override
    public void onMessage(byte[] message) {
      try {
        if (v1) {
          each(
              CodedInputStream.newInstance(message),
              WatchResponse.EVENTS_FIELD_NUMBER,
              batch ->
                  each(
                      batch,
                      EventBatch.EVENTS_FIELD_NUMBER,
                      event -> each(event, Event.KEY_FIELD_NUMBER, this::take)));
        } else {
          each(
              CodedInputStream.newInstance(message),
              dev.mayfly.api.keyquarry.Event.KEY_FIELD_NUMBER,
              this::take);
        }
      } catch (IOException e) {
        faults.increment();
      }
      ClientCall<?, byte[]> own = call;
      if (++taken == AHEAD / 2 && own != null) {
        taken = 0;
        own.request(AHEAD / 2);
      }
    }

    private void take(CodedInputStream field) throws IOException {
      take(new String(field.readRawBytes(field.getBytesUntilLimit()), StandardCharsets.US_ASCII));
    }

    private void take(String key) {
      int slash = key.indexOf('/', 2);
      long number = Long.parseLong(key, slash + 1, key.length(), 10);
      if (number >= measuredFrom) {
        long due = Long.parseLong(key, 2, slash, 10);
        lateness.recordValue(Math.max(0, Clock.nanos() - due));
      }
      arrived.increment();
      if (number != next) {
        faults.increment();
      }
      next = number + 1;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      begun.countDown();
    }
  }

  /** What is done with a field of a message. */
  private interface Field {
    void take(CodedInputStream field) throws IOException;
  }

  /** Takes every field of this number, which is of bytes, and skips the others. */
  private static void each(CodedInputStream message, int number, Field field) throws IOException {
    for (int tag = message.readTag(); tag != 0; tag = message.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) != number) {
        message.skipField(tag);
        continue;
      }
      int limit = message.pushLimit(message.readRawVarint32());
      field.take(message);
      message.popLimit(limit);
    }
  }
}
