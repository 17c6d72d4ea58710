package dev.mayfly.engine;

import dev.mayfly.store.Change;
import dev.mayfly.store.ChangeCodec;
import dev.mayfly.store.ChangeCut;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SavedEntry;
import dev.mayfly.store.TimeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine as a journal sees it.
 *
 * <p>A cut asks for the newest readable revision first, while no transaction is under way, and then
 * takes what the shards have recorded: a change is recorded before its revision can be read, so all
 * up to that revision are there. What came later stays for the next cut.
 */
final class EngineJournal implements JournalSource {
  private final ShardSet shards;
  private final ChangeRecorder recorder;
  private final TimeSource time;
  private List<ChangeCut.Piece> held = new ArrayList<>();
  private long heldBytes;

  EngineJournal(ShardSet shards, ChangeRecorder recorder, TimeSource time) {
    this.shards = shards;
    this.recorder = recorder;
    this.time = time;
  }

  @Override
  public long claimedRevision() {
    return shards.log().claimedRevision();
  }

  @Override
  public long removedRevision(byte[] key) {
    Shard shard = shards.shard(shards.router().shard(shards.router().hash(key)));
    return shard.parts().changes().removedRevision();
  }

  @Override
  public long newestRevision() {
    return shards.log().newestRevision();
  }

  @Override
  public void record(long bytesMax, boolean refusing) {
    recorder.begin(bytesMax, refusing);
    turn(true);
  }

  @Override
  public void endRecording() {
    turn(false);
    recorder.begin(Long.MAX_VALUE, false);
  }

  private void turn(boolean on) {
    held = new ArrayList<>();
    heldBytes = 0;
    for (int i = 0; i < shards.count(); i++) {
      Shard shard = shards.shard(i);
      shard.lock().lock();
      try {
        shard.parts().changes().turn(on);
      } finally {
        shard.lock().unlock();
      }
    }
  }

  @Override
  public ChangeCut cut() {
    long revision = newestBetweenGroups();
    Cut cut = new Cut(revision);
    List<ChangeCut.Piece> before = held;
    held = new ArrayList<>();
    before.forEach(cut::add);
    long capacity = heldBytes;
    for (int i = 0; i < shards.count(); i++) {
      Shard shard = shards.shard(i);
      if (shard.parts().changes().hasSome()) {
        for (ChangeCut.Piece piece : take(shard)) {
          capacity += piece.bytes().length;
          cut.add(piece);
        }
      }
    }
    if (recorder.isOverflowed()) {
      throw new MayflyException(
          ErrorCode.OVERLOADED, "more changed than could be recorded meanwhile");
    }
    heldBytes = 0;
    for (ChangeCut.Piece left : held) {
      heldBytes += left.size();
    }
    recorder.shrink(capacity - heldBytes);
    return new ChangeCut(revision, cut.pieces, cut.count, cut.size);
  }

  private long newestBetweenGroups() {
    recorder.groups().writeLock().lock();
    try {
      return shards.log().newestRevision();
    } finally {
      recorder.groups().writeLock().unlock();
    }
  }

  private static List<ChangeCut.Piece> take(Shard shard) {
    shard.lock().lock();
    try {
      return shard.parts().changes().take();
    } finally {
      shard.lock().unlock();
    }
  }

  /** Parts what was recorded at a revision; what is later is held. */
  private final class Cut {
    private final long revision;
    private final List<ChangeCut.Piece> pieces = new ArrayList<>();
    private int count;
    private long size;

    Cut(long revision) {
      this.revision = revision;
    }

    void add(ChangeCut.Piece piece) {
      byte[] bytes = piece.bytes();
      int at = piece.from();
      while (at < piece.to() && ChangeCodec.revision(bytes, at) <= revision) {
        at += ChangeCodec.bytes(bytes, at);
        count++;
      }
      if (at > piece.from()) {
        pieces.add(new ChangeCut.Piece(bytes, piece.from(), at));
        size += at - piece.from();
      }
      if (at < piece.to()) {
        held.add(new ChangeCut.Piece(bytes, at, piece.to()));
      }
    }
  }

  @Override
  public long recordedBytes() {
    return recorder.bytes();
  }

  @Override
  public void refuseWrites(@Nullable MayflyException refusal) {
    recorder.refuse(refusal);
  }

  @Override
  public long save(long cursor, int entriesMax, List<SavedEntry> into) {
    long now = time.millis();
    return Cursors.walk(
        cursor,
        entriesMax,
        shards,
        (shard, from, max) -> shards.steps(shard).save(from, max, now, into));
  }

  @Override
  public void restore(List<SavedEntry> entries) {
    for (SavedEntry entry : entries) {
      long hash = shards.router().hash(entry.key());
      shards.steps(shards.router().shard(hash)).restore(entry, shards.router().index(hash));
    }
  }

  @Override
  public void replay(List<Change> changes) {
    for (Change change : changes) {
      long hash = shards.router().hash(change.key());
      shards.steps(shards.router().shard(hash)).replay(change, shards.router().index(hash));
    }
  }

  @Override
  public void endRestore(long nowMillis) {
    for (int i = 0; i < shards.count(); i++) {
      shards.steps(i).endRestore(nowMillis);
      boolean more;
      do {
        more = shards.steps(i).tidy();
      } while (more);
    }
  }
}
