package dev.mayfly.counter.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What one call receives: for each place a header, room for the bytes and for the sender's name.
 * All but lengths is written once. Confined to one thread; the arena owns the memory.
 */
final class Requests {
  private final int places;
  private final int bytesMax;
  private final MemorySegment headers;
  private final MemorySegment names;
  private final MemorySegment rooms;

  Requests(Arena arena, int places, int bytesMax) {
    this.places = places;
    this.bytesMax = bytesMax;
    headers = arena.allocate(places * MessageHeader.BYTES, MessageHeader.BYTES);
    names = arena.allocate(places * SocketName.ROOM, SocketName.ROOM);
    rooms = arena.allocate((long) places * bytesMax, MessageHeader.BYTES);
    MemorySegment vectors = arena.allocate(places * MessageHeader.VECTOR, Long.BYTES);
    for (int place = 0; place < places; place++) {
      MessageHeader.vector(vectors, place, room(place), bytesMax);
      long vector = vectors.address() + place * MessageHeader.VECTOR;
      MessageHeader.write(headers, place, name(place), SocketName.BYTES_MAX, vector);
    }
  }

  int places() {
    return places;
  }

  int bytesMax() {
    return bytesMax;
  }

  /** Where the first header is. */
  long address() {
    return headers.address();
  }

  /** Copies what came to a place; returns how many bytes. */
  int copy(int place, byte[] target) {
    int length = MessageHeader.received(headers, place);
    MemorySegment.copy(rooms, JAVA_BYTE, (long) place * bytesMax, target, 0, length);
    return length;
  }

  /** Writes over the first bytes of what came to a place. */
  void overwrite(int place, byte[] bytes, int count) {
    MemorySegment.copy(bytes, 0, rooms, JAVA_BYTE, (long) place * bytesMax, count);
  }

  /** Where the bytes are that came to a place. */
  long room(int place) {
    return rooms.address() + (long) place * bytesMax;
  }

  /** Where its sender's name is. */
  long name(int place) {
    return names.address() + place * SocketName.ROOM;
  }

  /** How long that name is. */
  int nameLength(int place) {
    return MessageHeader.nameLength(headers, place);
  }

  /** Its sender's name. */
  MemorySegment sender(int place) {
    return names.asSlice(place * SocketName.ROOM, SocketName.ROOM);
  }

  /** Whether one sender sent both. */
  boolean isSameSender(int place, int other) {
    long a = place * SocketName.ROOM;
    long b = other * SocketName.ROOM;
    return nameLength(place) == nameLength(other)
        && names.get(JAVA_LONG, a) == names.get(JAVA_LONG, b)
        && (nameLength(place) == SocketName.V4_BYTES
            || (names.get(JAVA_LONG, a + 8) == names.get(JAVA_LONG, b + 8)
                && names.get(JAVA_LONG, a + 16) == names.get(JAVA_LONG, b + 16)
                && names.get(JAVA_INT, a + 24) == names.get(JAVA_INT, b + 24)));
  }

  /** Makes the first places ready for another call. */
  void reset(int count) {
    for (int place = 0; place < count; place++) {
      MessageHeader.nameLength(headers, place, SocketName.BYTES_MAX);
    }
  }
}
