package dev.mayfly.cli;

import dev.mayfly.client.MayflyConnectionException;
import dev.mayfly.client.MayflyRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of the program: finds the command, reads its arguments, runs it, tells what went wrong.
 *
 * <p>Confined to one thread; made for one run.
 */
final class Program {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private final Streams streams;
  private final Output out;
  private Diagnostics diagnostics;

  Program(Streams streams) {
    this.streams = streams;
    this.out = new Output(streams.out());
    this.diagnostics = Diagnostics.ofDefaults(streams.err());
  }

  /** Runs the command that the words say; answers the exit code and throws nothing. */
  int run(List<String> words) {
    try {
      SentWords.requireText(words);
      int code = runCommand(words);
      out.flush();
      return code;
    } catch (HelpRequest help) {
      return print(help.text());
    } catch (UsageException | IllegalArgumentException e) {
      diagnostics.error(message(e));
      return USAGE;
    } catch (MayflyConnectionException e) {
      flushQuietly();
      boolean refused = !e.wasConnected() && message(e).contains("Connection refused");
      diagnostics.error(message(e) + (refused ? " (is 'mayfly serve' running there?)" : ""));
      return FAILED;
    } catch (CommandException | MayflyRefusedException e) {
      flushQuietly();
      diagnostics.error(message(e));
      return FAILED;
    } catch (OutputClosedException e) {
      // Whoever read the output has seen enough: nothing failed.
      return DONE;
    } catch (UncheckedIOException | IOException e) {
      diagnostics.error(message(e));
      return FAILED;
    }
  }

  private int print(String text) {
    try {
      out.text(text);
      out.flush();
      return DONE;
    } catch (OutputClosedException e) {
      return DONE;
    } catch (IOException e) {
      diagnostics.error(message(e));
      return FAILED;
    }
  }

  /** What a command printed before it failed is still the user's. */
  private void flushQuietly() {
    try {
      out.flush();
    } catch (IOException e) {
      diagnostics.debug(message(e));
    }
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private int runCommand(List<String> words) throws IOException {
    int at = commandAt(words);
    @Nullable Command command = at < words.size() ? Commands.find(words.get(at)) : null;
    if (command == null) {
      // Explains the unknown command, or shows the help; there is nothing else it could do.
      FullParser.of(null).parse(words);
      throw new UsageException("no such command (see 'mayfly --help')");
    }
    Arguments arguments = arguments(command, words, at);
    diagnostics = Diagnostics.of(arguments, streams.err());
    try (Session session = new Session(arguments, streams, out, diagnostics)) {
      return command.run(session);
    }
  }

  private static Arguments arguments(Command command, List<String> words, int at) {
    List<String> behind = words.subList(at + 1, words.size());
    if (command.takesRawWords()) {
      if (behind.contains("--help") || behind.contains("-h")) {
        throw new HelpRequest(FullParser.of(command).help(command));
      }
      return new Arguments(Map.of(), behind);
    }
    List<String> own = new ArrayList<>(words.subList(0, at));
    own.addAll(behind);
    Arguments plain = PlainParser.parse(command.syntax(), own);
    return plain != null ? plain : FullParser.of(command).parse(words);
  }

  /** Where the command's name is: behind the shared options that stand before it. */
  private static int commandAt(List<String> words) {
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-")) {
      at += takesNextWord(words.get(at)) ? 2 : 1;
    }
    return at;
  }

  private static boolean takesNextWord(String word) {
    for (Option option : Syntax.SHARED) {
      if (option.label() != null && option.names().contains(word)) {
        return true;
      }
    }
    return false;
  }
}
