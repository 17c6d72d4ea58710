package dev.mayfly.resp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Replies that several commands share. Stateless. */
final class Texts {
  private Texts() {}

  /** Of a subcommand that exists: what follows it makes no sense. */
  static RespException wrongSubcommand(String command, Arguments arguments) {
    return new RespException(
        "ERR unknown subcommand or wrong number of arguments for '%s'. Try %s HELP."
            .formatted(arguments.text(1), command.toUpperCase(Locale.ROOT)));
  }

  static Action ok() {
    return (Action.Now) ReplyBuffer::ok;
  }

  /** Of commands that wait to be run: there is no memory for more. */
  static String inputExceeds(long bytesMax) {
    return "ERR commands that wait to be run exceed %d bytes, of all clients together"
        .formatted(bytesMax);
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
