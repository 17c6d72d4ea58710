package dev.mayfly.resp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one command behind its name, numbered from 1 as in the command.
 *
 * @param name the name as it was sent
 * @param values the others; theirs belong to whoever takes them
 * @param refusal why the command is not run, as an error reply without the leading minus; it has no
 *     arguments then. Null: nothing is known against it
 */
record Arguments(byte[] name, byte[][] values, @Nullable String refusal) {
  Arguments(byte[] name, byte[][] values) {
    this(name, values, null);
  }

  /** How many there are, the name included. */
  int count() {
    return values.length + 1;
  }

  byte[] bytes(int number) {
    return values[number - 1];
  }

  /** As text, whatever it holds. */
  String text(int number) {
    return new String(values[number - 1], StandardCharsets.UTF_8);
  }

  /** As an option's name: lower-case. */
  String word(int number) {
    return text(number).toLowerCase(Locale.ROOT);
  }

  boolean is(int number, String word) {
    byte[] value = values[number - 1];
    if (value.length != word.length()) {
      return false;
    }
    for (int i = 0; i < value.length; i++) {
      if ((value[i] | 0x20) != (word.charAt(i) | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A 64-bit integer, as strict as the original is: no plus, no space, no leading zero.
   *
   * @throws RespException with this text when it is none
   */
  long integer(int number, String otherwise) {
    return integer(values[number - 1], otherwise);
  }

  long integer(int number) {
    return integer(number, RespException.NOT_AN_INTEGER);
  }

  static long integer(byte[] text, String otherwise) {
    int at = text.length > 0 && text[0] == '-' ? 1 : 0;
    int digits = text.length - at;
    if (digits < 1 || digits > 19 || (text[at] == '0' && text.length > 1)) {
      throw new RespException(otherwise);
    }
    long sum = 0;
    for (int i = at; i < text.length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9 || sum < Long.MIN_VALUE / 10) {
        throw new RespException(otherwise);
      }
      sum = sum * 10 - digit;
      if (sum > 0) {
        throw new RespException(otherwise);
      }
    }
    if (at == 0 && sum == Long.MIN_VALUE) {
      throw new RespException(otherwise);
    }
    return at == 0 ? -sum : sum;
  }
}
