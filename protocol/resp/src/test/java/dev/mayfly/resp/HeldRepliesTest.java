package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Durability;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replies that wait until what they show is durable. */
class HeldRepliesTest {
  private static final long PATIENCE_SECONDS = 60;

  /** A journal that is as far as the test says. */
  private static final class Journal implements Durability {
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final Set<Thread> seeing = ConcurrentHashMap.newKeySet();
    private volatile boolean isDone;

    /** Waits until a reply waits, and tells it that everything is durable, or nothing ever. */
    void answer(boolean done) throws InterruptedException {
      Runnable callback = waiting.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      isDone = done;
      Objects.requireNonNull(callback).run();
    }

    @Override
    public boolean mayHold() {
      return true;
    }

    @Override
    public long revision() {
      return 1;
    }

    @Override
    public boolean isDurable(long revision) {
      return revision == 0 || isDone;
    }

    @Override
    public void onDurable(long revision, Runnable callback) {
      waiting.add(callback);
    }

    @Override
    public void see(long revision) {
      seeing.add(Thread.currentThread());
    }

    @Override
    public void seeAbsent(byte[] key) {
      seeing.add(Thread.currentThread());
    }

    @Override
    public long seen() {
      return seeing.remove(Thread.currentThread()) ? 1 : 0;
    }
  }

  private final Journal journal = new Journal();
  private final TestDoor door = new TestDoor(journal);
  private final RespClient client = door.connect();

  @AfterEach
  void close() {
    client.close();
    door.close();
  }

  @Test
  void reply_waitsForTheJournal_whileOthersAreServed() throws InterruptedException {
    client.send(RespClient.encode("SET", "a", "1"));
    client.send(RespClient.encode("PING"));
    try (RespClient other = door.connect()) {
      assertThat(other.ask("PING")).isEqualTo("+PONG");
    }

    journal.answer(true);

    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo("+PONG");
  }

  @Test
  void clientThatSendsNothingMore_getsWhatWaits() throws InterruptedException {
    client.send(RespClient.encode("SET", "a", "1"));
    client.send(RespClient.encode("PING"));
    client.end();

    journal.answer(true);

    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo("+PONG");
    assertThat(client.reply()).isEqualTo("closed");
  }

  @Test
  void journalThatGivesUp_endsTheConnection() throws InterruptedException {
    client.send(RespClient.encode("SET", "a", "1"));

    journal.answer(false);

    assertThat(client.reply()).isEqualTo("closed");
  }

  @Test
  void connectionThatIsToClose_getsWhatWaitsBefore() throws InterruptedException {
    long id = Long.parseLong(client.ask("CLIENT ID").substring(1));
    client.send(RespClient.encode("SET", "a", "1"));
    Runnable durable = takeWaiting();
    Session session = Objects.requireNonNull(door.door().session(id));
    CountDownLatch closed = new CountDownLatch(1);
    session.kill();
    session.execute(closed::countDown);
    assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

    journal.isDone = true;
    durable.run();

    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo("closed");
  }

  private Runnable takeWaiting() throws InterruptedException {
    return Objects.requireNonNull(journal.waiting.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }
}
