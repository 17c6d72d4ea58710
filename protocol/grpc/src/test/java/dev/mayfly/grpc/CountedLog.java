package dev.mayfly.grpc;

import dev.mayfly.store.EventLog;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.ResumeToken;
import java.util.concurrent.atomic.AtomicLong;

/** An event log that counts whom it told of news. Safe for concurrent use. */
final class CountedLog implements EventLog {
  private final EventLog log;
  private final AtomicLong calledBack = new AtomicLong();

  CountedLog(EventLog log) {
    this.log = log;
  }

  long calledBack() {
    return calledBack.get();
  }

  @Override
  public long incarnation() {
    return log.incarnation();
  }

  @Override
  public long newestRevision() {
    return log.newestRevision();
  }

  @Override
  public long oldestRevision() {
    return log.oldestRevision();
  }

  @Override
  public ResumeToken end() {
    return log.end();
  }

  @Override
  public EventReader readFromEnd() {
    return log.readFromEnd();
  }

  @Override
  public EventReader readFrom(ResumeToken token) {
    return log.readFrom(token);
  }

  @Override
  public EventReader readFromRevision(long revision) {
    return log.readFromRevision(revision);
  }

  @Override
  public Registration onAppend(Runnable callback) {
    return log.onAppend(
        () -> {
          calledBack.incrementAndGet();
          callback.run();
        });
  }
}
