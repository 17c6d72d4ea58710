package dev.mayfly.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When something is renewed, and when it counts as lost. */
@Timeout(120)
final class RenewalTest {
  private static final Duration LENGTH = Duration.ofMinutes(30);

  private final HandTimer timer = new HandTimer();
  private final Set<Runnable> endings = ConcurrentHashMap.newKeySet();
  private final Deque<CompletableFuture<String>> asked = new ArrayDeque<>();
  private final Renewal renewal =
      new Renewal(LENGTH, timer.time.nanos(), timer.time, timer, endings, this::ask);

  private CompletableFuture<String> ask() {
    CompletableFuture<String> reply = new CompletableFuture<>();
    asked.add(reply);
    return reply;
  }

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  private static RemoteException refusal(Status.Code code) {
    return new RemoteException(code, "why", null);
  }

  private long minutes() {
    return timer.time.nanos() / TimeUnit.MINUTES.toNanos(1);
  }

  @Test
  void renewed_countsFromWhenItWasAskedFor() {
    renewal.begin();
    timer.runNext();
    assertThat(minutes()).isEqualTo(10);
    timer.time.advanceMillis(TimeUnit.MINUTES.toMillis(15));
    asked.remove().complete("renewed");

    // Asked for at 10, answered at 25: it is held until 40.
    timer.runNext();
    assertThat(minutes()).isEqualTo(35);
    assertThat(renewal.isHeld()).isTrue();
    timer.time.advanceMillis(TimeUnit.MINUTES.toMillis(5) - 1);
    assertThat(renewal.isHeld()).isTrue();
    timer.time.advanceMillis(1);
    assertThat(renewal.isHeld()).isFalse();
  }

  @Test
  void failed_isTriedAgainUntilItIsOver() {
    renewal.begin();
    for (int i = 0; i < 20 && !renewal.lost().isDone(); i++) {
      timer.runNext();
      if (!asked.isEmpty()) {
        asked.remove().completeExceptionally(refusal(Status.Code.UNAVAILABLE));
      }
    }

    assertThat(renewal.lost().join()).isEqualTo("it could not be renewed in time");
    assertThat(minutes()).isEqualTo(30);
    assertThat(renewal.isHeld()).isFalse();
    assertThat(renewal.stop()).isFalse();
  }

  @Test
  void refused_isLostAtOnce() {
    renewal.begin();
    timer.runNext();
    asked.remove().completeExceptionally(refusal(Status.Code.PERMISSION_DENIED));

    assertThat(renewal.lost().join()).isEqualTo("why");
    assertThat(timer.waiting()).isZero();
    assertThat(minutes()).isEqualTo(10);
  }

  @Test
  void stopped_asksForNoMoreAndIsNotLost() {
    renewal.begin();
    timer.runNext();

    assertThat(renewal.stop()).isTrue();
    asked.remove().completeExceptionally(refusal(Status.Code.PERMISSION_DENIED));

    assertThat(timer.waiting()).isZero();
    assertThat(renewal.lost()).isNotDone();
    assertThat(renewal.isHeld()).isFalse();
    assertThat(renewal.stop()).isFalse();
  }

  @Test
  void storeClosedBetweenTwoRenewals_isLost() {
    renewal.begin();
    timer.shutdownNow();
    endings.forEach(Runnable::run);

    assertThat(renewal.lost().join()).isEqualTo("the store was closed");
    assertThat(renewal.isHeld()).isFalse();
    assertThat(endings).isEmpty();
  }

  @Test
  void storeClosed_isLost() {
    timer.shutdownNow();
    renewal.begin();

    assertThat(renewal.lost().join()).isEqualTo("the store was closed");
  }
}
