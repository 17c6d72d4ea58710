package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Durability;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
  private static final int TURNS_MAX = 1000;
  private static final int SETS_OF_EACH = 200;
  private static final byte[] SETS =
      new String(RespClient.encode("SET", "a", "1"), StandardCharsets.US_ASCII)
          .repeat(SETS_OF_EACH)
          .getBytes(StandardCharsets.US_ASCII);

  /** A journal that is as far as the test says. */
  private static final class Journal implements Durability {
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final Set<Thread> seeing = ConcurrentHashMap.newKeySet();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
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
      asking.add(Thread.currentThread().getName());
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

  /** What a worker has run was seen on its thread. */
  @Test
  void replyToWhatAWorkerRan_waitsToo() throws InterruptedException {
    List<RespClient> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      clients.add(door.connect());
      clients.getLast().ask("PING");
    }
    for (int turn = 0; turn < TURNS_MAX && !isHelped(); turn++) {
      journal.isDone = false;
      CountDownLatch arrived = new CountDownLatch(1);
      door.door().sessions().forEach(each -> each.execute(() -> await(arrived)));
      clients.forEach(each -> each.send(SETS));
      arrived.countDown();
      List<Runnable> durable = new ArrayList<>();
      for (int i = 0; i < clients.size(); i++) {
        durable.add(takeWaiting());
      }
      journal.isDone = true;
      durable.forEach(Runnable::run);
      for (RespClient each : clients) {
        for (int i = 0; i < SETS_OF_EACH; i++) {
          assertThat(each.reply()).isEqualTo("+OK");
        }
      }
    }
    clients.forEach(RespClient::close);
    assertThat(isHelped()).isTrue();
  }

  private boolean isHelped() {
    return journal.asking.stream().anyMatch(name -> name.contains("worker"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Runnable takeWaiting() throws InterruptedException {
    return Objects.requireNonNull(journal.waiting.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }
}
