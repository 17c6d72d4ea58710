package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.it.RespWire.Reply;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Clients of the resp door that take nothing: a stated limit ends that, or holds it up. */
@Timeout(240)
class RespLimitsIT {
  private static final long RESIDENT_GROWTH_MAX = 128L << 20;

  @TempDir static Path folder;

  private static ServerFixture server;

  @BeforeAll
  static void start() throws IOException {
    server =
        ServerFixture.start(
            folder,
            "--resp-output-pause",
            "64KiB",
            "--resp-output-max",
            "1MiB",
            "--events-max-bytes",
            "1MiB");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RespWire connect() throws IOException {
    return new RespWire(server.respPort());
  }

  private static Reply ask(RespWire wire, String... words) throws IOException {
    return wire.ask(List.of(words));
  }

  private static byte[] encode(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A figure of INFO. */
  private static long info(RespWire wire, String name) throws IOException {
    return ask(wire, "INFO")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static long cut() throws IOException {
    String name = "mayfly_resp_connections_cut_total ";
    return RawHttp.ask(server.monitor(), "GET", "/metrics")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isConnected(RespWire wire, String id) throws IOException {
    return ask(wire, "CLIENT", "LIST", "ID", id).text().contains("id=" + id + " ");
  }

  @Test
  void subscriber_isCut_andThePublisherGoesOn() throws IOException {
    long before = cut();
    try (RespWire subscriber = connect();
        RespWire publisher = connect()) {
      ask(subscriber, "SUBSCRIBE", "c");
      String message = "m".repeat(100_000);
      String receivers = ":1";
      for (int i = 0; i < 2000 && receivers.equals(":1"); i++) {
        receivers = ask(publisher, "PUBLISH", "c", message).text();
      }

      assertThat(receivers).isEqualTo(":0");
      assertThat(cut()).isEqualTo(before + 1);
    }
  }

  @Test
  void clientThatSendsNothingMore_getsEveryReply_howeverSlowItIs() throws IOException {
    try (RespWire client = connect()) {
      String value = "v".repeat(100_000);
      assertThat(ask(client, "SET", "big", value).text()).isEqualTo("+OK");
      int count = 500;
      ByteArrayOutputStream gets = new ByteArrayOutputStream();
      for (int i = 0; i < count; i++) {
        gets.writeBytes(encode("GET", "big"));
      }
      client.send(gets.toByteArray());
      client.end();

      for (int i = 0; i < count; i++) {
        assertThat(client.reply().text()).hasSize(value.length() + 1);
      }
      assertThatThrownBy(client::reply).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void clientWithACache_isCut_andTheWriterGoesOn() throws IOException {
    try (RespWire cache = connect();
        RespWire writer = connect()) {
      String id = ask(cache, "CLIENT", "ID").text().substring(1);
      assertThat(ask(cache, "HELLO", "3").text()).isEqualTo("%");
      assertThat(ask(cache, "CLIENT", "TRACKING", "ON", "BCAST").text()).isEqualTo("+OK");
      ByteArrayOutputStream sets = new ByteArrayOutputStream();
      int count = 500;
      for (int i = 0; i < count; i++) {
        sets.writeBytes(encode("SET", i + "k".repeat(1000), "v"));
      }
      boolean connected = true;
      for (int round = 0; round < 400 && connected; round++) {
        writer.send(sets.toByteArray());
        for (int i = 0; i < count; i++) {
          assertThat(writer.reply().text()).isEqualTo("+OK");
        }
        connected = isConnected(writer, id);
      }

      assertThat(connected).isFalse();
    }
  }

  @Test
  void watcher_isToldOfTheGap_orEndedWhereItAskedForThat() throws IOException {
    try (RespWire told = connect();
        RespWire ended = connect();
        RespWire writer = connect()) {
      ask(told, "MF.WATCH", "PREFIX", "w:", "VALUES");
      ask(ended, "MF.WATCH", "PREFIX", "w:", "VALUES", "SLOW", "DISCONNECT");
      ByteArrayOutputStream sets = new ByteArrayOutputStream();
      int count = 1000;
      for (int i = 0; i < count; i++) {
        sets.writeBytes(encode("SET", "w:" + i, "v".repeat(1000)));
      }
      for (int round = 0; round < 30; round++) {
        writer.send(sets.toByteArray());
        for (int i = 0; i < count; i++) {
          assertThat(writer.reply().text()).isEqualTo("+OK");
        }
      }

      assertThat(until(told, "$mf.gap")).isGreaterThan(0);
      assertThat(until(ended, "$mf.end")).isGreaterThan(0);
      assertThat(ask(ended, "GET", "w:1").text()).hasSize(1001);
    }
  }

  /** How many messages come before the first of this kind. */
  private static int until(RespWire watcher, String kind) throws IOException {
    int before = 0;
    while (!watcher.reply().elements().getFirst().text().equals(kind)) {
      before++;
    }
    return before;
  }

  @Test
  void valueThatIsTooLarge_isRefused_whereverItsClientIs_andKeptNowhere() throws IOException {
    try (Jedis client = new Jedis("127.0.0.1", server.respPort());
        RespWire other = connect()) {
      client.set("value", "small");
      long before = info(other, "used_memory_rss");
      byte[] large = new byte[100 << 20];

      assertThatThrownBy(() -> client.set(ascii("value"), large))
          .isInstanceOf(JedisDataException.class)
          .hasMessage("ERR argument of 104857600 bytes: expected at most 1000000 (max-value-size)");
      assertThat(client.get("value")).isEqualTo("small");
      try (AbstractTransaction transaction = client.multi()) {
        transaction.set("value", "other");
        transaction.set(ascii("value"), large);
        assertThatThrownBy(transaction::exec).isInstanceOf(JedisDataException.class);
      }
      assertThat(client.get("value")).isEqualTo("small");

      assertThat(info(other, "used_memory_rss") - before).isLessThan(64 << 20);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void pipelineWhoseRepliesNobodyTakes_isHeldUp_notKeptInMemory() throws IOException {
    int gets = 4000;
    try (RespWire client = connect();
        RespWire other = connect()) {
      ask(other, "SET", "large", "v".repeat(100_000));
      long before = info(other, "used_memory_rss");
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < gets; i++) {
        all.writeBytes(encode("GET", "large"));
      }
      client.send(all.toByteArray());
      for (int i = 0; i < 1000; i++) {
        assertThat(ask(other, "PING").text()).isEqualTo("+PONG");
      }

      assertThat(info(other, "used_memory_rss") - before).isLessThan(RESIDENT_GROWTH_MAX);
      for (int i = 0; i < gets; i++) {
        assertThat(client.reply().text()).hasSize(100_001);
      }
    }
  }
}
