package dev.mayfly.resp;

import dev.mayfly.store.Entry;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import dev.mayfly.store.TransactionResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands on the store and writes their replies: one by one, queued into a transaction, or
 * all those of a transaction in one step. Stateless; used on every thread that serves connections.
 */
final class CommandRunner {
  private static final System.Logger LOG = System.getLogger(CommandRunner.class.getName());
  private static final int SHOWN_MAX = 128;
  private static final String ERROR = "ERR ";

  private final RespDoor door;
  private final RespStore store;
  private final long queuedBytesMax;
  private final long replyBytesMax;

  CommandRunner(RespDoor door) {
    this.door = door;
    store = door.store();
    queuedBytesMax = door.config().queuedBytesMax();
    replyBytesMax = door.config().replyBytesMax();
  }

  /**
   * Runs a command and writes its reply.
   *
   * @param command null when there is none of this name
   * @return what is to be gone on with in steps, and writes the reply in the end; else null
   */
  Action.@Nullable Steps run(
      @Nullable Command command, Arguments arguments, Session session, ReplyBuffer out) {
    if (command == null && isHttp(arguments.name())) {
      session.close();
      return null;
    }
    String refusal = refusal(command, arguments, session);
    if (command == null || refusal != null) {
      refuse(command, String.valueOf(refusal), session, out);
      return null;
    }
    session.begin(wholeName(command, arguments));
    if (session.transaction().isOpen() && !command.isImmediate()) {
      enqueue(new ClientTransaction.Queued(command, arguments), session, out);
      return null;
    }
    Tracker tracker = session.tracker();
    if (tracker != null) {
      remember(command, arguments, session, tracker);
    }
    int mark = out.size();
    try {
      Action action = command.handler().plan(arguments, session);
      if (action instanceof Action.Steps steps) {
        return steps;
      }
      run(action, session, out);
    } catch (RuntimeException e) {
      out.cutTo(mark);
      out.error(text(e, command));
    }
    if (tracker != null) {
      remember(command, arguments, session, tracker);
      if (!session.transaction().isOpen() && !command.name().equals("client")) {
        tracker.caching(null);
      }
    }
    return null;
  }

  /** A page that a browser shows may send a request here, with commands in it: none is run. */
  private static boolean isHttp(byte[] name) {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    return text.equalsIgnoreCase("POST") || text.equalsIgnoreCase("Host:");
  }

  private static void refuse(
      @Nullable Command command, String refusal, Session session, ReplyBuffer out) {
    if (command != null && command.name().equals("exec")) {
      session.transaction().discard();
      String reason = refusal.startsWith(ERROR) ? refusal.substring(ERROR.length()) : refusal;
      out.error("EXECABORT Transaction discarded because of: " + reason);
    } else {
      session.transaction().spoil();
      out.error(refusal);
    }
  }

  /** What a client with a cache reads, before and after it does; see {@link Tracking}. */
  private void remember(Command command, Arguments arguments, Session session, Tracker tracker) {
    if (tracker.isReading() && command.isRead()) {
      for (byte[] key : CommandTable.keys(command, arguments)) {
        door.tracking().onRead(key, session);
      }
    }
  }

  private void enqueue(ClientTransaction.Queued queued, Session session, ReplyBuffer out) {
    String refusal = session.transaction().enqueue(queued, queuedBytesMax);
    if (refusal == null) {
      out.simple("QUEUED");
    } else {
      session.transaction().spoil();
      out.error(refusal);
    }
  }

  private static @Nullable String refusal(
      @Nullable Command command, Arguments arguments, Session session) {
    if (arguments.refusal() != null) {
      return arguments.refusal();
    }
    if (command == null) {
      return unknown(arguments);
    }
    if (!command.admits(arguments.count())) {
      return "ERR wrong number of arguments for '%s' command".formatted(command.name());
    }
    if (!command.subcommands().isEmpty() && arguments.count() > 1) {
      String refusal = subcommandRefusal(command, arguments);
      if (refusal != null) {
        return refusal;
      }
    }
    if (session.isSubscriber() && !command.isAllowedSubscribed()) {
      return ("ERR Can't execute '%s': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
              + " are allowed in this context")
          .formatted(wholeName(command, arguments));
    }
    return null;
  }

