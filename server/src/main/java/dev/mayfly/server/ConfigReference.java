package dev.mayfly.server;

/** Writes {@code docs/reference/configuration.md} from the schema. */
final class ConfigReference {
  private static final String HEAD =
      """
      # Configuration

      <!-- Written from the schema by ConfigReferenceTest with -Dreference.write=true. -->

      An option has one name: lower-case words with hyphens, groups with dots. It can be set in four
      places; the first that sets it wins:

      1. a flag of `mayfly serve`: the name with hyphens for dots, `--prune-at 1000`;
      2. an environment variable: `MAYFLY_` and the name in capitals with underscores,
         `MAYFLY_PRUNE_AT=1000`;
      3. a file: the name as it is, dotted (`prune.at: 1000`) or nested (`prune:` and below it
         `at: 1000`);
      4. the default.

      The file is the one that `--config` names, else `mayfly.yaml` in the working folder, else
      `mayfly.yaml` in `$XDG_CONFIG_HOME/mayfly` or `~/.config/mayfly` (on macOS also
      `~/Library/Application Support/mayfly`). One file is read, not several. In a file `${NAME}`
      stands for an environment variable, `${NAME:text}` for one with a fallback, and `$${` for `${`
      itself. An empty value counts as not given. A misspelt option in any of the places stops the
      start. `mayfly config` prints every value and where it comes from. The other commands and the
      launcher have variables of their own, which the server ignores: `MAYFLY_ADDRESS`,
      `MAYFLY_COUNTER_POOL`, `MAYFLY_JAVA_HOME` and `MAYFLY_JAVA_OPTS`.

      Durations are numbers with units, `ns us ms s m h d`: `300ms`, `1.5h`, `1h30m`. Sizes are
      bytes, or numbers with a unit: `64MiB` (1024s), `10kB` (1000s). Addresses are `host:port`,
      `:port` (all interfaces), `unix:///path` or `off`.

      """;

  private ConfigReference() {}

  static String render() {
    StringBuilder out = new StringBuilder(HEAD);
    out.append("| option | takes | default | environment |\n|---|---|---|---|\n");
    for (Option<?> option : Options.all()) {
      out.append(
          "| [`%s`](#%s) | %s | %s | `%s` |\n"
              .formatted(
                  option.name(),
                  option.name().replace(".", ""),
                  option.type().name(),
                  fallback(option),
                  option.variable()));
    }
    Options.all().forEach(option -> describe(option, out));
    return out.toString();
  }

  private static void describe(Option<?> option, StringBuilder out) {
    out.append("\n## ").append(option.name()).append("\n\n").append(option.doc()).append("\n\n");
    out.append("* Expected: ").append(option.type().expected()).append(".\n");
    out.append("* Default: ").append(fallback(option)).append(".\n");
    if (option.is(Option.Trait.ZERO_IS_DEFAULT)) {
      out.append("* 0 stands for the default.\n");
    }
    out.append("* Flag: `").append(option.flag()).append('`');
    out.append(option.is(Option.Trait.SWITCH) ? ", alone or with a value.\n" : ".\n");
    if (!option.alias().isEmpty()) {
      out.append(
          "* Also: `%s` in a file, `%s`, `%s`.\n"
              .formatted(
                  option.alias(), Option.flag(option.alias()), Option.variable(option.alias())));
    }
    if (option.is(Option.Trait.NOT_IN_FILE)) {
      out.append("* Not in a file.\n");
    }
    if (option.is(Option.Trait.SECRET)) {
      out.append("* Secret: shown as `********`.\n");
    }
  }

  private static String fallback(Option<?> option) {
    String shown = option.fallback().shown();
    if (shown.isEmpty()) {
      return "none";
    }
    return shown.indexOf(' ') >= 0 ? shown : "`" + shown + "`";
  }
}
