package dev.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gett k|unknown command 'gett' (did you mean get",
        "get|Missing required parameter: 'KEY' (see 'mayfly get --help')",
        "get a b|Unmatched argument at index 2: 'b'",
        "get --nope a|Unknown option: '--nope'",
        "set k v --lifspan 5s|(did you mean --lifespan?)",
        "set k v --lifespan|Missing required parameter for option '--lifespan'",
        "set k v --lifespan 5s --lifespan 6s|should be specified only once",
        "set k v --lifespan 5x|invalid duration '5x' for the lifespan",
        "set k v --lock 0|invalid duration '0' for the lock: expected more than 0",
        "lock k -5s|invalid duration '-5s' for the lock",
        "get k --log-level LOUD|invalid log level 'LOUD'",
        "get k -a db:x|invalid address 'db:x'",
        "get k --client-id ü|invalid client id 'ü'",
        "load|nothing to load",
        "hit n k --times 0|invalid number of times '0': expected 1 to 4294967295",
        "hit n|Missing required parameter: 'KEY'",
        "count n k -a unix:///x|invalid address 'unix:///x': expected host:port",
        "take n k|no limit: expected --limit NUMBER or --name NAME",
        "take n k --limit 0|invalid limit '0': expected at least 1",
        "take n k --limit 1 --kind leaky|invalid kind 'leaky'",
        "take n k --name a --limit 1|--name beside terms of a limit",
        "take n k --limit 1 --peek --shadow|--peek beside --shadow",
        "release n k x|invalid lease 'x'",
        "stress --door ftp|invalid door 'ftp': expected one of http, json, grpc",
        "stress --amount 0|invalid amount 0: expected at least 1",
        "stress --amount many|invalid amount 'many'",
        "stress --rate fast|invalid rate 'fast': expected a number",
        "stress --rate 0|invalid rate 0.0: expected above 0",
        "stress --reads 101|invalid share of reads 101.0: expected 0 to 100",
        "stress --connections 0|invalid number of connections '0': expected 1 to 10000",
        "stress --connections 5 --workers 2|--connections beside --clusters or --workers",
        "stress --clusters 200 --workers 200|invalid number of connections 40000",
        "stress --pipeline 1001|invalid pipeline 1001: expected 1 to 1000",
        "stress --distribution normal|invalid distribution 'normal'",
        "stress --value-size 9GiB|invalid value size '9GiB': at most 8MiB",
        "stress --lifespan 5s|--lifespan with --door http: expected grpc, resp or json",
        "stress --duration 0|invalid duration '0' for the duration: expected more than 0",
        "stress --prefix a?b|invalid prefix 'a?b'",
        "stress --objective p99|invalid objective 'p99': expected terms like p99<5ms",
        "stress --html /nowhere/x.html|cannot write '/nowhere/x.html': expected a file",
        "stress --door counter -a unix:///x|invalid address 'unix:///x' for door counter",
        "stress --door grpc --insecure|TLS without verification with door grpc",
        "stress --seed x|invalid seed 'x'",
        "health -a x:y|invalid address 'x:y'",
        "snapshot list --data /x|snapshot list beside --data: the server alone is asked",
        "snapshot now --database x|snapshot now beside --database: the server alone is asked",
        "snapshot delete 3 --name x|snapshot delete beside --name: the server alone is asked",
        "snapshot export f --data /x -a h:1|--address beside --data: expected the server or",
        "health --timeout 0|invalid duration '0' for the answer",
        "stress extra|Unmatched argument at index 1: 'extra'",
        "completion fish|no completion for 'fish'",
        "help nope|no command 'nope'",
        "config --htp :1|unknown option '--htp': did you mean '--http'?",
        "config prune|'prune' is no option",
      })
  void wrongUsage_isExplainedAndExitsWith2(String words, String message) {
    Run run = Run.alone(words.split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("mayfly: ").contains(message);
    assertThat(run.output()).isEmpty();
  }

  @Test
  void emptyKey_isWrongUsage() {
    assertThat(Run.alone("get", "").err()).startsWith("mayfly: Empty key");
  }

  @Test
  void noCommand_showsEveryCommand() {
    Run run = Run.alone();

    assertThat(run.code()).isZero();
    for (Command command : Commands.all()) {
      assertThat(run.out()).contains("  " + command.name(), command.summary());
    }
    assertThat(Run.alone("--help").out()).isEqualTo(run.out());
    assertThat(Run.alone("help").out()).isEqualTo(run.out());
  }

  static List<Command> commands() {
    return Commands.all();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofACommand_namesEveryOption(Command command) {
    Run run = Run.alone(command.name(), "--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("Usage: mayfly " + command.name() + " ");
    for (Option option : command.syntax().options()) {
      assertThat(run.out()).contains(option.key());
    }
    assertThat(Run.alone("help", command.name()).out()).isEqualTo(run.out());
  }

  @Test
  void serve_help_listsTheOptionsOfTheServer() {
    assertThat(Run.alone("serve", "--help").out())
        .contains("--http=ADDRESS", "--max-keys=NUMBER", "--stop-timeout=DURATION");
  }

  @Test
  void serve_withAnUnknownOption_namesTheNearest() {
    Run run = Run.alone("serve", "--htp", ":1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("unknown option '--htp': did you mean '--http'?");
  }

  @Test
  void config_printsEachValueWithItsSource() {
    assertThat(Run.alone("config", "--http", ":81").out())
        .contains("http.address: ':81'")
        .contains("# flag --http\n");
  }

  @Test
  void completion_isAScriptForBoth() {
    assertThat(Run.alone("completion", "bash").out())
        .startsWith("#!/usr/bin/env bash")
        .contains("--with-metrics", "--max-keys")
        .isEqualTo(Run.alone("completion", "zsh").out());
  }

  @Test
  void version_isALine() {
    assertThat(Run.alone("--version").out()).matches("mayfly [0-9].*\n");
  }
}
