package dev.mayfly.resp;

import dev.mayfly.store.Compare;
import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.TransactionResult;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.TransferResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands on whole keys, whatever their values. Stateless. */
final class KeyCommands {
  /** What an entry takes beside key and value, about. */
  private static final long OVERHEAD_BYTES = 52;

  private static final int EMBEDDED_BYTES_MAX = 44;

  private static final String NO_FREQUENCY =
      "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that"
          + " when switching between policies at runtime LRU and LFU data will take some time to"
          + " adjust.";

  private final RespDoor door;

  KeyCommands(RespDoor door) {
    this.door = door;
  }

  void addTo(Map<String, Command.Handler> handlers) {
    handlers.put("del", (a, s) -> delete(a));
    handlers.put("unlink", (a, s) -> delete(a));
    handlers.put("exists", (a, s) -> exists(a, false));
    handlers.put("touch", (a, s) -> exists(a, true));
    handlers.put("type", (a, s) -> type(a));
    handlers.put("rename", (a, s) -> rename(a, true));
    handlers.put("renamenx", (a, s) -> rename(a, false));
    handlers.put("copy", (a, s) -> copy(a));
    handlers.put("msetnx", (a, s) -> setAllIfNone(a));
    handlers.put("randomkey", (a, s) -> randomKey(s));
    handlers.put("object", (a, s) -> object(a, s));
    handlers.put("memory", (a, s) -> memory(a));
  }

  private static Action delete(Arguments arguments) {
    if (arguments.count() == 2) {
      return Action.write(
          DeleteRequest.of(arguments.bytes(1)),
          (result, out) -> out.flag(result instanceof DeleteResult done && done.deleted()));
    }
    List<Operation> deletes = new ArrayList<>();
    for (byte[] key : arguments.values()) {
      deletes.add(new Operation.Write(DeleteRequest.of(key)));
    }
    return new Action.Many(
        deletes,
        false,
        (results, out) ->
            out.integer(
                results.stream()
                    .filter(result -> result instanceof DeleteResult done && done.deleted())
                    .count()));
  }

  private static Action exists(Arguments arguments, boolean used) {
    List<Operation> reads = new ArrayList<>();
    for (byte[] key : arguments.values()) {
      ReadRequest.Part part = ReadRequest.Part.METADATA;
      reads.add(new Operation.Read(new ReadRequest(key, part, 0, -1, false, false, used)));
    }
    return new Action.Many(
        reads,
        false,
        (results, out) ->
            out.integer(results.stream().filter(result -> result instanceof Entry).count()));
  }

  private static Action type(Arguments arguments) {
    return Action.read(
        ReadRequest.metadata(arguments.bytes(1)),
        (result, out) -> out.simple(result == null ? "none" : "string"));
  }

  private Action rename(Arguments arguments, boolean replacing) {
    TransferRequest request =
        new TransferRequest(
            arguments.bytes(1), arguments.bytes(2), false, replacing, door.config().rules());
    return new Action.One(
        new Operation.Transfer(request),
        (result, out) -> {
          if (replacing) {
            out.ok();
          } else {
            out.flag(result instanceof TransferResult done && done.done());
          }
        });
  }

  /** Where there is nothing to copy, nothing is copied, which is no error. */
  private static final class Copied implements Action.Answer {
    @Override
    public void write(@Nullable Object result, ReplyBuffer out) {
      out.flag(result instanceof TransferResult done && done.done());
    }

    @Override
    public boolean admits(MayflyException refusal) {
      return refusal.code() == ErrorCode.NOT_FOUND;
    }
  }

  private Action copy(Arguments arguments) {
    boolean replacing = false;
    for (int at = 3; at < arguments.count(); at++) {
      if (arguments.is(at, "replace")) {
        replacing = true;
      } else if (arguments.is(at, "db") && at + 1 < arguments.count()) {
        if (arguments.integer(++at) != 0) {
          throw new RespException("ERR DB index is out of range");
        }
      } else {
        throw RespException.syntax();
      }
    }
    if (Arrays.equals(arguments.bytes(1), arguments.bytes(2))) {
      throw new RespException("ERR source and destination objects are the same");
    }
    TransferRequest request =
        new TransferRequest(
            arguments.bytes(1), arguments.bytes(2), true, replacing, door.config().rules());
    return new Action.One(new Operation.Transfer(request), new Copied());
  }

