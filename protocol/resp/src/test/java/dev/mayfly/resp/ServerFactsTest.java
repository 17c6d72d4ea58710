package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the server tells of itself, its commands and its clients. */
class ServerFactsTest {
  private final TestDoor door = new TestDoor();
  private final RespClient client = door.connect();

  @AfterEach
  void close() {
    client.close();
    door.close();
  }

  private static String figure(String info, String name) {
    int at = info.indexOf(name + ":");
    assertThat(at).as(name).isPositive();
    return info.substring(at + name.length() + 1, info.indexOf('\r', at));
  }

  @Test
  void info_countsWhatWasDone_fromZeroAgainAfterAReset() {
    client.ask("SET a 1");
    client.ask("GET a");
    client.ask("GET none");
    client.ask("INCR a");
    client.ask("INCRBY a x");
    client.ask("LPUSH a x");

    String info = client.ask("INFO ALL");

    assertThat(figure(info, "total_commands_processed")).isEqualTo("6");
    assertThat(figure(info, "total_error_replies")).isEqualTo("2");
    assertThat(figure(info, "errorstat_ERR")).isEqualTo("count=2");
    assertThat(figure(info, "keyspace_hits")).isEqualTo("1");
    assertThat(figure(info, "keyspace_misses")).isEqualTo("1");
    assertThat(figure(info, "cmdstat_get"))
        .matches("calls=2,usec=\\d+,usec_per_call=[0-9.]+,rejected_calls=0,failed_calls=0");
    assertThat(figure(info, "cmdstat_incrby")).startsWith("calls=1,").endsWith("failed_calls=1");
    assertThat(figure(info, "cmdstat_unknown")).startsWith("calls=1,");
    assertThat(Long.parseLong(figure(info, "total_net_input_bytes"))).isGreaterThan(100);
    assertThat(Long.parseLong(figure(info, "total_net_output_bytes"))).isGreaterThan(50);

    assertThat(client.ask("CONFIG RESETSTAT")).isEqualTo("+OK");

    String after = client.ask("INFO ALL");
    assertThat(figure(after, "total_commands_processed")).isEqualTo("1");
    assertThat(figure(after, "total_error_replies")).isEqualTo("0");
    assertThat(after).doesNotContain("cmdstat_get:", "errorstat_");
  }

  @Test
  void info_sections_areToldAsAskedFor() {
    assertThat(client.ask("INFO"))
        .contains("# Server", "# Clients", "# Memory", "# Stats", "# CPU", "# Cluster")
        .doesNotContain("# Commandstats");
    assertThat(client.ask("INFO commandstats")).contains("# Commandstats").doesNotContain("# CPU");
    assertThat(client.ask("INFO keyspace cpu")).contains("# CPU").doesNotContain("# Server");
    assertThat(client.ask("INFO nosuch")).isEqualTo("$0 ");
    client.ask("HELLO 3");
    assertThat(client.ask("INFO server")).contains("txt:# Server");
  }

  @Test
  void time_isTakenOfSomeCommands() {
    for (int i = 0; i < 2 * ThreadStats.TIMED_EVERY; i++) {
      client.ask("PING");
    }

    RespStats stats = door.door().stats();

    long timed = stats.commands().stream().mapToLong(CommandCount::timed).sum();
    assertThat(timed).isEqualTo(2);
    assertThat(stats.calls()).isEqualTo(2 * ThreadStats.TIMED_EVERY);
  }

  @Test
  void help_isThereForEveryCommandWithSubcommands() {
    for (Command command : door.door().table().all()) {
      if (!command.subcommands().isEmpty()) {
        String help = client.ask(command.name() + " HELP");
        assertThat(help).startsWith("*").contains(" <subcommand> [<arg> [value] [opt] ...]");
        for (Subcommand each : command.subcommands()) {
          assertThat(help).contains("+" + each.name().toUpperCase(Locale.ROOT));
        }
      }
    }
  }

  @Test
  void subcommands_areCountedAndNamedAsByTheOriginal() {
    assertThat(client.ask("OBJECT ENCODING"))
        .isEqualTo("-ERR wrong number of arguments for 'object|encoding' command");
    assertThat(client.ask("OBJECT HELP x"))
        .isEqualTo("-ERR wrong number of arguments for 'object|help' command");
    assertThat(client.ask("PUBSUB SHARDCHANNELS"))
        .isEqualTo("-ERR unknown subcommand 'SHARDCHANNELS'. Try PUBSUB HELP.");
    assertThat(client.ask("CONFIG SET a 1 b")).isEqualTo("-ERR syntax error");
    assertThat(client.ask("PUBSUB CHANNELS a b"))
        .isEqualTo(
            "-ERR unknown subcommand or wrong number of arguments for 'CHANNELS'."
                + " Try PUBSUB HELP.");
  }

