package dev.mayfly.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.mayfly.store.Span;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each call as a span, a watch as one that is as long as it was open. Only in the way of
 * calls where somebody wants to know. Immutable; safe for concurrent use.
 */
final class SpanInterceptor implements ServerInterceptor {
  private static final int KEY_CHARS_MAX = 256;

  private final Spans spans;
  private final TimeSource time;
  private final String privilegedClientId;

  /**
   * An interceptor.
   *
   * @param privilegedClientId never told: whoever knows it may do an operator's work
   */
  SpanInterceptor(Spans spans, TimeSource time, String privilegedClientId) {
    this.spans = spans;
    this.time = time;
    this.privilegedClientId = privilegedClientId;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    long startNanos = time.nanos();
    Closing<Q, R> closing = new Closing<>(call);
    return new SimpleForwardingServerCallListener<Q>(next.startCall(closing, headers)) {
      private @Nullable String key;

      @Override
      public void onMessage(Q message) {
        key = key(message);
        super.onMessage(message);
      }

      @Override
      public void onComplete() {
        super.onComplete();
        end(closing.status);
      }

      @Override
      public void onCancel() {
        super.onCancel();
        end(Status.CANCELLED);
      }

      private void end(Status status) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("rpc.system", "grpc");
        attributes.put("rpc.method", call.getMethodDescriptor().getFullMethodName());
        attributes.put("rpc.grpc.status_code", (long) status.getCode().value());
        if (key != null) {
          attributes.put(Span.KEY, key);
        }
        String client = headers.get(Callers.CLIENT_ID);
        if (client != null && !client.equals(privilegedClientId)) {
          attributes.put(Span.CLIENT_ID, client);
        }
        String name = call.getMethodDescriptor().getFullMethodName();
        long nanos = time.nanos() - startNanos;
        spans.onEnd(
            new Span(name, nanos, attributes, error(status), field -> field(headers, field)));
      }
    };
  }

  /** Notes what a call is answered with. */
  private static final class Closing<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private volatile Status status = Status.OK;

    Closing(ServerCall<Q, R> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      this.status = status;
      super.close(status, trailers);
    }
  }

  /** Of the one key that a request is about. */
  private static @Nullable String key(Object message) {
    if (!(message instanceof Message request)) {
      return null;
    }
    FieldDescriptor field = request.getDescriptorForType().findFieldByName("key");
    if (field == null || field.isRepeated()) {
      return null;
    }
    String key =
        switch (request.getField(field)) {
          case String text -> text;
          case ByteString bytes -> bytes.toStringUtf8();
          default -> "";
        };
    return key.length() <= KEY_CHARS_MAX ? key : key.substring(0, KEY_CHARS_MAX);
  }

  /** What is wrong with the server, not with the call. */
  private static @Nullable String error(Status status) {
    return switch (status.getCode()) {
      case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
          Objects.requireNonNullElse(status.getDescription(), status.getCode().name());
      default -> null;
    };
  }

  private static @Nullable String field(Metadata headers, String name) {
    return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }
}
