package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients with large commands and replies at once: more than the server has memory for. */
@Timeout(240)
class RespMemoryIT {
  private static final int CLIENTS = 60;
  private static final int NAMES = 700;
  private static final int VALUE_BYTES = 8 << 20;
  private static final int PATIENCE_MILLIS = 120_000;

  @TempDir Path folder;

  private final byte[] value = new byte[VALUE_BYTES];
  private final List<Client> clients = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Client client : clients) {
      client.close();
    }
  }

  /** A client that sends and takes bytes. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    Client(ServerFixture server) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), server.respPort());
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new DataInputStream(socket.getInputStream());
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    byte[] take(int bytes) throws IOException {
      return in.readNBytes(bytes);
    }

    String ask(String command, int replyBytes) throws IOException {
      send(command + "\r\n");
      return new String(take(replyBytes), StandardCharsets.US_ASCII);
    }

    byte[] takeValue() throws IOException {
      take(("$" + VALUE_BYTES + "\r\n").length());
      byte[] taken = take(VALUE_BYTES);
      take("\r\n".length());
      return taken;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Client connect(ServerFixture server) throws IOException {
    clients.add(new Client(server));
    return clients.getLast();
  }

  private static long metric(ServerFixture server, String name) throws IOException {
    return RawHttp.ask(server.monitor(), "GET", "/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private void setValue(ServerFixture server) throws IOException {
    new Random(1).nextBytes(value);
    Client client = connect(server);
    client.send("*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$" + VALUE_BYTES + "\r\n");
    client.send(value);
    assertThat(client.ask("", 5)).isEqualTo("+OK\r\n");
  }

  @Test
  void manyLargeReplies_comeOneAfterTheOther() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder, "--max-value-size", "8MiB");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      setValue(server);
      List<Client> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        all.add(connect(server));
        all.getLast().send("GET big\r\n");
      }
      List<Future<byte[]>> replies = new ArrayList<>();
      for (Client each : all) {
        replies.add(threads.submit(each::takeValue));
      }
      for (Future<byte[]> reply : replies) {
        assertThat(reply.get()).isEqualTo(value);
      }
      assertThat(metric(server, "mayfly_resp_connections_cut_total")).isZero();
    }
  }

  @Test
  void clientsThatTakeNothing_makeRoomForOneThatDoes() throws IOException {
    try (ServerFixture server =
        ServerFixture.start(folder, "--max-value-size", "8MiB", "--resp-output-timeout", "200ms")) {
      setValue(server);
      for (int i = 0; i < CLIENTS; i++) {
        connect(server).send("GET big\r\nGET big\r\n");
      }
      while (metric(server, "mayfly_resp_connections_waiting") == 0
          && metric(server, "mayfly_resp_connections_cut_total") == 0) {
        Thread.onSpinWait();
      }
      assertThat(metric(server, "mayfly_resp_output_bytes")).isLessThan((2L * 96) << 20);
      assertThat(connect(server).ask("PING", 7)).isEqualTo("+PONG\r\n");

      Client client = connect(server);
      client.send("GET big\r\n");

      assertThat(client.takeValue()).isEqualTo(value);
      assertThat(metric(server, "mayfly_resp_connections_cut_total")).isPositive();
    }
  }

  /** Each of these ended the server, whose heap has 512 MiB. */
  @Test
  void namesThatOneClientHasRemembered_areBounded() throws IOException {
    try (ServerFixture server = ServerFixture.start(folder)) {
      Client subscriber = connect(server);
      Client cache = connect(server);
      cache.ask("CLIENT TRACKING ON", 5);
      String name = "n".repeat(900_000);
      int confirmed = 0;
      String reply = "*";
      while (reply.equals("*") && confirmed < NAMES) {
        confirmed++;
        reply =
            subscriber.ask("*2\r\n$9\r\nSUBSCRIBE\r\n$900004\r\n" + (1000 + confirmed) + name, 1);
        if (reply.equals("*")) {
          subscriber.take(
              "3\r\n$9\r\nsubscribe\r\n$900004\r\n\r\n:\r\n".length()
                  + 900_004
                  + Integer.toString(confirmed).length());
        }
      }
      for (int i = 0; i < NAMES; i++) {
        String get = "*2\r\n$3\r\nGET\r\n$900004\r\n" + (1000 + i) + name;
        assertThat(cache.ask(get, 5)).isEqualTo("$-1\r\n");
      }

      assertThat(reply).isEqualTo("-");
      assertThat(confirmed).isLessThan(100);
      assertThat(connect(server).ask("PING", 7)).isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void manyClientsThatAskForAllKeys_areAnsweredOrToldToScan() throws IOException {
    try (ServerFixture server = ServerFixture.start(folder)) {
      Client writer = connect(server);
      int keys = 300_000;
      int atOnce = 1000;
      String key = "k".repeat(150);
      for (int i = 0; i < keys; i += atOnce) {
        StringBuilder sets = new StringBuilder();
        for (int j = i; j < i + atOnce; j++) {
          sets.append("SET ").append(key).append(j).append(" v\r\n");
        }
        writer.send(sets.toString());
        writer.take("+OK\r\n".length() * atOnce);
      }
      List<Client> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        all.add(connect(server));
        all.getLast().send("KEYS *\r\n");
      }
      int answered = 0;
      for (Client each : all) {
        String reply = new String(each.take(7), StandardCharsets.US_ASCII);
        answered += reply.equals("*300000") ? 1 : 0;
        assertThat(reply).isIn("*300000", "-ERR th");
        each.close();
      }
      assertThat(answered).isPositive();
      assertThat(writer.ask("DBSIZE", 9)).isEqualTo(":300000\r\n");
    }
  }

  @Test
  void manyCommandsThatAreNotWhole_areBounded() throws IOException {
    try (ServerFixture server = ServerFixture.start(folder, "--resp-max-input", "16MiB")) {
      Client served = connect(server);
      String begun = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$900000\r\n" + "v".repeat(800_000);
      int cut = 0;
      for (int i = 0; i < CLIENTS; i++) {
        Client client = connect(server);
        try {
          client.send(begun);
          client.send("v".repeat(100_000) + "\r");
        } catch (IOException e) {
          cut++;
        }
      }
      assertThat(metric(server, "mayfly_resp_input_bytes")).isBetween(1L << 20, 16L << 20);
      assertThat(metric(server, "mayfly_resp_connections_cut_total"))
          .isGreaterThanOrEqualTo(Math.max(1, cut));
      assertThat(served.ask("PING", 7)).isEqualTo("+PONG\r\n");
    }
  }
}