  @Test
  void commands_areListedByPatternAndCategory() {
    assertThat(client.ask("COMMAND LIST FILTERBY PATTERN hell*")).isEqualTo("*1 $5 hello");
    assertThat(client.ask("COMMAND LIST FILTERBY ACLCAT bitmap"))
        .isEqualTo("*3 $6 setbit $6 getbit $8 bitcount");
    assertThat(client.ask("COMMAND LIST FILTERBY MODULE x")).isEqualTo("*0");
    assertThat(client.ask("COMMAND COUNT")).isEqualTo(":" + door.door().table().all().size());
    assertThat(client.ask("COMMAND INFO client")).contains("client|tracking");
    assertThat(client.ask("COMMAND DOCS client")).contains("subcommands", "client|kill");
  }

  @Test
  void subcommands_areListedAndToldOfByTheirWholeNames() {
    assertThat(client.ask("COMMAND LIST")).contains("$4 ping ", "$11 client|list ");
    assertThat(client.ask("COMMAND LIST FILTERBY PATTERN *|usage"))
        .isEqualTo("*1 $12 memory|usage");
    assertThat(client.ask("COMMAND INFO CLIENT|LIST get|key config|get|key"))
        .startsWith("*3 *10 $11 client|list :-2 *")
        .endsWith(" $-1 $-1");
    assertThat(client.ask("COMMAND DOCS client|list"))
        .startsWith("*2 $11 client|list *8 $7 summary");
  }

  @Test
  void clients_areListedWithWhatTheyDo() {
    try (RespClient other = door.connect()) {
      other.ask("CLIENT SETNAME other");
      other.ask("MULTI");
      other.ask("GET a");

      assertThat(client.ask("CLIENT LIST"))
          .contains("name=other", "flags=x", "multi=1", "cmd=get", "sub=0 psub=0 ssub=0")
          .contains("cmd=client|list");

      other.ask("EXEC");
      other.ask("PSUBSCRIBE a*");
      assertThat(client.ask("CLIENT LIST TYPE pubsub")).contains("flags=P", "psub=1", "multi=-1");
    }
  }

  @Test
  void kill_wrongWishes_areToldAsByTheOriginal() {
    assertThat(client.ask("CLIENT KILL ID 0")).isEqualTo("-ERR client-id should be greater than 0");
    assertThat(client.ask("CLIENT KILL USER nobody")).isEqualTo("-ERR No such user 'nobody'");
    assertThat(client.ask("CLIENT KILL USER nobody ID")).isEqualTo("-ERR No such user 'nobody'");
    assertThat(client.ask("CLIENT KILL USER default ID")).isEqualTo("-ERR syntax error");
    assertThat(client.ask("CLIENT KILL TYPE odd")).isEqualTo("-ERR Unknown client type 'odd'");
    assertThat(client.ask("CLIENT KILL 1.2.3.4:5")).isEqualTo("-ERR No such client");
    String id = client.ask("CLIENT ID").substring(1);
    assertThat(client.ask("CLIENT KILL ID " + id)).isEqualTo(":0");
    assertThat(client.ask("CLIENT KILL ID " + id + " SKIPME NO")).isEqualTo(":1");
    assertThat(client.reply()).isEqualTo("closed");
  }

  @Test
  void notifications_areToldAsTheOriginalOrdersThem() {
    client.ask("CONFIG SET notify-keyspace-events KEA");
    assertThat(client.ask("CONFIG GET notify-keyspace-events"))
        .isEqualTo("*2 $22 notify-keyspace-events $3 AKE");
    client.ask("CONFIG SET notify-keyspace-events nxE$");
    assertThat(client.ask("CONFIG GET notify-keyspace-events")).endsWith(" $4 $xnE");
    client.ask("CONFIG SET notify-keyspace-events mEAKn");
    assertThat(client.ask("CONFIG GET notify-keyspace-events")).endsWith(" $5 AnKEm");
  }
}
