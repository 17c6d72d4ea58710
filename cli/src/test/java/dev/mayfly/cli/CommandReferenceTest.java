package dev.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandReferenceTest {
  private static final Path FILE = Path.of("../docs/reference/cli.md");

  @Test
  void committedReference_followsFromTheCommands() throws IOException {
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(FILE, render());
    }

    assertThat(FILE).as("run this test with -Dreference.write=true").content().isEqualTo(render());
  }

  private static String render() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    text.append("\n## mayfly\n\n").append(block(FullParser.of(null).help(null)));
    for (Command command : Commands.all()) {
      text.append("\n## mayfly ").append(command.name()).append("\n\n");
      if (command instanceof ServeCommand || command instanceof ConfigCommand) {
        text.append(command.summary())
            .append(" Takes every option of [configuration.md](configuration.md) as a flag.\n");
      } else {
        text.append(block(FullParser.of(command).help(command)));
      }
    }
    return text.toString();
  }

  private static String block(String help) {
    return "```\n" + help.stripTrailing() + "\n```\n";
  }

  private static final String INTRODUCTION =
      """
      # The command line

      Written from the commands themselves; `CommandReferenceTest` checks it and writes it with
      `-Dreference.write=true`.

      `mayfly serve` is the server, `mayfly balance` passes connections on to several
      ([balancing](../operating/balancing.md)); most others are clients that speak the REST
      interface (`/v1`) to the http door of a server: `-a host:port`, `-a unix:///path`, or the
      environment variable `MAYFLY_ADDRESS`; 127.0.0.1:8080 unless told otherwise.

      The commands about counters and limits (`hit` to `release`) speak to the counter door over
      TCP instead: `-a host:port,host:port`, or `MAYFLY_COUNTER_POOL`; 127.0.0.1:3509 unless told
      otherwise. Of several servers the first is asked that answers a health check. Where the
      servers have a secret, it is given with `--secret` or `MAYFLY_COUNTER_SECRET`.

      `journal`, `import`, and `snapshot` with `export` or `import` speak to no server: they work
      on a server's journal itself, which is found as the server finds it.

      | exit code | means |
      |---|---|
      | 0 | done |
      | 1 | refused, or failed; `load`: at least one key failed; `stress`: an objective was missed |
      | 2 | the arguments are wrong |

      What a command answers goes to standard output, everything else to standard error, a line
      each, beginning with `mayfly: ` (or a JSON object each, with `--log-json`).

      | command | standard output |
      |---|---|
      | `get`, `pop` | the value, byte for byte, and nothing else |
      | `list` | a key a line |
      | `set` | `{"success":true}`, with `"is_new":true` if the key was not there |
      | `exists` | `{"exists":true}` or `{"exists":false}`; the exit code is 0 either way |
      | `delete` | `{"deleted":true}` |
      | `lock` | `{"success":true,"token":7}`: the fencing token |
      | `unlock` | `{"success":true}` |
      | `clear` | `{"success":true,"keys_deleted":7}` |
      | `load` | `{"loaded":7,"failed":0}` |
      | `inspect`, `key-metric`, `stats`, `version` | an object of JSON |
      | `watch` | an event a line: `{"key":"k","event":"CREATED","time":…}`; what is missing as \
      `"event":"GAP"` |
      | `watch-key` | the value and each change of it, a line each |
      | `prune` | `{"pruned":7}` |
      | `readonly`, `register` | `{"success":true}` |
      | `snapshot now` | `{"id":7,"entries":…}`; of `list` `{"snapshots":[…]}`, of `restore` and \
      `delete` `{"success":true}` |
      | `snapshot export` and `import`, `import` | `{"id":7,"server":"me","revision":9,\
      "entries":…}` |
      | `journal show` | `# block of revisions 7 to 9, …`, then a line for each change |
      | `shutdown` | `{}` |
      | `hit`, `count`, `count-namespace`, `count-all` | `{"count":7}` |
      | `keys`, `namespaces` | a name a line |
      | `take` | `{"allowed":true,"exceeded":false,"limit":10,"remaining":9,…}`, with \
      `"lease"` for concurrency; the exit code is 1 if it is not allowed |
      | `release` | `{"released":true}` |
      | `health` | what the monitor said, such as `ready` |
      | `stress` | a report: text, or JSON with `--json -` |

      Durations are written as `300ms`, `1.5h`, `1h30m`, `2d`. An argument that begins with a
      hyphen and is no option stands behind `--`; a negative number needs no such help. Keys and
      values are UTF-8 whatever the locale says, and a word that is not is refused; `set` and
      `load` from standard input take any bytes.

      `stress` speaks to any of the doors, and to other servers: see
      [stress.md](../operating/stress.md).

      To complete commands in bash or zsh: `source <(mayfly completion)`.
      """;
}
