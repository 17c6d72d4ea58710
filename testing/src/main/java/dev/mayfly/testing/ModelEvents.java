package dev.mayfly.testing;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The model's event log: a list of each mutation's events that never forgets. */
final class ModelEvents implements EventLog {
  private static final long INCARNATION = 7;

  private final long firstRevision;
  private final List<List<Event>> mutations = new ArrayList<>();
  private final List<byte[]> passed = new ArrayList<>();
  private final long[] byKind = new long[EventKind.values().length + 1];
  private final List<Runnable> callbacks = new ArrayList<>();

  ModelEvents(long firstRevision) {
    this.firstRevision = firstRevision;
  }

  /** Tells of a mutation, which gets the next revision. */
  void tell(String key, ModelEntry entry, Stamp stamp, List<EventKind> kinds) {
    long revision = newestRevision() + 1;
    List<Event> told = new ArrayList<>();
    for (EventKind kind : kinds) {
      byKind[kind.number()]++;
      told.add(
          new Event(
              revision,
              told.size(),
              kind,
              ModelKeyspace.bytes(key),
              stamp.timeMillis(),
              stamp.client(),
              entry.version,
              entry.contentType,
              entry.value.length,
              entry.value));
    }
    append(told);
  }

  /** Whether anything was told of this key after a revision. */
  synchronized boolean isToldSince(byte[] key, long revision) {
    return mutations.stream()
        .flatMap(List::stream)
        .anyMatch(event -> event.revision() > revision && Arrays.equals(event.key(), key));
  }

  /** A key came and went at once, of which no event tells. */
  synchronized void pass(String key) {
    passed.add(ModelKeyspace.bytes(key));
  }

  /** How many keys came and went at once. */
  synchronized int passedCount() {
    return passed.size();
  }

  /** Whether this key came and went at once, after so many others. */
  synchronized boolean hasPassedSince(byte[] key, int count) {
    return passed.subList(count, passed.size()).stream().anyMatch(each -> Arrays.equals(each, key));
  }

  /** How many events of each kind were told. */
  long[] byKind() {
    return byKind.clone();
  }

  private void append(List<Event> mutation) {
    List<Runnable> due;
    synchronized (this) {
      mutations.add(List.copyOf(mutation));
      due = List.copyOf(callbacks);
      callbacks.clear();
    }
    due.forEach(Runnable::run);
  }

  @Override
  public long incarnation() {
    return INCARNATION;
  }

  @Override
  public synchronized long newestRevision() {
    return firstRevision - 1 + mutations.size();
  }

  @Override
  public long oldestRevision() {
    return firstRevision;
  }

  @Override
  public ResumeToken end() {
    return new ResumeToken(INCARNATION, newestRevision());
  }

  @Override
  public EventReader readFromEnd() {
    return new Reader(newestRevision() + 1);
  }

  @Override
  public EventReader readFrom(ResumeToken token) {
    if (token.incarnation() != INCARNATION) {
      throw compacted();
    }
    return readFromRevision(token.position() + 1);
  }

  @Override
  public EventReader readFromRevision(long revision) {
    if (revision < 1 || revision > newestRevision() + 1) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, "revision " + revision);
    }
    if (revision < firstRevision) {
      throw compacted();
    }
    return new Reader(revision);
  }

  private MayflyException compacted() {
    return new MayflyException(ErrorCode.COMPACTED, "the oldest is " + firstRevision);
  }

  @Override
  public synchronized Registration onAppend(Runnable callback) {
    Runnable once = () -> callback.run();
    callbacks.add(once);
    return () -> {
      synchronized (this) {
        callbacks.remove(once);
      }
    };
  }

  private synchronized List<Event> mutation(long revision) {
    return mutations.get((int) (revision - firstRevision));
  }

  private final class Reader implements EventReader {
    private long next;

    Reader(long next) {
      this.next = next;
    }

    @Override
    public int poll(int eventsMax, Consumer<Event> sink) {
      int events = 0;
      while (events < eventsMax && next <= newestRevision()) {
        List<Event> mutation = mutation(next);
        mutation.forEach(sink);
        events += mutation.size();
        next++;
      }
      return events;
    }

    @Override
    public long skipToOldest() {
      return 0;
    }

    @Override
    public ResumeToken position() {
      return new ResumeToken(INCARNATION, next - 1);
    }

    @Override
    public long revision() {
      return next - 1;
    }
  }
}