  /** With the subcommand, where there is one. */
  private static String wholeName(Command command, Arguments arguments) {
    return command.subcommands().isEmpty() || arguments.count() == 1
        ? command.name()
        : command.name() + "|" + arguments.word(1);
  }

  private static @Nullable String subcommandRefusal(Command command, Arguments arguments) {
    String name = arguments.word(1);
    Subcommand found = command.subcommand(name);
    boolean help = name.equals("help");
    if (found == null && !help) {
      return "ERR unknown subcommand '%s'. Try %s HELP."
          .formatted(cut(arguments.text(1), SHOWN_MAX), command.name().toUpperCase(Locale.ROOT));
    }
    boolean admitted = found == null ? arguments.count() == 2 : found.admits(arguments.count());
    return admitted
        ? null
        : "ERR wrong number of arguments for '%s|%s' command".formatted(command.name(), name);
  }

  private static String unknown(Arguments arguments) {
    StringBuilder shown = new StringBuilder();
    for (int i = 1; i < arguments.count() && shown.length() < SHOWN_MAX; i++) {
      String text = cut(Texts.untilZero(arguments.text(i)), SHOWN_MAX - shown.length());
      shown.append('\'').append(text).append("' ");
    }
    String name = Texts.untilZero(new String(arguments.name(), StandardCharsets.UTF_8));
    return "ERR unknown command '%s', with args beginning with: %s"
        .formatted(cut(name, SHOWN_MAX), shown);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  /** The text of an error reply; a fault of ours is logged. */
  static String text(RuntimeException e, Command command) {
    return switch (e) {
      case RespException refused -> refused.text();
      case MayflyException refused -> RespErrors.text(refused, command.name());
      default -> {
        LOG.log(System.Logger.Level.ERROR, "command failed: name=" + command.name(), e);
        yield "ERR internal error";
      }
    };
  }

  private void run(Action action, Session session, ReplyBuffer out) {
    switch (action) {
      case Action.One one -> one.answer().write(result(one, session), out);
      case Action.Many many -> many.answer().write(results(many, session), out);
      case Action.Now now -> now.run(out);
      case Action.Steps steps ->
          throw new RespException("ERR this command is not allowed in a transaction");
    }
  }

  private @Nullable Object result(Action.One one, Session session) {
    try {
      return result(one.operation(), session);
    } catch (MayflyException e) {
      if (one.answer().admits(e)) {
        return null;
      }
      throw e;
    }
  }

  private @Nullable Object result(Operation operation, Session session) {
    return switch (operation) {
      case Operation.Read read -> {
        ReadRequest request = read.request();
        Entry entry =
            store
                .keyspace()
                .read(session.isUntouching() ? request.uncounted() : request, session.stamp());
        session.stats().onRead(entry != null);
        yield entry;
      }
      case Operation.Write write -> {
        Object result = store.keyspace().apply(write.request(), session.stamp());
        noteOwn(result, session);
        yield result;
      }
      case Operation.Transfer transfer ->
          store.transactions().transfer(transfer.request(), session.stamp());
      case Operation.Group group ->
          transact(
              new TransactionRequest(
                  group.compares(), group.operations(), List.of(), OnRefusal.NOTHING_DONE),
              session);
    };
  }

  /** A client with a cache may want not to be told of what it wrote itself. */
  private static void noteOwn(@Nullable Object result, Session session) {
    Tracker tracker = session.tracker();
    if (tracker != null && tracker.terms().ownSpared()) {
      if (result instanceof TransactionResult whole) {
        whole.results().forEach(each -> noteOwn(each, session));
      }
      long revision = ReplyBounds.revision(result);
      if (revision > 0) {
        tracker.onOwnWrite(revision);
      }
    }
  }

  private List<@Nullable Object> results(Action.Many many, Session session) {
    if (many.atomic()) {
      return transact(
              new TransactionRequest(
                  List.of(), many.operations(), List.of(), OnRefusal.NOTHING_DONE),
              session)
          .results();
    }
    List<@Nullable Object> results = new ArrayList<>(many.operations().size());
    long bytes = 0;
    for (Operation operation : many.operations()) {
      Object result = result(operation, session);
      bytes += result instanceof Entry entry ? entry.value().length : 0;
      if (bytes > replyBytesMax) {
        throw ReplyBounds.exceeded(replyBytesMax);
      }
      results.add(result);
    }
    return results;
  }

  private TransactionResult transact(TransactionRequest request, Session session) {
    TransactionResult done = store.transactions().transact(request, session.stamp());
    if (session.tracker() != null) {
      done.results().forEach(result -> noteOwn(result, session));
    }
    return done;
  }

  /**
   * Executes what a client has queued, in one step, unless a key that it watched has changed.
   *
   * @param queued the commands, in order
   */
  void execute(
      List<ClientTransaction.Queued> queued,
      WatchedKeys watched,
      Session session,
      ReplyBuffer out) {
    List<@Nullable Object> plans = new ArrayList<>(queued.size());
    List<Operation> operations = new ArrayList<>();
    for (ClientTransaction.Queued each : queued) {
      plans.add(plan(each, session, operations));
    }
    ReplyBounds.require(operations, store, session.stamp(), replyBytesMax);
    remember(queued, session);
    TransactionRequest request =
        new TransactionRequest(
            watched.compares(), watched.absences(), operations, List.of(), OnRefusal.GO_ON);
    TransactionResult done = transact(request, session);
    remember(queued, session);
    if (!done.held()) {
      out.nilArray();
      return;
    }
    out.array(queued.size());
    int next = 0;
    for (int i = 0; i < plans.size(); i++) {
      int mark = out.size();
      try {
        next = answer(plans.get(i), done.results(), next, session, out);
      } catch (RuntimeException e) {
        out.cutTo(mark);
        out.error(text(e, queued.get(i).command()));
        next += plans.get(i) instanceof Action action ? operationsOf(action) : 0;
      }
    }
  }

  private void remember(List<ClientTransaction.Queued> queued, Session session) {
    Tracker tracker = session.tracker();
    if (tracker != null) {
      queued.forEach(each -> remember(each.command(), each.arguments(), session, tracker));
    }
  }

  private static int operationsOf(Action action) {
    return switch (action) {
      case Action.One one -> 1;
      case Action.Many many -> many.atomic() ? 1 : many.operations().size();
      case Action.Now now -> 0;
      case Action.Steps steps -> 0;
    };
  }

  /** The action, whose operations are added to the others; or the exception that refused it. */
  private static Object plan(
      ClientTransaction.Queued queued, Session session, List<Operation> operations) {
    try {
      Action action = queued.command().handler().plan(queued.arguments(), session);
      switch (action) {
        case Action.One one -> operations.add(one.operation());
        case Action.Many many when many.atomic() ->
            operations.add(new Operation.Group(List.of(), many.operations()));
        case Action.Many many -> operations.addAll(many.operations());
        case Action.Now now -> {}
        case Action.Steps steps -> {}
      }
      return action;
    } catch (RespException | MayflyException e) {
      return e;
    }
  }

  private int answer(
      @Nullable Object plan,
      List<@Nullable Object> results,
      int next,
      Session session,
      ReplyBuffer out) {
    return switch (plan) {
      case Action.One one -> {
        Object result = results.get(next);
        boolean admitted = result instanceof MayflyException e && one.answer().admits(e);
        one.answer().write(admitted ? null : requireDone(result), out);
        yield next + 1;
      }
      case Action.Many many when many.atomic() -> {
        if (requireDone(results.get(next)) instanceof TransactionResult whole) {
          many.answer().write(whole.results(), out);
        }
        yield next + 1;
      }
      case Action.Many many -> {
        int end = next + many.operations().size();
        List<@Nullable Object> own = results.subList(next, end);
        own.forEach(CommandRunner::requireDone);
        many.answer().write(own, out);
        yield end;
      }
      case Action action -> {
        run(action, session, out);
        yield next;
      }
      case RuntimeException refused -> throw refused;
      case null, default -> throw new IllegalStateException("no plan");
    };
  }

  private static @Nullable Object requireDone(@Nullable Object result) {
    if (result instanceof MayflyException refused) {
      throw refused;
    }
    return result;
  }
}
