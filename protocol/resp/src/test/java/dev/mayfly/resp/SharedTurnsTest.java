package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that are served by an event loop and its worker together get the replies that each would
 * get alone: all of them, in order, whatever they ask.
 */
class SharedTurnsTest {
  private static final int CLIENTS = 6;
  private static final int COMMANDS = 150;
  private static final int ROUNDS = 40;
  private static final String END = "$3 end";

  /** As much of a script as a connection takes while nobody reads from it, on any system. */
  private static final int ARRIVES_UNREAD_BYTES = 16 << 10;

  /** Stands for a part of keys that only one client has, in one run. */
  private static final String OWN = "{own}";

  private final TestDoor door = new TestDoor();
  private final int tooLarge = door.keyspace.bounds().valueBytesMax() + 1;

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  @Timeout(300)
  void repliesOfAll_areThoseOfEachAlone() throws InterruptedException {
    long seed = Long.getLong("seed", new Random().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<List<String[]>> scripts = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        scripts.add(script(random.split()));
      }

      List<List<String>> together = together(scripts, "t" + round);
      List<List<String>> alone = alone(scripts, "a" + round);

      for (int i = 0; i < CLIENTS; i++) {
        assertThat(together.get(i))
            .as("seed=%d round=%d client=%d", seed, round, i)
            .isEqualTo(alone.get(i));
      }
    }
    assertThat(door.door().stats().sharedTurns()).isPositive();
    while (!door.door().sessions().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(door.door().inputMemory().taken()).isZero();
  }

  private List<List<String>> alone(List<List<String[]>> scripts, String run) {
    List<List<String>> replies = new ArrayList<>();
    for (int i = 0; i < scripts.size(); i++) {
      try (RespClient client = door.connect()) {
        sendAside(client, encode(scripts.get(i), run + i), new CountDownLatch(1));
        replies.add(replies(client));
      }
      awaitNoClients();
    }
    return replies;
  }

  /** The beginnings of all arrive while the event loops are held up. */
  private List<List<String>> together(List<List<String[]>> scripts, String run)
      throws InterruptedException {
    List<RespClient> clients = new ArrayList<>();
    List<List<String>> replies = new ArrayList<>();
    try {
      for (int i = 0; i < scripts.size(); i++) {
        clients.add(door.connect());
        clients.getLast().ask("PING");
      }
      CountDownLatch arrived = new CountDownLatch(scripts.size());
      door.door().sessions().forEach(each -> each.execute(() -> await(arrived)));
      for (int i = 0; i < scripts.size(); i++) {
        sendAside(clients.get(i), encode(scripts.get(i), run + i), arrived);
      }
      for (RespClient client : clients) {
        replies.add(replies(client));
      }
    } finally {
      clients.forEach(RespClient::close);
    }
    awaitNoClients();
    return replies;
  }

  /** In a thread of its own: a script may be longer than what is taken before replies are read. */
  private static void sendAside(RespClient client, byte[] script, CountDownLatch arrived) {
    int beginning = Math.min(script.length, ARRIVES_UNREAD_BYTES);
    Thread.startVirtualThread(
        () -> {
          client.send(Arrays.copyOf(script, beginning));
          arrived.countDown();
          if (beginning < script.length) {
            client.send(Arrays.copyOfRange(script, beginning, script.length));
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitNoClients() {
    while (!door.door().sessions().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private static List<String> replies(RespClient client) {
    List<String> replies = new ArrayList<>();
    String reply = client.reply();
    while (!reply.equals(END) && !reply.equals("closed")) {
      replies.add(reply.replaceAll("id :\\d+", "id"));
      reply = client.reply();
    }
    replies.add(reply);
    return replies;
  }

  private static byte[] encode(List<String[]> script, String run) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String[] command : script) {
      String[] words = command.clone();
      for (int i = 0; i < words.length; i++) {
        words[i] = words[i].replace(OWN, run);
      }
      all.writeBytes(
          words[0].startsWith("*")
              ? words[0].getBytes(StandardCharsets.US_ASCII)
              : RespClient.encode(words));
    }
    return all.toByteArray();
  }

  private List<String[]> script(SplittableRandom random) {
    List<String[]> script = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      add(script, random);
    }
    switch (random.nextInt(10)) {
      case 0 -> script.add(words("QUIT"));
      case 1 -> script.add(words("*2\r\n$3\r\nGET\r\n!\r\n"));
      default -> script.add(words("ECHO", "end"));
    }
    return script;
  }

  private static String[] words(String... words) {
    return words;
  }

  private void add(List<String[]> script, SplittableRandom random) {
    String key = OWN + random.nextInt(5);
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> script.add(words("SET", key, "v".repeat(random.nextInt(300))));
      case 3, 4 -> script.add(words("GET", key));
      case 5 -> script.add(words("SET", key, "w".repeat(random.nextInt(20_000))));
      case 6 -> script.add(words("INCR", key));
      case 7 -> script.add(words("APPEND", key, "more"));
      case 8 -> script.add(words("MGET", key, OWN + 0, OWN + 1, OWN + 2));
      case 9 -> script.add(words("MSET", key, "1", OWN + 0, "2"));
      case 10 -> script.add(words("DEL", key, OWN + 3));
      case 11 -> script.add(words("PING"));
      case 12 -> script.add(words("NOSUCH", "command"));
      case 13 -> script.add(words("GET"));
      case 14 -> {
        script.add(words("MULTI"));
        script.add(words("INCR", key));
        script.add(words("GET", key));
        script.add(words("EXEC"));
      }
      case 15 -> {
        script.add(words("CLIENT", "REPLY", "SKIP"));
        script.add(words("GET", key));
      }
      case 16 -> script.add(words("HELLO", random.nextBoolean() ? "2" : "3"));
      case 17 -> script.add(words("KEYS", "no such"));
      case 18 -> script.add(words("SET", key, "x", "PX", "0"));
      default -> {
        boolean large = random.nextInt(20) == 0;
        script.add(words("SET", key, large ? "y".repeat(tooLarge) : "z"));
      }
    }
  }
}
