package dev.mayfly.stress;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.mayfly.api.keyquarry.GetResponse;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.api.keyquarry.SetResponse;
import dev.mayfly.client.ServerAddress;
import dev.mayfly.client.Trust;
import dev.mayfly.remote.AsyncStore;
import dev.mayfly.remote.RemoteConfig;
import dev.mayfly.remote.RemoteException;
import dev.mayfly.remote.RemoteStore;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls over a few HTTP/2 connections that the loops share. Safe for concurrent use. */
final class GrpcLines implements Lines {
  private static final int CHANNELS_MAX = 4;

  private final List<RemoteStore> stores = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final @Nullable Duration lifespan;

  GrpcLines(StressPlan plan) {
    java.time.Duration given = plan.workload().lifespan();
    lifespan =
        given == null
            ? null
            : Duration.newBuilder()
                .setSeconds(given.getSeconds())
                .setNanos(given.getNano())
                .build();
    RemoteConfig config =
        RemoteConfig.of(target(plan.address()), "mayfly-stress")
            .withDeadline(plan.timeout())
            .withBounds(plan.connections() * plan.pipeline(), 1);
    Trust trust = plan.trust();
    if (trust != null) {
      config = config.withTls(new RemoteConfig.Tls(trust.authorities(), null));
    }
    for (int i = 0; i < Math.min(CHANNELS_MAX, plan.connections()); i++) {
      stores.add(RemoteStore.connect(config));
    }
  }

  private static String target(ServerAddress address) {
    return address instanceof ServerAddress.Tcp ? address.authority() : address.toString();
  }

  @Override
  public Line open() {
    int number = Math.floorMod(next.getAndIncrement(), stores.size());
    return new GrpcLine(stores.get(number).async());
  }

  @Override
  public void close() {
    stores.forEach(RemoteStore::close);
  }

  private final class GrpcLine implements Line {
    private final AsyncStore store;

    GrpcLine(AsyncStore store) {
      this.store = store;
    }

    @Override
    public void exchange(List<Operation> batch, Answers answers) throws IOException {
      List<CompletableFuture<?>> calls = new ArrayList<>(batch.size());
      for (Operation operation : batch) {
        calls.add(operation.isRead() ? get(operation) : set(operation));
      }
      for (int i = 0; i < calls.size(); i++) {
        await(i, calls.get(i), answers);
      }
    }

    private CompletableFuture<GetResponse> get(Operation operation) {
      ByteString key = ByteString.copyFrom(operation.key());
      return store.call(KeyQuarryGrpc.getGetMethod(), Key.newBuilder().setKeyBytes(key).build());
    }

    private CompletableFuture<SetResponse> set(Operation operation) {
      KeyValue.Builder entry =
          KeyValue.newBuilder()
              .setKeyBytes(ByteString.copyFrom(operation.key()))
              .setValue(ByteString.copyFrom(operation.value()));
      if (lifespan != null) {
        entry.setLifespan(lifespan);
      }
      return store.call(KeyQuarryGrpc.getSetMethod(), entry.build());
    }

    private static void await(int index, CompletableFuture<?> call, Answers answers)
        throws IOException {
      try {
        Object answer = call.get();
        if (answer != null) {
          answers.onDone(index);
        }
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RemoteException refused)) {
          throw new IOException("the call failed", e);
        }
        if (refused.code() == Status.Code.NOT_FOUND) {
          answers.onMissing(index);
        } else {
          answers.onRefused(index, refused.code().name());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void close() {
      // The channel is shared.
    }
  }
}
