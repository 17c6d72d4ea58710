package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ResumeToken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The log of events: reading, resuming, being called back. */
public abstract class EventLogContract extends StoreContract {
  private EventLog log() {
    return store().events();
  }

  private static List<String> poll(EventReader reader, int eventsMax) {
    List<String> told = new ArrayList<>();
    int count = reader.poll(eventsMax, event -> told.add(event.kind() + " " + text(event.key())));
    assertThat(told).hasSize(count);
    return told;
  }

  @Test
  void read_fromEnd_seesOnlyWhatIsNew() {
    set("a", "1");
    EventReader reader = log().readFromEnd();

    assertThat(poll(reader, 10)).isEmpty();
    set("b", "1");

    assertThat(poll(reader, 10)).containsExactly("CREATED b");
    assertThat(poll(reader, 10)).isEmpty();
  }

  @Test
  void poll_limited_finishesTheMutation() {
    EventReader reader = log().readFromEnd();
    set("a", "1", Lifespan.ofMillis(10_000), RESP);
    set("b", "1");

    assertThat(poll(reader, 1)).containsExactly("CREATED a", "LIFESPAN_SET a");
    assertThat(reader.revision()).isEqualTo(log().newestRevision() - 1);
    assertThat(poll(reader, 1)).containsExactly("CREATED b");
    assertThat(reader.revision()).isEqualTo(log().newestRevision());
  }

  @Test
  void event_fields_areThoseOfTheMutation() {
    long revision = set("a", "one").revision();
    apply(DeleteRequest.of(bytes("a")));

    Event created = events().getFirst();

    assertThat(created.revision()).isEqualTo(revision);
    assertThat(created.timeMillis()).isEqualTo(time.millis());
    assertThat(created.client()).isEqualTo("alice");
    assertThat(created.version()).isEqualTo(1);
    assertThat(created.valueSize()).isEqualTo(3);
    assertThat(text(created.value())).isEqualTo("one");
  }

  @Test
  void resume_afterAToken_goesOnBehindIt() {
    EventReader reader = log().readFromEnd();
    set("a", "1");
    set("b", "1");
    poll(reader, 1);
    ResumeToken token = ResumeToken.decode(reader.position().encode());

    EventReader resumed = log().readFrom(token);

    assertThat(resumed.revision()).isEqualTo(reader.revision());
    assertThat(poll(resumed, 10)).containsExactly("CREATED b");
    assertThat(resumed.position()).isEqualTo(log().end());
  }

  @Test
  void resume_ofAnotherIncarnation_isCompacted() {
    ResumeToken other = new ResumeToken(log().incarnation() + 1, log().end().position());

    assertRefused(ErrorCode.COMPACTED, () -> log().readFrom(other));
  }

  @Test
  void readFromRevision_givesItAndThoseAfter() {
    set("a", "1");
    long revision = set("b", "1").revision();
    set("c", "1");

    assertThat(poll(log().readFromRevision(revision), 10))
        .containsExactly("CREATED b", "CREATED c");
    assertThat(poll(log().readFromRevision(revision + 2), 10)).isEmpty();
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> log().readFromRevision(revision + 3));
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> log().readFromRevision(0));
  }

  @Test
  void revisions_ofTheLog_encloseWhatIsHeld() {
    assertThat(log().oldestRevision()).isEqualTo(log().newestRevision() + 1);

    long first = set("a", "1").revision();
    long last = set("b", "1").revision();

    assertThat(log().oldestRevision()).isEqualTo(first);
    assertThat(log().newestRevision()).isEqualTo(last).isEqualTo(first + 1);
  }

  @Test
  void onAppend_calledOnceForWhatIsNew() throws InterruptedException {
    set("a", "1");
    Semaphore calls = new Semaphore(0);
    log().onAppend(calls::release);
    assertThat(calls.tryAcquire(20, TimeUnit.MILLISECONDS)).isFalse();

    set("b", "1");
    assertThat(calls.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    set("c", "1");
    assertThat(calls.tryAcquire(20, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void onAppend_closed_isForgotten() throws InterruptedException {
    Semaphore calls = new Semaphore(0);
    EventLog.Registration registration = log().onAppend(calls::release);

    registration.close();
    registration.close();
    set("a", "1");

    assertThat(calls.tryAcquire(20, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void onAppend_againAndAgain_missesNothing() throws InterruptedException {
    EventReader reader = log().readFromEnd();
    for (int i = 0; i < 200; i++) {
      Semaphore called = new Semaphore(0);
      log().onAppend(called::release);
      set("k" + i, "1");
      assertThat(called.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      assertThat(poll(reader, 10)).containsExactly("CREATED k" + i);
    }
  }
}
