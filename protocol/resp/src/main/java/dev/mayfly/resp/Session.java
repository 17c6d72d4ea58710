package dev.mayfly.resp;

import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.Stamp;
import dev.mayfly.transport.OutputMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the door knows of one client between its commands: its name, version of the protocol,
 * transaction, subscriptions.
 *
 * <p>Confined to the thread that serves the connection, which is its event loop, or for a part of a
 * turn a {@link TurnWorker}; but for {@link #id}, {@link #address}, {@link #send} and {@link
 * #execute}, and what is volatile or says so: CLIENT LIST of others reads it.
 */
final class Session {
  static final String ANONYMOUS = "resp";

  /** Which replies a client wants. */
  enum ReplyMode {
    ON,
    OFF,
    SKIP_NEXT
  }

  /** How the rest of the door reaches the client, from any thread. */
  interface Outlet {
    /** Sends a message that was not asked for; cuts the connection where too many wait. */
    void send(byte[] message);

    /**
     * Closes the connection once what was replied so far has gone out, if the session is closed. On
     * the event loop only.
     */
    void close();

    /** Ends the connection if the client took nothing since the look before; see there. */
    void endIfStuck(long look);

    /** Runs something on the connection's event loop, after what runs now. */
    void execute(Runnable task);

    /** Runs a part of a longer work there, after the input of all that is there by then. */
    void executeNext(Runnable part);

    /** Runs something there after a time. */
    Timer after(long millis, Runnable task);

    /** Whether output does not wait for the client to take it. On the event loop only. */
    boolean isWritable();

    /** Sends what is there, and empties it. On the event loop only. */
    void writeNow(ReplyBuffer out);
  }

  /** Something that is to run later. */
  @FunctionalInterface
  interface Timer {
    /** It does not run, if it has not begun. */
    void cancel();
  }

  private final long id;
  private final String address;
  private final String localAddress;
  private final long connectedMillis;
  private final Outlet outlet;
  private ThreadStats stats;

  private volatile String name = "";
  private volatile String library = "";
  private volatile String libraryVersion = "";
  private final AtomicReference<String> lastCommand = new AtomicReference<>("NULL");
  private volatile long lastMillis;
  private volatile boolean resp3;
  private volatile boolean evictionSpared;
  private volatile int subscribed;
  private volatile int channels;
  private volatile int patterns;
  private volatile @Nullable Tracker tracker;

  private final ClientTransaction transaction;
  private Stamp stamp;
  private ReplyMode replyMode = ReplyMode.ON;
  private final KeptBytes kept;
  private final Subscriptions subscriptions;
  private final List<WatchFeed> feeds = new ArrayList<>();
  private boolean untouching;
  private boolean closing;

  Session(
      long id,
      String address,
      String localAddress,
      long nowMillis,
      Outlet outlet,
      ThreadStats stats,
      MemoryBudget input,
      MemoryBudget keptBudget) {
    this.id = id;
    kept = new KeptBytes(keptBudget);
    subscriptions = new Subscriptions(kept);
    transaction = new ClientTransaction(input, kept);
    this.stats = stats;
    this.address = address;
    this.localAddress = localAddress;
    this.outlet = outlet;
    connectedMillis = nowMillis;
    lastMillis = nowMillis;
    stamp = new Stamp(nowMillis, ANONYMOUS);
  }

  long id() {
    return id;
  }

  String address() {
    return address;
  }

  String localAddress() {
    return localAddress;
  }

  long connectedMillis() {
    return connectedMillis;
  }

  void send(byte[] message) {
    outlet.send(message);
  }

  void execute(Runnable task) {
    outlet.execute(task);
  }

  void executeNext(Runnable part) {
    outlet.executeNext(part);
  }

  Timer after(long millis, Runnable task) {
    return outlet.after(millis, task);
  }

  boolean isWritable() {
    return outlet.isWritable();
  }

  void write(ReplyBuffer out) {
    outlet.writeNow(out);
  }

  /** Where what is done for it is counted: where the thread counts that runs this batch. */
  ThreadStats stats() {
    return stats;
  }

  /** Closes the connection, from any thread. */
  void kill() {
    outlet.execute(
        () -> {
          close();
          outlet.close();
        });
  }

  /** See {@link OutputMemory}; from any thread. */
  void endIfStuck(long look) {
    outlet.endIfStuck(look);
  }

  String name() {
    return name;
  }

  void name(String name) {
    this.name = name;
    stamp = new Stamp(stamp.timeMillis(), client());
  }

  /** Who writes: the name that the client gave itself. */
  String client() {
    return name.isEmpty() ? ANONYMOUS : name;
  }

  String library() {
    return library;
  }

  void library(String library) {
    this.library = library;
  }

  String libraryVersion() {
    return libraryVersion;
  }

  void libraryVersion(String version) {
    libraryVersion = version;
  }

  boolean isEvictionSpared() {
    return evictionSpared;
  }

  void evictionSpared(boolean spared) {
    evictionSpared = spared;
  }

  /** Whether what it reads does not count as used. */
  boolean isUntouching() {
    return untouching;
  }

  void untouching(boolean wanted) {
    untouching = wanted;
  }

  /** Its way to the invalidations of its cache; null: it has none. */
  @Nullable Tracker tracker() {
    return tracker;
  }

  void tracker(@Nullable Tracker changed) {
    tracker = changed;
  }

  boolean isResp3() {
    return resp3;
  }

  void resp3(boolean resp3) {
    this.resp3 = resp3;
  }

  String lastCommand() {
    return lastCommand.getOpaque();
  }

  long lastMillis() {
    return lastMillis;
  }

  /** A batch of commands begins, run by the thread that counts here. */
  void begin(long nowMillis, ThreadStats stats) {
    this.stats = stats;
    lastMillis = nowMillis;
    stamp = new Stamp(nowMillis, client());
  }

  /** A command of this name begins. */
  void begin(String command) {
    lastCommand.setOpaque(command);
  }

  /** Time and client of this batch. */
  Stamp stamp() {
    return stamp;
  }

  ReplyMode replyMode() {
    return replyMode;
  }

  void replyMode(ReplyMode mode) {
    replyMode = mode;
  }

  /** What the door remembers for it. */
  KeptBytes kept() {
    return kept;
  }

  /** What it puts together with WATCH and MULTI. */
  ClientTransaction transaction() {
    return transaction;
  }

  /** As if the client had just connected. */
  void reset() {
    subscriptions.clear();
    closeFeeds();
    transaction.discard();
    resp3 = false;
    evictionSpared = false;
    untouching = false;
    replyMode = ReplyMode.ON;
    name("");
  }

  // Subscriptions.

  Subscriptions subscriptions() {
    return subscriptions;
  }

  /** Channels, patterns and watches have changed. */
  void countSubscriptions() {
    subscribed = subscriptionCount();
    channels = subscriptions.channels();
    patterns = subscriptions.patterns();
  }

  /** To how many channels the client is subscribed. */
  int channels() {
    return channels;
  }

  /** To how many patterns. */
  int patterns() {
    return patterns;
  }

  /** How many channels, patterns and watches there are. */
  int subscriptionCount() {
    return subscriptions.count() + feeds.size();
  }

  /** How many there are, for others. */
  int subscribed() {
    return subscribed;
  }

  List<WatchFeed> feeds() {
    return feeds;
  }

  void add(WatchFeed feed) {
    feeds.add(feed);
    countSubscriptions();
  }

  void forget(WatchFeed feed) {
    feeds.remove(feed);
    countSubscriptions();
  }

  void closeFeeds() {
    feeds.forEach(WatchFeed::close);
    feeds.clear();
    countSubscriptions();
  }

  /** Whether only what has to do with subscriptions may be sent. */
  boolean isSubscriber() {
    return subscribed > 0 && !resp3;
  }

  boolean isClosing() {
    return closing;
  }

  /** Nothing more is read: the connection closes after what was replied so far. */
  void close() {
    closing = true;
  }
}
