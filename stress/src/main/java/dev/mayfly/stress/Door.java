package dev.mayfly.stress;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What is spoken to the server under load. Immutable. */
public enum Door {
  /** The GET-only store: {@code /set} and {@code /get}. */
  HTTP("http", 8080),
  /** The JSON cache: {@code POST /api} and {@code GET /api}. */
  JSON("json", 8080),
  /** gRPC, the calls that existing clients have: {@code keyquarry.KeyQuarry}. */
  GRPC("grpc", 33_969),
  /** What Redis speaks: {@code SET} and {@code GET}. */
  RESP("resp", 6380),
  /** Counters, in datagrams that many operations share. */
  COUNTER("counter", 3509),
  /** Counters, in the datagrams of 1500 bytes that existing clients send. */
  COUNTER_PACKET("counter-packet", 3509);

  private final String word;
  private final int port;

  Door(String word, int port) {
    this.word = word;
    this.port = port;
  }

  /** What the door is called in options and reports. */
  public String word() {
    return word;
  }

  /** Whether it takes datagrams, rather than connections. */
  public boolean isDatagrams() {
    return this == COUNTER || this == COUNTER_PACKET;
  }

  /** Where mayfly listens for it unless told otherwise. */
  public int port() {
    return port;
  }

  /**
   * The door of a word.
   *
   * @throws IllegalArgumentException with a message for the user, if there is none
   */
  public static Door parse(String text) {
    List<Door> all = Arrays.asList(values());
    return all.stream()
        .filter(door -> door.word.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "invalid door '%s': expected one of %s"
                        .formatted(
                            text, all.stream().map(Door::word).collect(Collectors.joining(", ")))));
  }
}
