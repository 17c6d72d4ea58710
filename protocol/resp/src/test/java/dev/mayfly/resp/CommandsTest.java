package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands and their replies, to the byte; each line is a command and what it gets. */
class CommandsTest {
  private final TestDoor door = new TestDoor();
  private final RespClient client = door.connect();

  @AfterEach
  void close() {
    client.close();
    door.close();
  }

  private void script(String... lines) {
    for (String line : lines) {
      String[] parts = line.split(" => ", -1);
      assertThat(client.ask(parts[0])).as(parts[0]).isEqualTo(parts[1]);
    }
  }

  @Test
  void set_itsOptions_decideWhetherAndForHowLong() {
    script(
        "SET a 1 => +OK",
        "GET a => $1 1",
        "set a 2 nx => $-1",
        "SET b 2 XX => $-1",
        "SET a 3 GET => $1 1",
        "SET a 4 EX 100 => +OK",
        "TTL a => :100",
        "SET a 5 KEEPTTL => +OK",
        "PTTL a => :100000",
        "SET a 6 => +OK",
        "TTL a => :-1",
        "SET a 7 IFEQ 6 => +OK",
        "SET a 8 IFEQ 6 => $-1",
        "SET a 8 PXAT 1 => +OK",
        "GET a => $-1",
        "SETEX a 10 v => +OK",
        "SETNX a w => :0",
        "GETSET a w => $1 v",
        "TTL a => :-1",
        "GETDEL a => $1 w",
        "GETDEL a => $-1");
  }

  @Test
  void set_wrongOptions_areRefusedInTheWordsOfTheOriginal() {
    script(
        "SET a => -ERR wrong number of arguments for 'set' command",
        "SET a 1 BOGUS => -ERR syntax error",
        "SET a 1 NX XX => -ERR syntax error",
        "SET a 1 EX 0 => -ERR invalid expire time in 'set' command",
        "SET a 1 EX x => -ERR value is not an integer or out of range",
        "SET a 1 EX 1 KEEPTTL => -ERR syntax error",
        "SET a 1 EX 9223372036854775807 => -ERR invalid expire time in 'set' command",
        "EXISTS a => :0");
  }

  @Test
  void numbers_areAddedTo_orRefused() {
    script(
        "INCR n => :1",
        "INCRBY n 41 => :42",
        "DECRBY n 2 => :40",
        "DECR n => :39",
        "SET n 9223372036854775807 => +OK",
        "INCR n => -ERR increment or decrement would overflow",
        "DECRBY n -9223372036854775808 => -ERR decrement would overflow",
        "SET n 10x => +OK",
        "INCR n => -ERR value is not an integer or out of range",
        "INCRBYFLOAT n 1 => -ERR value is not a valid float",
        "SET n 10.5 => +OK",
        "INCRBYFLOAT n 0.1 => $4 10.6",
        "INCRBYFLOAT n inf => -ERR increment would produce NaN or Infinity");
  }

  @Test
  void parts_ofValues_areReadAndWritten() {
    script(
        "APPEND s hello => :5",
        "STRLEN s => :5",
        "GETRANGE s -4 -2 => $3 ell",
        "GETRANGE s 0 -100 => $1 h",
        "SETRANGE s 1 ipp => :5",
        "GET s => $5 hippo",
        "SETRANGE s -1 x => -ERR offset is out of range",
        "SETBIT b 7 1 => :0",
        "GETBIT b 7 => :1",
        "BITCOUNT b => :1",
        "SETBIT b 7 2 => -ERR bit is not an integer or out of range",
        "BITCOUNT none x => :0",
        "BITCOUNT s -1 -2 x => :0",
        "BITCOUNT s 0 -1 x => -ERR syntax error",
        "BITCOUNT s -2 -1 BYTE => :9",
        "BITCOUNT s 0 1 BIT => :1");
  }

  @Test
  void keys_areRenamedCopiedAndRemoved() {
    script(
        "MSET a 1 b 2 c 3 => +OK",
        "MGET a b x => *3 $1 1 $1 2 $-1",
        "MSETNX d 1 a 2 => :0",
        "EXISTS a b d a => :3",
        "RENAME a z => +OK",
        "RENAME a z => -ERR no such key",
        "RENAMENX z b => :0",
        "COPY z y => :1",
        "COPY z y => :0",
        "COPY z y REPLACE => :1",
        "COPY none y => :0",
        "TYPE z => +string",
        "TYPE none => +none",
        "DBSIZE => :4",
        "DEL z y none => :2",
        "OBJECT ENCODING b => $3 int",
        "FLUSHALL => +OK",
        "DBSIZE => :0");
  }

  @Test
  void deadlines_areGivenUnderConditions() {
    script(
        "SET a 1 => +OK",
        "EXPIRE a 100 XX => :0",
        "EXPIRE a 100 NX => :1",
        "EXPIRE a 50 GT => :0",
        "EXPIRE a 50 LT => :1",
        "TTL a => :50",
        "EXPIRE a 1 NX GT => -ERR NX and XX, GT or LT options at the same time are not compatible",
        "EXPIRE a 1 ZZ => -ERR Unsupported option ZZ",
        "PERSIST a => :1",
        "PERSIST a => :0",
        "EXPIRE a 1 XX LT => :0",
        "EXPIREAT a 1 => :1",
        "EXISTS a => :0",
        "EXPIRE a 1 => :0",
        "TTL a => :-2");
  }

