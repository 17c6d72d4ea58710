package dev.mayfly.stress;

import dev.mayfly.client.CounterClient;
import dev.mayfly.client.CounterClientConfig;
import dev.mayfly.client.CounterException;
import dev.mayfly.client.CounterOperation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Hits and counts in datagrams that all loops share. Safe for concurrent use. */
final class CounterLines implements Lines {
  private static final byte[] NAMESPACE = "stress".getBytes(StandardCharsets.US_ASCII);
  private static final int IN_FLIGHT_MAX = 128;

  private final CounterClient client;

  CounterLines(StressPlan plan) throws IOException {
    client =
        CounterClient.open(
            CounterClientConfig.of(List.of(plan.tcp()))
                .withSecret(plan.secret())
                .withTimeout(plan.timeout())
                .withLinger(Duration.ZERO)
                .withBounds(plan.connections() * plan.pipeline(), IN_FLIGHT_MAX));
  }

  @Override
  public Line open() {
    return new CounterLine();
  }

  @Override
  public void close() {
    client.close();
  }

  private final class CounterLine implements Line {
    @Override
    public void exchange(List<Operation> batch, Answers answers) throws IOException {
      List<CompletableFuture<Long>> counts = new ArrayList<>(batch.size());
      for (Operation operation : batch) {
        counts.add(
            client.ask(
                operation.isRead()
                    ? CounterOperation.count(NAMESPACE, operation.key())
                    : CounterOperation.hit(NAMESPACE, operation.key(), 1)));
      }
      for (int i = 0; i < counts.size(); i++) {
        try {
          boolean isNone = counts.get(i).get() == 0;
          if (isNone && batch.get(i).isRead()) {
            answers.onMissing(i);
          } else {
            answers.onDone(i);
          }
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof CounterException refused)) {
            throw new IOException("the operation failed", e);
          }
          answers.onRefused(i, refused.reason().name());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
    }

    @Override
    public void close() {
      // The client is shared.
    }
  }
}
