package dev.mayfly.grpc;

import dev.mayfly.store.Keyspace;
import dev.mayfly.store.ReservedKeys;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: the rules of the metadata key {@code client_id}, the same for every method.
 *
 * <p>Immutable; safe for concurrent use.
 */
final class Callers {
  static final Metadata.Key<String> CLIENT_ID =
      Metadata.Key.of("client_id", Metadata.ASCII_STRING_MARSHALLER);

  /** The event log tells of clients up to this length. */
  static final int CLIENT_ID_CHARS_MAX = 1024;

  private static final Status RESERVED =
      Status.INVALID_ARGUMENT.withDescription("reserved client_id used");
  private static final Status EMPTY = Status.INVALID_ARGUMENT.withDescription("empty client_id");
  private static final Status UNKNOWN =
      Status.UNAUTHENTICATED.withDescription("client ID not found");

  private final Keyspace keyspace;
  private final boolean registrationRequired;

  Callers(Keyspace keyspace, boolean registrationRequired) {
    this.keyspace = keyspace;
    this.registrationRequired = registrationRequired;
  }

  /**
   * Whom a call says it is from: all that is kept of its metadata while its request comes.
   *
   * @param id null: it does not say, or too much
   * @param chars how many characters it has, -1 if there is none
   */
  record Claim(@Nullable String id, int chars) {}

  /** What the metadata says. */
  static Claim claim(Metadata headers) {
    Iterable<String> ids = headers.getAll(CLIENT_ID);
    Iterator<String> first = ids == null ? null : ids.iterator();
    if (first == null || !first.hasNext()) {
      return new Claim(null, -1);
    }
    String id = first.next();
    return new Claim(id.length() > CLIENT_ID_CHARS_MAX ? null : id, id.length());
  }

  /**
   * The caller's id.
   *
   * @param registers whether the call is the one that registers
   * @throws RefusedException when it is absent, empty, reserved, too long or unknown
   */
  String identify(Claim claim, boolean registers) {
    if (claim.chars() > CLIENT_ID_CHARS_MAX) {
      throw new RefusedException(
          Status.INVALID_ARGUMENT.withDescription(
              "client_id of %d bytes: expected at most %d"
                  .formatted(claim.chars(), CLIENT_ID_CHARS_MAX)));
    }
    String id = claim.id();
    // An absent id is refused with the words for the reserved one: clients know them so.
    if (id == null || id.equals(ReservedKeys.SYSTEM_CLIENT)) {
      throw new RefusedException(RESERVED);
    }
    if (id.isEmpty()) {
      throw new RefusedException(EMPTY);
    }
    if (registrationRequired && !registers && !keyspace.isRegistered(id)) {
      throw new RefusedException(UNKNOWN);
    }
    return id;
  }
}
