package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The next few commands of a batch, taken out of a client's bytes before the first of them is run,
 * so that the keys of all can be asked for together. Confined to the thread of its {@link
 * Workspace}.
 */
final class CommandsAhead {
  private static final int COMMANDS_MAX = 32;
  private static final int KEYS_MAX = 128;

  /** A client that is made to wait has what was looked at taken out again later. */
  private static final int BYTES_MAX = 16 << 10;

  private final @Nullable Arguments[] arguments = new Arguments[COMMANDS_MAX];
  private final @Nullable Command[] commands = new Command[COMMANDS_MAX];
  private final int[] ends = new int[COMMANDS_MAX];
  private final List<byte[]> keys = new ArrayList<>();
  private int size;
  private boolean whole;
  private @Nullable RespException refusal;

  /** Looks at what begins here, whose bytes must stay as they are until its commands have run. */
  void look(RequestParser parser, CommandTable table, byte[] in, int from, int to) {
    size = 0;
    whole = true;
    refusal = null;
    keys.clear();
    int at = from;
    try {
      while (at < to && size < COMMANDS_MAX && at - from < BYTES_MAX && keys.size() < KEYS_MAX) {
        Arguments next = parser.next(in, at, to);
        at = parser.position();
        if (next == null) {
          whole = false;
          return;
        }
        Command command = table.find(next.name());
        arguments[size] = next;
        commands[size] = command;
        ends[size] = at;
        size++;
        if (command != null) {
          addKeys(command, next);
        }
      }
    } catch (RespException e) {
      refusal = e;
    }
  }

  private void addKeys(Command command, Arguments next) {
    int first = command.firstKey();
    int end = next.count() - 1;
    int last = command.lastKey() < 0 ? end + 1 + command.lastKey() : command.lastKey();
    for (int i = first; i > 0 && i <= Math.min(last, end); i += command.keyStep()) {
      if (keys.size() == KEYS_MAX) {
        return;
      }
      keys.add(next.bytes(i));
    }
  }

  int size() {
    return size;
  }

  Arguments arguments(int index) {
    Arguments found = arguments[index];
    if (found == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return found;
  }

  /** Null when there is no such command. */
  @Nullable Command command(int index) {
    return commands[index];
  }

  /** Where the bytes of a command end. */
  int end(int index) {
    return ends[index];
  }

  /** The keys of these commands, until the next look. */
  List<byte[]> keys() {
    return keys;
  }

  /** Whether what follows these commands is another whole one, or nothing. */
  boolean isWhole() {
    return whole;
  }

  /**
   * @throws RespException when what follows these commands is none
   */
  void requireValid() {
    if (refusal != null) {
      throw refusal;
    }
  }

  /** Lets go of the commands. */
  void clear() {
    Arrays.fill(arguments, 0, size, null);
    keys.clear();
    size = 0;
  }
}
