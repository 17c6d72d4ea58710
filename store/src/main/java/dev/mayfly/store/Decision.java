package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * What a transition decided about one key: keep it, put it with these changes, or remove it; the
 * events that tell of it; and what the reply needs.
 *
 * <p>Mutable and meant to be used again: whoever evaluates a transition owns one, calls {@link
 * #clear} before each, and reads it afterwards. Confined to one thread. A field that the transition
 * leaves alone stays as the entry has it; for a new key that is: no lifespan, no lock, detected
 * content type, version 1.
 */
public final class Decision {
  /** What happens to the entry. */
  public enum Outcome {
    /** Nothing: no revision is taken, no event told. */
    KEEP,
    /** It is created or changed. */
    PUT,
    /** It is removed. */
    REMOVE,
    /** There is none, and one comes and goes at once: as KEEP, but {@link Absence} sees it. */
    PASS
  }

  private static final int KIND_BITS = 4;

  private final Bounds bounds;

  private Outcome outcome = Outcome.KEEP;
  private byte @Nullable [] value;
  private boolean contentTypeChanged;
  private @Nullable String contentType;
  private boolean lifespanChanged;
  private long deadlineMillis;
  private long lifespanSetMillis;
  private long lease;
  private boolean lockChanged;
  private @Nullable Lock lock;
  private boolean setCounted;
  private boolean lockCounted;
  private boolean tracked;
  private int historyMax;
  private boolean keepsMetrics;
  private int eventKinds;
  private int eventCount;

  private boolean applied;
  private boolean created;
  private boolean existed;
  private long number;
  private byte @Nullable [] bytes;
  private @Nullable Entry entry;

  /** An empty decision, on a store with these limits. */
  public Decision(Bounds bounds) {
    this.bounds = bounds;
  }

  /** Back to: keep, no events, an empty reply. */
  public void clear() {
    outcome = Outcome.KEEP;
    value = null;
    contentTypeChanged = false;
    contentType = null;
    lifespanChanged = false;
    deadlineMillis = 0;
    lifespanSetMillis = 0;
    lease = 0;
    lockChanged = false;
    lock = null;
    setCounted = false;
    lockCounted = false;
    tracked = false;
    historyMax = 0;
    keepsMetrics = false;
    eventKinds = 0;
    eventCount = 0;
    applied = false;
    created = false;
    existed = false;
    number = 0;
    bytes = null;
    entry = null;
  }

  // What transitions ask.

  Bounds bounds() {
    return bounds;
  }

  // What transitions write.

  void put() {
    outcome = Outcome.PUT;
  }

  void remove() {
    outcome = Outcome.REMOVE;
  }

  void pass() {
    outcome = Outcome.PASS;
  }

  void value(byte[] value) {
    this.value = value;
  }

  void contentType(@Nullable String contentType) {
    this.contentTypeChanged = true;
    this.contentType = contentType;
  }

  void lifespan(long deadlineMillis, long lifespanSetMillis) {
    this.lifespanChanged = true;
    this.deadlineMillis = deadlineMillis;
    this.lifespanSetMillis = lifespanSetMillis;
    this.lease = 0;
  }

  void lease(long lease, long lifespanSetMillis) {
    lifespan(0, lifespanSetMillis);
    this.lease = lease;
  }

  void lock(@Nullable Lock lock) {
    this.lockChanged = true;
    this.lock = lock;
  }

  void countSet() {
    setCounted = true;
  }

  void countLock() {
    lockCounted = true;
  }

  void rules(Rules rules) {
    tracked = rules.historyMax() != 0;
    historyMax = rules.historyMax();
    keepsMetrics = rules.keepsMetrics();
  }

  void event(EventKind kind) {
    eventKinds |= kind.number() << (KIND_BITS * eventCount);
    eventCount++;
  }

  void applied(boolean applied) {
    this.applied = applied;
  }

  void created(boolean created) {
    this.created = created;
  }

  void existed(boolean existed) {
    this.existed = existed;
  }

  void number(long number) {
    this.number = number;
  }

  void bytes(byte @Nullable [] bytes) {
    this.bytes = bytes;
  }

  void entry(@Nullable Entry entry) {
    this.entry = entry;
  }

  // What engines read.

  /** What happens to the entry. */
  public Outcome outcome() {
    return outcome;
  }

  /** The new value; null when the value stays. A new value makes a new version. */
  public byte @Nullable [] value() {
    return value;
  }

  /** Whether {@link #contentType} replaces the entry's. */
  public boolean isContentTypeChanged() {
    return contentTypeChanged;
  }

  /** The new content type; null: to be detected from the value. */
  public @Nullable String contentType() {
    return contentType;
  }

  /** Whether {@link #deadlineMillis} and {@link #lifespanSetMillis} replace the entry's. */
  public boolean isLifespanChanged() {
    return lifespanChanged;
  }

  /** The lease that the new lifespan is that of, in place of a deadline; 0: none. */
  public long lease() {
    return lease;
  }

  /** The new deadline; 0: none. */
  public long deadlineMillis() {
    return deadlineMillis;
  }

  /** When the new lifespan begins; 0: none. */
  public long lifespanSetMillis() {
    return lifespanSetMillis;
  }

  /** Whether {@link #lock} replaces the entry's. */
  public boolean isLockChanged() {
    return lockChanged;
  }

  /** The new lock; null: none. A token of 0 stands for the revision of this mutation. */
  public @Nullable Lock lock() {
    return lock;
  }

  /** Whether the entry's set count rises, whatever the outcome. */
  public boolean isSetCounted() {
    return setCounted;
  }

  /** Whether the entry's lock count rises. */
  public boolean isLockCounted() {
    return lockCounted;
  }

  /** Whether the key keeps history from here on. */
  public boolean isTracked() {
    return tracked;
  }

  /** How many versions are kept, the current one included; -1 all. Where tracked. */
  public int historyMax() {
    return historyMax;
  }

  /** Whether key metrics are kept from here on. */
  public boolean keepsMetrics() {
    return keepsMetrics;
  }

  /** How many events tell of it; 0 only for {@link Outcome#KEEP}. */
  public int eventCount() {
    return eventCount;
  }

  /**
   * The numbers of the events' kinds in the order in which they are told, the first in the lowest
   * four bits, the next in those above; at most six.
   */
  public int eventKinds() {
    return eventKinds;
  }

  // What results are made of.

  boolean isApplied() {
    return applied;
  }

  boolean isCreated() {
    return created;
  }

  boolean isExisting() {
    return existed;
  }

  long number() {
    return number;
  }

  byte @Nullable [] bytes() {
    return bytes;
  }

  @Nullable Entry entry() {
    return entry;
  }
}
