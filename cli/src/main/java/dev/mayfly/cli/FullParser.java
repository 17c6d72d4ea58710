package dev.mayfly.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The whole grammar, help, completion and the explanation of errors, by picocli from the syntax of
 * the commands.
 *
 * <p>Specs are built by calls, not by annotations: nothing is looked up by reflection. Not safe for
 * concurrent use; made for one use.
 */
final class FullParser {
  private static final int HELP_COLUMNS = 100;

  private final CommandLine root;

  private FullParser(CommandLine root) {
    this.root = root;
  }

  /** A parser that knows one command, or none, to its last option and the others by name. */
  static FullParser of(@Nullable Command known) {
    String name = known == null ? "" : known.name();
    return new FullParser(build(command -> command.name().equals(name)));
  }

  /** A parser that knows every option of every command. */
  static FullParser ofAll() {
    return new FullParser(build(command -> true));
  }

  private interface Selection {
    boolean contains(Command command);
  }

  private static CommandLine build(Selection detailed) {
    CommandSpec spec = CommandSpec.create().name("mayfly");
    spec.usageMessage()
        .synopsisSubcommandLabel("COMMAND")
        .width(HELP_COLUMNS)
        .description("An in-memory store for data that does not live long.")
        .footer("", "'mayfly COMMAND --help' tells what a command takes.");
    Syntax.SHARED.forEach(option -> spec.addOption(optionSpec(option)));
    spec.addOption(optionSpec(Syntax.HELP));
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .type(boolean.class)
            .arity("0")
            .description("Show the version and do nothing else.")
            .build());
    CommandLine root = new CommandLine(spec);
    for (Command command : Commands.all()) {
      CommandLine sub = new CommandLine(commandSpec(command, detailed.contains(command)));
      root.addSubcommand(command.name(), sub, command.aliases().toArray(String[]::new));
    }
    root.setUsageHelpLongOptionsMaxWidth(40);
    return root;
  }

  private static CommandSpec commandSpec(Command command, boolean detailed) {
    CommandSpec spec = CommandSpec.create().name(command.name());
    spec.usageMessage().width(HELP_COLUMNS).description(escape(command.summary()));
    if (detailed) {
      Syntax syntax = command.syntax();
      syntax.options().forEach(option -> spec.addOption(optionSpec(option)));
      int index = 0;
      for (Parameter parameter : syntax.parameters()) {
        boolean repeated = parameter.max() == Integer.MAX_VALUE;
        spec.addPositional(
            PositionalParamSpec.builder()
                .index(repeated ? index + "..*" : Integer.toString(index))
                .arity(parameter.min() + (repeated ? "..*" : parameter.min() == 1 ? "" : "..1"))
                .type(repeated ? String[].class : String.class)
                .paramLabel(parameter.label())
                .required(parameter.min() > 0)
                .description(escape(parameter.doc()))
                .build());
        index++;
      }
      spec.usageMessage()
          .footer(command.details().stream().map(FullParser::escape).toArray(String[]::new));
    }
    return spec;
  }

  private static OptionSpec optionSpec(Option option) {
    String label = option.label();
    OptionSpec.Builder spec =
        OptionSpec.builder(option.names().toArray(String[]::new))
            .description(escape(option.doc()))
            .usageHelp(option.equals(Syntax.HELP));
    return label == null
        ? spec.type(boolean.class).arity("0").build()
        : spec.type(String.class).arity("1").paramLabel(label).build();
  }

  /** Picocli takes percent signs and at signs of descriptions for its own. */
  private static String escape(String text) {
    return text.replace("%", "%%").replace("@|", "@ |");
  }

  /**
   * Reads all words of the program.
   *
   * @return the arguments of the command that this parser knows
   * @throws UsageException if they do not fit, with an explanation
   * @throws HelpRequest if help is asked for, or no command is named
   */
  Arguments parse(List<String> words) {
    ParseResult result;
    try {
      result = root.parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new UsageException(explanation(e), e);
    }
    if (result.hasMatchedOption("--version")) {
      throw new HelpRequest(Version.line() + "\n");
    }
    ParseResult command = result.hasSubcommand() ? result.subcommand() : result;
    if (!result.hasSubcommand()
        || command.isUsageHelpRequested()
        || result.isUsageHelpRequested()) {
      throw new HelpRequest(command.commandSpec().commandLine().getUsageMessage());
    }
    Map<String, String> options = new HashMap<>();
    List<String> parameters = new ArrayList<>();
    collect(result, options);
    collect(command, options);
    // A repeated parameter is matched once for each word, every time with all of them.
    for (PositionalParamSpec parameter : new LinkedHashSet<>(command.matchedPositionals())) {
      parameters.addAll(parameter.stringValues());
    }
    return new Arguments(options, parameters);
  }

  private static void collect(ParseResult result, Map<String, String> options) {
    for (OptionSpec option : result.matchedOptions()) {
      boolean isFlag = option.arity().max() == 0;
      options.put(option.longestName(), isFlag ? "" : String.valueOf(option.<Object>getValue()));
    }
  }

  private static String explanation(ParameterException e) {
    CommandLine where = e.getCommandLine();
    StringBuilder text = new StringBuilder(complaint(e));
    List<String> near =
        e instanceof CommandLine.UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    if (!near.isEmpty()) {
      text.append(" (did you mean ").append(String.join(" or ", near)).append("?)");
    }
    return text.append(" (see '")
        .append(where.getCommandSpec().qualifiedName())
        .append(" --help')")
        .toString();
  }

  /** At the root, what is not known can only have been meant as a command. */
  private static String complaint(ParameterException e) {
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && e.getCommandLine().getParent() == null) {
      return "unknown command '" + unmatched.getUnmatched().getFirst() + "'";
    }
    return String.valueOf(e.getMessage());
  }

  /** The help of a command, or of the program. */
  String help(@Nullable Command command) {
    return command == null
        ? root.getUsageMessage()
        : Objects.requireNonNull(root.getSubcommands().get(command.name())).getUsageMessage();
  }

  /** A script that teaches bash, and zsh by its own means, to complete the commands. */
  String completion() {
    return AutoComplete.bash("mayfly", root);
  }
}