  private Action setAllIfNone(Arguments arguments) {
    if (arguments.count() % 2 == 0) {
      throw new RespException("ERR wrong number of arguments for 'msetnx' command");
    }
    Map<ByteKey, Operation> sets = new LinkedHashMap<>();
    List<Compare> compares = new ArrayList<>();
    for (int at = 1; at < arguments.count(); at += 2) {
      byte[] key = arguments.bytes(at);
      compares.add(Compare.revision(key, 0));
      sets.put(
          new ByteKey(key),
          new Operation.Write(
              new SetRequest(
                  key,
                  arguments.bytes(at + 1),
                  null,
                  Condition.ALWAYS,
                  Lifespan.UNSTATED,
                  0,
                  false,
                  door.config().rules())));
    }
    return new Action.One(
        new Operation.Group(compares, List.copyOf(sets.values())),
        (result, out) -> out.flag(result instanceof TransactionResult done && done.held()));
  }

  private Action randomKey(Session session) {
    return (Action.Now)
        out -> {
          byte[] key = door.store().keyspace().randomKey(session.stamp());
          if (key == null) {
            out.nil();
          } else {
            out.bulk(key);
          }
        };
  }

  private Action object(Arguments arguments, Session session) {
    byte[] key = arguments.bytes(2);
    long now = session.stamp().timeMillis();
    return switch (arguments.word(1)) {
      case "encoding" ->
          Action.read(
              new ReadRequest(key, ReadRequest.Part.VALUE, 0, -1, false, false, false),
              (result, out) -> {
                if (result instanceof Entry entry) {
                  out.bulk(encoding(entry.value()));
                } else {
                  out.nil();
                }
              });
      case "idletime" ->
          Action.read(
              ReadRequest.metadata(key),
              (result, out) -> {
                if (result instanceof Entry entry) {
                  out.integer(Math.max(0, now - touched(entry)) / 1000);
                } else {
                  out.nil();
                }
              });
      case "refcount" ->
          Action.read(
              ReadRequest.metadata(key),
              (result, out) -> {
                if (result == null) {
                  out.nil();
                } else {
                  out.integer(1);
                }
              });
      case "freq" ->
          Action.read(
              ReadRequest.metadata(key),
              (result, out) -> {
                if (result != null) {
                  throw new RespException(NO_FREQUENCY);
                }
                out.nil();
              });
      default -> throw Texts.wrongSubcommand("object", arguments);
    };
  }

  private static long touched(Entry entry) {
    return Math.max(entry.createdMillis(), entry.updatedMillis());
  }

  private static String encoding(byte[] value) {
    if (value.length <= 20) {
      try {
        Arguments.integer(value, "");
        return "int";
      } catch (RespException e) {
        return "embstr";
      }
    }
    return value.length <= EMBEDDED_BYTES_MAX ? "embstr" : "raw";
  }

  /** SAMPLES may follow, which says nothing of values that are no collections. */
  private static void requireSamples(Arguments arguments) {
    for (int at = 3; at < arguments.count(); at += 2) {
      if (!arguments.is(at, "samples") || at + 1 == arguments.count()) {
        throw RespException.syntax();
      }
      if (arguments.integer(at + 1) < 0) {
        throw RespException.syntax();
      }
    }
  }

  private static Action memory(Arguments arguments) {
    requireSamples(arguments);
    int keyLength = arguments.bytes(2).length;
    return Action.read(
        ReadRequest.metadata(arguments.bytes(2)),
        (result, out) -> {
          if (result instanceof Entry entry) {
            out.integer(OVERHEAD_BYTES + keyLength + entry.size());
          } else {
            out.nil();
          }
        });
  }
}