  @Test
  void expiredKey_isGoneAtItsDeadline() {
    script("SET a 1 PX 10 => +OK");

    door.time.advanceMillis(10);

    script("GET a => $-1", "EXISTS a => :0");
  }

  @Test
  void unknownCommands_areNamed() {
    script(
        "LPUSH l 1 => -ERR unknown command 'LPUSH', with args beginning with: 'l' '1' ",
        "OBJECT BOGUS a => -ERR unknown subcommand 'BOGUS'. Try OBJECT HELP.",
        "CLIENT ID x => -ERR wrong number of arguments for 'client|id' command");
  }

  @Test
  void lockedKey_isRefusedToOthers_notToItsOwner() {
    try (RespClient owner = door.connect()) {
      assertThat(owner.ask("CLIENT SETNAME owner")).isEqualTo("+OK");
      String token = owner.ask("MF.LOCK k 60000 CREATE");
      assertThat(token).startsWith(":");

      script(
          "SET k 1 => -LOCKED the key is locked by another client",
          "GET k => -LOCKED the key is locked by another client",
          "FLUSHALL => +OK",
          "DBSIZE => :1");
      assertThat(owner.ask("SET k 1")).isEqualTo("+OK");
      assertThat(owner.ask("MF.UNLOCK k " + token.substring(1))).isEqualTo("+OK");
      script("GET k => $1 1");
    }
  }

  @Test
  void readOnlyStore_refusesWrites() {
    door.keyspace.readOnly(true);

    script(
        "SET a 1 => -READONLY You can't write against a read only server.",
        "GET a => $-1",
        "FLUSHALL => -READONLY You can't write against a read only server.");
  }

  @Test
  void hello_changesTheProtocol() {
    assertThat(client.ask("HELLO 4")).isEqualTo("-NOPROTO unsupported protocol version");
    assertThat(client.ask("HELLO 3 SETNAME me"))
        .startsWith("%7 $6 server $5 redis $7 version $5 7.4.0 ");
    script("GET none => _", "CLIENT GETNAME => $2 me", "RESET => +RESET", "GET none => $-1");
  }

  @Test
  void scan_findsEveryKeyOnce() {
    for (int i = 0; i < 1000; i++) {
      client.ask("SET key:" + i + " v");
    }

    java.util.Set<String> found = new java.util.HashSet<>();
    String cursor = "0";
    int steps = 0;
    do {
      String[] words = client.ask("SCAN " + cursor + " COUNT 50 MATCH key:*").split(" ", -1);
      cursor = words[2];
      for (int at = 5; at < words.length; at += 2) {
        assertThat(found.add(words[at])).isTrue();
      }
      steps++;
    } while (!cursor.equals("0"));

    assertThat(found).hasSize(1000);
    assertThat(steps).isGreaterThan(10);
    assertThat(client.ask("KEYS key:99?")).startsWith("*10 ");
  }

  @Test
  void values_atTheirLimits_areRefused() {
    script(
        "SETRANGE s 536870912 x => -ERR string exceeds maximum allowed size (proto-max-bulk-len)",
        "SETRANGE s 9223372036854775807 x"
            + " => -ERR string exceeds maximum allowed size (proto-max-bulk-len)",
        "SETRANGE s 536870912  => :0",
        "SETBIT s 4294967295 1"
            + " => -ERR string exceeds maximum allowed size (proto-max-bulk-len)",
        "SETBIT s 4294967296 1 => -ERR bit offset is not an integer or out of range",
        "GETBIT s 4294967295 => :0",
        "GETRANGE s -9223372036854775808 9223372036854775807 => $0 ",
        "EXISTS s => :0",
        "SET s v => +OK",
        "EXPIRE s 9223372036854775807 => -ERR invalid expire time in 'expire' command",
        "PEXPIRE s 9223372036854775807 => -ERR invalid expire time in 'pexpire' command",
        "EXPIREAT s 9223372036854775807 => -ERR invalid expire time in 'expireat' command",
        "SET s w EX -1 => -ERR invalid expire time in 'set' command",
        "SETEX s 0 w => -ERR invalid expire time in 'setex' command",
        "GETEX s PX 0 => -ERR invalid expire time in 'getex' command",
        "TTL s => :-1",
        "EXPIREAT s 99999999999 => :1",
        "EXPIRETIME s => :99999999999",
        "PEXPIRE s -9223372036854775808 => :1",
        "EXISTS s => :0");
  }

  @Test
  void keysAndValues_ofAnyBytes_comeBackAsTheyWere() {
    String key = "\u0000\r\n\u00e9\uD83D\uDE00";
    client.send(RespClient.encode("SET", key, key + "v"));
    assertThat(client.reply()).isEqualTo("+OK");
    client.send(RespClient.encode("GET", key));
    assertThat(client.reply()).endsWith(" " + key + "v");
    assertThat(client.ask("KEYS *")).endsWith(" " + key);
  }

  @Test
  void facts_areToldOfEveryCommand() {
    assertThat(client.ask("COMMAND INFO get nosuch"))
        .isEqualTo(
            "*2 *10 $3 get :2 *2 +readonly +fast :1 :1 :1 *3 +@read +@string +@fast *0 *0 *0 $-1");
    assertThat(client.ask("COMMAND GETKEYS MSET a 1 b 2")).isEqualTo("*2 $1 a $1 b");
    assertThat(client.ask("COMMAND DOCS get")).startsWith("*2 $3 get *8 $7 summary");
  }
}
