package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random input, from the bytes to the replies: commands with any arguments, in bytes that are
 * partly broken. None of it may come to a fault of ours. {@code -Dsoak=} makes it ten million
 * inputs; {@code -Dseed=} repeats one run.
 */
class HostileInputStressTest {
  private static final int INPUTS = 100_000;
  private static final int INPUTS_SOAK = 10_000_000;
  private static final int INPUTS_PER_CLIENT = 200;
  private static final int STEPS_MAX = 100;
  private static final String[] WORDS = {
    "a",
    "b",
    "k1",
    "*",
    "0",
    "1",
    "-1",
    "100",
    "9223372036854775807",
    "-9223372036854775808",
    "1e400",
    "nx",
    "xx",
    "get",
    "ex",
    "px",
    "keepttl",
    "on",
    "off",
    "bcast",
    "prefix",
    "redirect",
    "id",
    "type",
    "list",
    "tracking",
    "reply",
    "skip",
    "help",
    "usage",
    "encoding",
    "docs",
    "count",
    "match",
    "state",
    "values",
    "after",
    "key",
    "kind",
    "window",
    "leases",
    "gcra",
    "peek",
    "",
    "\0",
    "[",
    "\\",
    "ifeq",
    "limit",
    "set",
    "setname",
    "channels"
  };

  private final TestDoor door = new TestDoor();
  private final List<String> names = door.door().table().all().stream().map(Command::name).toList();
  private final ReplyBuffer out = ReplyBuffer.ofReplies(TestDoor.REPLY_BYTES_MAX);

  @AfterEach
  void close() {
    door.close();
  }

  /** A client without a connection. */
  private static final class Nowhere implements Session.Outlet {
    private final List<Runnable> tasks = new ArrayList<>();

    @Override
    public void send(byte[] message) {
      assertThat(message).isNotEmpty();
    }

    @Override
    public void close() {}

    @Override
    public void endIfStuck(long look) {}

    @Override
    public synchronized void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void executeNext(Runnable part) {
      execute(part);
    }

    @Override
    public Session.Timer after(long millis, Runnable task) {
      return () -> {};
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void writeNow(ReplyBuffer out) {
      out.clear();
    }

    synchronized List<Runnable> take() {
      List<Runnable> taken = List.copyOf(tasks);
      tasks.clear();
      return taken;
    }
  }

  @Test
  void input_atRandom_isAnsweredOrRefused() {
    long seed = Long.getLong("seed", new Random().nextLong());
    int inputs = Long.getLong("soak") == null ? INPUTS : INPUTS_SOAK;
    Random random = new Random(seed);
    for (int done = 0; done < inputs; done += INPUTS_PER_CLIENT) {
      Nowhere outlet = new Nowhere();
      Session session =
          new Session(
              door.door().nextId(),
              "a:1",
              "b:2",
              door.time.millis(),
              outlet,
              new ThreadStats(0),
              door.door().inputMemory(),
              door.door().keptMemory());
      door.door().admit(session);
      for (int i = 0; i < INPUTS_PER_CLIENT && !session.isClosing(); i++) {
        byte[] input = input(random);
        String shown = new String(input, StandardCharsets.ISO_8859_1);
        serve(input, session, "seed " + seed + ": " + shown);
        outlet.take().forEach(Runnable::run);
      }
      session.closeFeeds();
      door.door().leave(session);
      door.time.advanceMillis(1);
      door.keyspace.maintain();
    }
    assertThat(door.door().inputMemory().taken()).as("seed %d: queued", seed).isZero();
    assertThat(door.door().keptMemory().taken()).as("seed %d: remembered", seed).isZero();
  }

  private void serve(byte[] input, Session session, String what) {
    RequestParser parser = new RequestParser(1000, 1_000_000, 1_000_000);
    session.begin(door.time.millis(), session.stats());
    out.clear();
    out.version(session.isResp3());
    int at = 0;
    try {
      @Nullable Arguments command = parser.next(input, at, input.length);
      while (command != null) {
        at = parser.position();
        Command known = door.door().table().find(command.name());
        Action.Steps steps = door.door().runner().run(known, command, session, out);
        for (int step = 0; steps != null && !steps.step(out); step++) {
          assertThat(step).as(what).isLessThan(STEPS_MAX);
        }
        command = parser.next(input, at, input.length);
      }
    } catch (RespException e) {
      out.error(e.text());
    }
    String reply = new String(out.bytes(), 0, out.size(), StandardCharsets.ISO_8859_1);
    assertThat(reply).as(what).doesNotContain("internal error");
  }

  private byte[] input(Random random) {
    String[] words = new String[1 + random.nextInt(7)];
    words[0] = names.get(random.nextInt(names.size()));
    for (int i = 1; i < words.length; i++) {
      boolean name = random.nextInt(20) == 0;
      words[i] =
          name ? names.get(random.nextInt(names.size())) : WORDS[random.nextInt(WORDS.length)];
    }
    byte[] bytes =
        random.nextInt(10) == 0
            ? (String.join(" ", words) + "\r\n").getBytes(StandardCharsets.ISO_8859_1)
            : RespClient.encode(words);
    if (random.nextInt(8) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
