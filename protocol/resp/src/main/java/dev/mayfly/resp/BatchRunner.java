package dev.mayfly.resp;

import dev.mayfly.store.Durability;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.TimeSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the whole commands in what arrived from one client, one after the other, as far as it may,
 * and writes their replies. Used by one thread at a time.
 */
final class BatchRunner {
  /** How far a batch goes. */
  interface Extent {
    /** Whether any command may be run, as long as another may follow. */
    default boolean isFree() {
      return false;
    }

    /** Whether this command may be run; null: there is none of its name. */
    boolean admits(@Nullable Command command, Arguments arguments);

    /** Whether another may follow, when so much was replied. */
    boolean goesOn(ReplyBuffer out);

    /**
     * Of what any thread may run in the stead of the event loop, up to so many bytes of replies.
     */
    static Extent ofKeys(int replyBytesMax) {
      return new Extent() {
        @Override
        public boolean admits(@Nullable Command command, Arguments arguments) {
          return command != null && command.isOfKeys();
        }

        @Override
        public boolean goesOn(ReplyBuffer out) {
          return out.size() < replyBytesMax;
        }
      };
    }
  }

  private final RespDoor door;
  private final RequestParser parser;
  private final Keyspace keyspace;
  private final Durability durability;
  private final TimeSource time;
  private Action.@Nullable Steps steps;
  private @Nullable Command stepping;
  private int bytesNeeded;

  BatchRunner(RespDoor door) {
    this.door = door;
    keyspace = door.store().keyspace();
    durability = door.store().durability();
    time = door.store().time();
    parser =
        new RequestParser(
            door.config().argumentsMax(),
            keyspace.bounds().valueBytesMax(),
            door.config().commandBytesMax());
  }

  /**
   * Runs the whole commands of the range, whose replies are then in the {@code work}'s output. The
   * last may be one that takes steps.
   *
   * @return where the first begins that was not run
   */
  int run(byte[] in, int from, int to, Session session, Workspace work, Extent extent) {
    if (durability.mayHold()) {
      // What this thread saw before belongs to others.
      durability.seen();
    }
    session.begin(time.millis(), work.stats());
    work.begin();
    ReplyBuffer out = work.output();
    out.version(session.isResp3());
    CommandsAhead ahead = work.ahead();
    int at = from;
    boolean isWhole = true;
    try {
      boolean goOn = true;
      while (at < to && goOn) {
        ahead.look(parser, door.table(), in, at, to);
        if (ahead.keys().size() > 1) {
          keyspace.expect(ahead.keys());
        }
        boolean isFree = extent.isFree();
        for (int i = 0; i < ahead.size() && goOn; i++) {
          goOn = isFree || extent.admits(ahead.command(i), ahead.arguments(i));
          if (goOn) {
            at = ahead.end(i);
            run(ahead.command(i), ahead.arguments(i), session, out);
            goOn = steps == null && !session.isClosing() && extent.goesOn(out);
          }
        }
        if (goOn) {
          ahead.requireValid();
          at = parser.position();
          isWhole = ahead.isWhole();
          goOn = isWhole;
        }
      }
    } catch (RespException e) {
      out.error(e.text());
      session.close();
      at = to;
    }
    ahead.clear();
    if (at != parser.position()) {
      parser.forget();
    }
    bytesNeeded = isWhole ? 0 : parser.bytesNeeded();
    return at;
  }

  /**
   * How many bytes must be there, of those that the last batch left, before another look at them
   * can find more; 0: it could have gone on.
   */
  int bytesNeeded() {
    return bytesNeeded;
  }

  /** How much memory was taken for what was seen of it; see {@link RequestParser#seenMemory}. */
  long seenMemory() {
    return parser.seenMemory();
  }

  /** The rest of the command that the last batch ended with, in steps; null: there is none. */
  Action.@Nullable Steps steps() {
    return steps;
  }

  /** The command that takes them. */
  Command stepping() {
    return Objects.requireNonNull(stepping);
  }

  /** They are done, or nobody waits for them any more. */
  void endSteps() {
    if (steps != null) {
      steps.end();
      steps = null;
    }
  }

  private void run(
      @Nullable Command command, Arguments arguments, Session session, ReplyBuffer out) {
    ThreadStats stats = session.stats();
    Session.ReplyMode mode = session.replyMode();
    int mark = out.size();
    int index = command == null ? door.table().size() : command.index();
    boolean timed = stats.isTimed();
    long began = timed ? time.nanos() : 0;
    steps = door.runner().run(command, arguments, session, out);
    if (timed) {
      stats.onTimed(index, time.nanos() - began);
    }
    if (steps != null) {
      stepping = command;
    }
    boolean failed = out.size() > mark && out.bytes()[mark] == '-';
    stats.onCommand(index, failed);
    if (failed) {
      door.errors().count(out.bytes(), mark + 1, out.size());
    }
    if (mode != Session.ReplyMode.ON && steps == null) {
      silence(mode, mark, command, session, out);
    }
  }

  /**
   * CLIENT REPLY SKIP drops the next reply, OFF all of them; that of CLIENT REPLY ON is told, and
   * so are messages.
   *
   * @param before which replies the client wanted before this command
   * @param mark where the command's reply begins
   */
  static void silence(
      Session.ReplyMode before,
      int mark,
      @Nullable Command command,
      Session session,
      ReplyBuffer out) {
    if (session.replyMode() == Session.ReplyMode.ON) {
      return;
    }
    boolean isMessage = command != null && command.isAnsweredByMessages() && out.isArrayAt(mark);
    if (!isMessage) {
      out.cutTo(mark);
    }
    if (before == Session.ReplyMode.SKIP_NEXT) {
      session.replyMode(Session.ReplyMode.ON);
    }
  }
}
