package dev.mayfly.counter.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What one call sends: messages, of which each is an answer, or a group of answers that follow each
 * other, go to one address and are of one length. The system takes a group through its layers as
 * one, and cuts it into datagrams at the end (UDP_SEGMENT).
 *
 * <p>A group must fit the path as single datagrams do not have to: beyond this machine only short
 * answers are grouped. What the system refuses as a group is for the caller to send one by one. An
 * empty answer is on its own: a group of nothing is one datagram.
 *
 * <p>An answer is sent from where its request came to, and to the name that is still there.
 * Confined to one thread; the arena owns the memory.
 */
final class Answers {
  static final int SOL_UDP = 17;
  static final int UDP_SEGMENT = 103;

  /** What any path takes whole, less the headers. */
  private static final int FAR_BYTES_MAX = 1_200;

  private static final int GROUP_MAX = 64;
  private static final int GROUP_BYTES_MAX = 65_000;

  /** struct cmsghdr: length (8), level (4), type (4); the data: one short, and what pads. */
  private static final long CONTROL = 24;

  private static final long CONTROL_LENGTH = 18;

  private final Requests requests;
  private final boolean grouping;
  private final MemorySegment headers;
  private final MemorySegment vectors;
  private final MemorySegment controls;
  private final MemorySegment single;
  private final int[] places;
  private final int[] firsts;
  private int answers;
  private int messages;
  private int length;

  /**
   * @param grouping whether the system can
   */
  Answers(Arena arena, Requests requests, boolean grouping) {
    this.requests = requests;
    this.grouping = grouping;
    int count = requests.places();
    headers = arena.allocate(count * MessageHeader.BYTES, MessageHeader.BYTES);
    vectors = arena.allocate(count * MessageHeader.VECTOR, Long.BYTES);
    controls = arena.allocate(count * CONTROL, Long.BYTES);
    single = arena.allocate(MessageHeader.BYTES, Long.BYTES);
    places = new int[count];
    firsts = new int[count];
    for (int i = 0; i < count; i++) {
      controls.set(JAVA_LONG, i * CONTROL, CONTROL_LENGTH);
      controls.set(JAVA_INT, i * CONTROL + 8, SOL_UDP);
      controls.set(JAVA_INT, i * CONTROL + 12, UDP_SEGMENT);
    }
  }

  /** How many messages there are. */
  int messages() {
    return messages;
  }

  /** Where a message's header is. */
  long address(int message) {
    return headers.address() + message * MessageHeader.BYTES;
  }

  /** How many answers a message is. */
  int size(int message) {
    return MessageHeader.vectorCount(headers, message);
  }

  /** Where the header is of a message that is one answer of a group; until this is called again. */
  long addressOfOne(int message, int which) {
    int answer = firsts[message] + which;
    write(single, 0, answer);
    return single.address();
  }

  /** Adds what is in the room of a place, once for a place. */
  void add(int place, int bytes) {
    places[answers] = place;
    MessageHeader.vector(vectors, answers, requests.room(place), bytes);
    if (!isGrouped(place, bytes)) {
      firsts[messages] = answers;
      write(headers, messages, answers);
      messages++;
      length = bytes;
    }
    answers++;
  }

  /** Adds it to the last message if that may be. */
  private boolean isGrouped(int place, int bytes) {
    if (!grouping || messages == 0 || bytes == 0 || bytes != length) {
      return false;
    }
    int last = messages - 1;
    int size = answers - firsts[last];
    if (size == GROUP_MAX
        || (size + 1) * bytes > GROUP_BYTES_MAX
        || !requests.isSameSender(place, places[firsts[last]])
        || (bytes > FAR_BYTES_MAX && !SocketName.isLoopback(requests.sender(place)))) {
      return false;
    }
    if (size == 1) {
      controls.set(JAVA_SHORT, last * CONTROL + 16, (short) bytes);
      MessageHeader.control(headers, last, controls.address() + last * CONTROL, CONTROL);
    }
    MessageHeader.vectorCount(headers, last, size + 1);
    return true;
  }

  private void write(MemorySegment target, int at, int answer) {
    int place = places[answer];
    long vector = vectors.address() + answer * MessageHeader.VECTOR;
    MessageHeader.write(target, at, requests.name(place), requests.nameLength(place), vector);
  }

  void clear() {
    answers = 0;
    messages = 0;
  }
}
