package dev.mayfly.grpc;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import io.grpc.Status;
import java.util.function.Function;

/** The wire forms of error codes: one exhaustive switch for each contract. Stateless. */
final class GrpcErrors {
  static final Status READ_ONLY =
      Status.FAILED_PRECONDITION.withDescription("server in readonly mode");
  static final Status KEY_NOT_FOUND = Status.NOT_FOUND.withDescription("Key not found");
  static final Status STOPPING = Status.UNAVAILABLE.withDescription("server is shutting down");
  static final Status NOT_DURABLE =
      Status.UNAVAILABLE.withDescription(
          "what was done or read may be lost: the journal's database is away");
  static final Status INTERNAL = Status.INTERNAL.withDescription("internal error");

  /** How the contract {@code keyquarry} words what differs from method to method. */
  enum Wording implements Function<MayflyException, Status> {
    /** Calls that read a value. */
    READ("Key is locked", "Key not found"),
    /** Calls that read an older value. */
    READ_PAST("Key is locked", "revision not found"),
    /** Calls that change a key. */
    WRITE("client_id provided does not match key", "Key not found"),
    /** Calls that take a lock. */
    LOCK("locked by another client", "Key not found");

    private final String locked;
    private final String missing;

    Wording(String locked, String missing) {
      this.locked = locked;
      this.missing = missing;
    }

    @Override
    public Status apply(MayflyException e) {
      return keyQuarry(e, this);
    }
  }

  private GrpcErrors() {}

  /** The answer under {@code keyquarry}: clients know the messages. */
  private static Status keyQuarry(MayflyException e, Wording wording) {
    return switch (e.code()) {
      case EMPTY_KEY -> Status.INVALID_ARGUMENT.withDescription("Empty key");
      case RESERVED_KEY ->
          Status.INVALID_ARGUMENT.withDescription("Key cannot begin with 'keyquarry'");
      case READ_ONLY -> READ_ONLY;
      case KEY_TOO_LONG ->
          Status.FAILED_PRECONDITION.withDescription("Key length greater than maximum");
      case VALUE_TOO_LARGE ->
          Status.FAILED_PRECONDITION.withDescription("value size is greater than maximum");
      case LOCK_DURATION_INVALID -> Status.OUT_OF_RANGE.withDescription("invalid lock Duration");
      case LOCK_DURATION_TOO_LONG -> Status.OUT_OF_RANGE.withDescription("lock Duration too long");
      case LIFESPAN_INVALID -> Status.INVALID_ARGUMENT.withDescription("invalid expire_after");
      case LOCKED -> Status.PERMISSION_DENIED.withDescription(wording.locked);
      case NOT_FOUND -> Status.NOT_FOUND.withDescription(wording.missing);
      case VERSIONING_OFF ->
          Status.FAILED_PRECONDITION.withDescription("versioning is not enabled");
      case VERSION_INVALID ->
          Status.INVALID_ARGUMENT.withDescription("revision must be greater or less than zero");
      case VERSION_NOT_FOUND -> Status.NOT_FOUND.withDescription("revision not found");
      case PATTERN_INVALID -> Status.INVALID_ARGUMENT.withDescription("invalid key pattern");
      case ARGUMENT_INVALID,
          NOT_A_NUMBER,
          NUMBER_OVERFLOW,
          COMPACTED,
          CROSS_SCOPE,
          STORE_FULL,
          OVERLOADED,
          UNAVAILABLE,
          INTERNAL ->
          v1(e);
    };
  }

  /** The answer under {@code mayfly.v1}: the code, and the message of the refusal itself. */
  static Status v1(MayflyException e) {
    return code(e.code()).withDescription(e.getMessage());
  }

  private static Status code(ErrorCode code) {
    return switch (code) {
      case EMPTY_KEY,
          RESERVED_KEY,
          LIFESPAN_INVALID,
          ARGUMENT_INVALID,
          PATTERN_INVALID,
          VERSION_INVALID,
          CROSS_SCOPE ->
          Status.INVALID_ARGUMENT;
      case KEY_TOO_LONG, VALUE_TOO_LARGE, READ_ONLY, VERSIONING_OFF, NOT_A_NUMBER ->
          Status.FAILED_PRECONDITION;
      case LOCK_DURATION_INVALID, LOCK_DURATION_TOO_LONG, NUMBER_OVERFLOW, COMPACTED ->
          Status.OUT_OF_RANGE;
      case NOT_FOUND, VERSION_NOT_FOUND -> Status.NOT_FOUND;
      case LOCKED -> Status.PERMISSION_DENIED;
      case STORE_FULL, OVERLOADED -> Status.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case INTERNAL -> Status.INTERNAL;
    };
  }
}
