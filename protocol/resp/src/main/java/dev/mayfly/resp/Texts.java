package dev.mayfly.resp;

import java.nio.charset.StandardCharsets;

/** Replies that several commands share. Stateless. */
final class Texts {
  private Texts() {}

  /** Of a subcommand that exists: the number of its arguments is wrong. */
  static RespException wrongSubcommand(String command, Arguments arguments) {
    return new RespException(
        "ERR wrong number of arguments for '%s|%s' command".formatted(command, arguments.word(1)));
  }

  /** An array of lines, as HELP replies. */
  static Action lines(String... lines) {
    return (Action.Now)
        out -> {
          out.array(lines.length);
          for (String line : lines) {
            out.simple(line);
          }
        };
  }

  static Action ok() {
    return (Action.Now) ReplyBuffer::ok;
  }

  /** As text, whatever it holds. */
  static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Where the original's texts end. */
  static String untilZero(String text) {
    int zero = text.indexOf('\0');
    return zero < 0 ? text : text.substring(0, zero);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
