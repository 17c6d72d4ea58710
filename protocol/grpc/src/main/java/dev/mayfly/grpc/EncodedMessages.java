package dev.mayfly.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Messages that are encoded once and sent to many: they are their own bytes. Stateless. */
final class EncodedMessages implements MethodDescriptor.Marshaller<byte[]> {
  /** The method, with answers that are encoded already. */
  static <Q, R> MethodDescriptor<Q, byte[]> of(MethodDescriptor<Q, R> method) {
    return method.toBuilder(method.getRequestMarshaller(), new EncodedMessages()).build();
  }

  @Override
  public InputStream stream(byte[] message) {
    return new Bytes(message);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that the transport copies once. */
  private static final class Bytes extends ByteArrayInputStream implements KnownLength, Drainable {
    Bytes(byte[] message) {
      super(message);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = count - pos;
      target.write(buf, pos, length);
      pos = count;
      return length;
    }
  }
}
