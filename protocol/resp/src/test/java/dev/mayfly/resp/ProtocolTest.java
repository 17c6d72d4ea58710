package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ProtocolTest {
  private final TestDoor door = new TestDoor();
  private final RespClient client = door.connect();

  @AfterEach
  void close() {
    client.close();
    door.close();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void commands_inPieces_areWholeInTheEnd() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(RespClient.encode("SET", "a", "v".repeat(300)));
    all.writeBytes(RespClient.encode("STRLEN", "a"));
    all.writeBytes(ascii("PING\r\n"));

    for (byte b : all.toByteArray()) {
      client.send(new byte[] {b});
    }

    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo(":300");
    assertThat(client.reply()).isEqualTo("+PONG");
  }

  @Test
  void pipeline_isAnsweredInOrder() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      all.writeBytes(RespClient.encode("INCR", "n"));
    }
    client.send(all.toByteArray());

    for (int i = 1; i <= 10_000; i++) {
      assertThat(client.reply()).isEqualTo(":" + i);
    }
  }

  @Test
  void pipelineOfUnlikeNames_runsEachAndTellsNamesAsTheyWereSent() {
    String longName = "G" + "E".repeat(64) + "T";
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String name : List.of("GET", "get", "GETS", "GE", longName, "GET")) {
      all.writeBytes(RespClient.encode(name, "a"));
    }
    client.send(all.toByteArray());

    assertThat(client.reply()).isEqualTo("$-1");
    assertThat(client.reply()).isEqualTo("$-1");
    assertThat(client.reply()).contains("'GETS'");
    assertThat(client.reply()).contains("'GE'");
    assertThat(client.reply()).contains("'" + longName + "'");
    assertThat(client.reply()).isEqualTo("$-1");
  }

  @Test
  void keysBetweenOthers_keepsTheOrderOfReplies() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(RespClient.encode("SET", "a", "1"));
    all.writeBytes(RespClient.encode("KEYS", "*"));
    all.writeBytes(RespClient.encode("GET", "a"));
    client.send(all.toByteArray());

    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo("*1 $1 a");
    assertThat(client.reply()).isEqualTo("$1 1");
  }

  @Test
  void clientThatSendsNothingMore_getsItsReplies_andThenTheEnd() {
    client.send(RespClient.encode("SET", "a", "1"));
    client.send(RespClient.encode("KEYS", "*"));
    client.send(ascii("GET a\r\nGET unfinished"));
    client.end();

    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo("*1 $1 a");
    assertThat(client.reply()).isEqualTo("$1 1");
    assertThat(client.reply()).isEqualTo("closed");
  }

  /** The end of its input may be seen just when it takes its replies again: one time in nine. */
  @RepeatedTest(30)
  void slowClientThatSendsNothingMore_getsAllItsReplies() {
    client.ask("SET a " + "v".repeat(100_000));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 500; i++) {
      all.writeBytes(RespClient.encode("GET", "a"));
    }
    client.send(all.toByteArray());
    client.end();

    for (int i = 0; i < 500; i++) {
      assertThat(client.reply()).startsWith("$100000 v");
    }
    assertThat(client.reply()).isEqualTo("closed");
  }

  @Test
  void inlineCommands_mayHaveQuotes() {
    client.send(ascii("SET a \"x \\x41\\n\"\r\nGET a\r\n\r\nGET 'a'\n"));

    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo("$4 x A\n");
    assertThat(client.reply()).isEqualTo("$4 x A\n");
  }

  @Test
  void whatIsNoCommand_isToldAndEndsTheConnection() {
    List<String> wrong =
        List.of(
            "*1\r\n!3\r\nGET\r\n",
            "*x\r\n",
            "*2000000000\r\n",
            "*1\r\n$-5\r\n",
            "*1\r\n$99999999999\r\n",
            "*1\r\n$536870913\r\n",
            "*3\r\n$3\r\nSET\r\n$1000001\r\n" + "v".repeat(1_000_001) + "\r\n!",
            "GET \"a\r\n");
    List<String> replies = new ArrayList<>();
    for (String text : wrong) {
      try (RespClient hostile = door.connect()) {
        hostile.send(ascii(text));
        replies.add(hostile.reply());
        assertThat(hostile.reply()).as(text).isEqualTo("closed");
      }
    }

    assertThat(replies)
        .containsExactly(
            "-ERR Protocol error: expected '$', got '!'",
            "-ERR Protocol error: invalid multibulk length",
            "-ERR Protocol error: invalid multibulk length",
            "-ERR Protocol error: invalid bulk length",
            "-ERR Protocol error: invalid bulk length",
            "-ERR Protocol error: invalid bulk length",
            "-ERR Protocol error: expected '$', got '!'",
            "-ERR Protocol error: unbalanced quotes in request");
    assertThat(client.ask("PING")).isEqualTo("+PONG");
  }

  @Test
  void commandWithoutAName_isUnknown_andArraysOfNothingArePassedOver() {
    client.send(ascii("*0\r\n*-1\r\n\r\n*1\r\n$0\r\n\r\nPING\r\n"));

    assertThat(client.reply()).isEqualTo("-ERR unknown command '', with args beginning with: ");
    assertThat(client.reply()).isEqualTo("+PONG");
  }

  @Test
  void moreThanALimitBehindACommandThatTakesSteps_isAnsweredInOrder() throws Exception {
    int pings = 50_000;
    for (int i = 0; i < 3000; i++) {
      client.ask("SET k" + i + " v");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(RespClient.encode("KEYS", "none"));
    for (int i = 0; i < pings; i++) {
      all.writeBytes(RespClient.encode("PING"));
    }
    Thread sender = Thread.ofVirtual().start(() -> client.send(all.toByteArray()));

    assertThat(client.reply()).isEqualTo("*0");
    for (int i = 0; i < pings; i++) {
      assertThat(client.reply()).isEqualTo("+PONG");
    }
    sender.join();
  }

  @Test
  void requestOfABrowser_runsNothing_andEndsTheConnection() {
    for (String head : List.of("POST / HTTP/1.1\r\n", "PUT / HTTP/1.1\r\nHost: x\r\n")) {
      try (RespClient browser = door.connect()) {
        browser.send(ascii(head + "\r\nSET a 1\r\n"));
        String reply = browser.reply();
        if (head.startsWith("PUT")) {
          assertThat(reply).startsWith("-ERR unknown command 'PUT'");
          reply = browser.reply();
        }
        assertThat(reply).isEqualTo("closed");
      }
    }

    assertThat(client.ask("EXISTS a")).isEqualTo(":0");
  }

  @Test
  void commandOfManyArguments_byteByByte_isWholeInTheEnd() {
    String[] words = new String[800];
    words[0] = "MGET";
    for (int i = 1; i < words.length; i++) {
      words[i] = "k" + i;
    }
    for (byte b : RespClient.encode(words)) {
      client.send(new byte[] {b});
    }

    assertThat(client.reply()).startsWith("*799 $-1 ").endsWith(" $-1");
    assertThat(client.ask("PING")).isEqualTo("+PONG");
  }

  @Test
  void argumentLargerThanMayBe_isRefused_andTheOthersAreServed() {
    String refusal = "-ERR argument of 1000001 bytes: expected at most 1000000 (max-value-size)";
    String large = "v".repeat(1_000_001);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(RespClient.encode("SET", "a", "1"));
    all.writeBytes(RespClient.encode("SET", "a", large, "EX", "10"));
    all.writeBytes(RespClient.encode("GET", "a"));
    all.writeBytes(RespClient.encode(large, "a"));
    all.writeBytes(RespClient.encode("MULTI"));
    all.writeBytes(RespClient.encode("APPEND", "a", "2"));
    all.writeBytes(RespClient.encode("APPEND", large, large));
    all.writeBytes(RespClient.encode("EXEC"));
    all.writeBytes(RespClient.encode("GET", "a"));
    client.send(all.toByteArray());

    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo(refusal);
    assertThat(client.reply()).isEqualTo("$1 1");
    assertThat(client.reply()).isEqualTo(refusal);
    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo("+QUEUED");
    assertThat(client.reply()).isEqualTo(refusal);
    assertThat(client.reply()).startsWith("-EXECABORT");
    assertThat(client.reply()).isEqualTo("$1 1");
  }

  @Test
  void argumentLargerThanMayBe_behindACommandThatTakesSteps_isRefusedInItsTurn() {
    client.ask("SET a 1");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(RespClient.encode("KEYS", "*"));
    all.writeBytes(RespClient.encode("SET", "a", "v".repeat(3_000_000)));
    all.writeBytes(RespClient.encode("GET", "a"));
    client.send(all.toByteArray());

    assertThat(client.reply()).isEqualTo("*1 $1 a");
    assertThat(client.reply()).startsWith("-ERR argument of 3000000 bytes");
    assertThat(client.reply()).isEqualTo("$1 1");
  }

  @Test
  void refusedCommand_inPieces_isPassedOverAndKeptNowhere() {
    RequestParser parser = new RequestParser(64, 10, 100);
    byte[] all = ascii("*4\r\n$3\r\nSET\r\n$11\r\nk2345678901\r\n$0\r\n\r\n$2\r\nEX\r\n*1\r\n");
    int at = 0;
    int mostKept = 0;
    List<Arguments> found = new ArrayList<>();
    for (int limit = 1; limit <= all.length; limit++) {
      Arguments next = parser.next(all, at, limit);
      at = parser.position();
      if (next != null) {
        found.add(next);
        assertThat(all[at - 1]).isEqualTo((byte) '\n');
      }
      mostKept = Math.max(mostKept, limit - at);
    }

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().name()).isEqualTo(ascii("SET"));
    assertThat(found.getFirst().refusal()).startsWith("ERR argument of 11 bytes");
    assertThat(mostKept).as("bytes kept").isEqualTo("*4\r\n$3\r\nSET\r\n$11\r".length());
    assertThat(at).as("the next command").isEqualTo(all.length - "*1\r\n".length());
  }

  @Test
  void commandLargerThanMayBe_isRefused_andTheOthersAreServed() {
    String large = "v".repeat(700_000);
    assertThat(client.ask("MSET a " + large + " b " + large)).isEqualTo("+OK");

    client.send(RespClient.encode("MSET", "a", large, "b", large));
    client.send(RespClient.encode("MSET", "a", large, "b", large, "c", large, "d", large));
    assertThat(client.reply()).isEqualTo("+OK");
    assertThat(client.reply())
        .isEqualTo(
            "-ERR command of 2100068 bytes or more: expected at most 2097152 (resp.max-command)");
    assertThat(client.ask("EXISTS c d")).isEqualTo(":0");
  }

  @Test
  void clientThatTakesNoReplies_isHeldUp_andGetsAllOfThemLater() {
    client.ask("SET a " + "v".repeat(500_000));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 200; i++) {
      all.writeBytes(RespClient.encode("GET", "a"));
    }
    client.send(all.toByteArray());

    try (RespClient other = door.connect()) {
      assertThat(other.ask("PING")).isEqualTo("+PONG");
    }
    for (int i = 0; i < 200; i++) {
      assertThat(client.reply()).hasSize("$500000 ".length() + 500_000);
    }
  }

  @Test
  void oneClientTooMany_isToldSo() {
    List<RespClient> clients = new ArrayList<>();
    for (int i = 1; i < TestDoor.CONNECTIONS_MAX; i++) {
      RespClient next = door.connect();
      assertThat(next.ask("PING")).isEqualTo("+PONG");
      clients.add(next);
    }

    try (RespClient tooMany = door.connect()) {
      assertThat(tooMany.reply()).isEqualTo("-ERR max number of clients reached");
      assertThat(tooMany.reply()).isEqualTo("closed");
    }
    clients.forEach(RespClient::close);
  }

  @Test
  void clientReply_offAndSkip_silence() {
    client.send(RespClient.encode("CLIENT", "REPLY", "SKIP"));
    client.send(RespClient.encode("SET", "a", "1"));
    assertThat(client.ask("GET a")).isEqualTo("$1 1");

    client.send(RespClient.encode("CLIENT", "REPLY", "SKIP"));
    client.send(RespClient.encode("KEYS", "*"));
    assertThat(client.ask("GET a")).isEqualTo("$1 1");

    client.send(RespClient.encode("CLIENT", "REPLY", "OFF"));
    client.send(RespClient.encode("KEYS", "*"));
    client.send(RespClient.encode("NOSUCH"));
    client.send(RespClient.encode("SET", "a", "2"));
    assertThat(client.ask("CLIENT REPLY ON")).isEqualTo("+OK");
    assertThat(client.ask("GET a")).isEqualTo("$1 2");
  }

  @Test
  void quit_andKill_closeAfterTheReply() {
    assertThat(client.ask("QUIT")).isEqualTo("+OK");
    assertThat(client.reply()).isEqualTo("closed");
    try (RespClient victim = door.connect();
        RespClient killer = door.connect()) {
      String id = victim.ask("CLIENT ID").substring(1);
      assertThat(killer.ask("CLIENT KILL ID " + id)).isEqualTo(":1");
      assertThat(victim.reply()).isEqualTo("closed");
    }
  }
}
