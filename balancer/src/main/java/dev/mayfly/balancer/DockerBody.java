package dev.mayfly.balancer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Gathers an answer of bounded size, and tells it or why there is none. One answer's. */
final class DockerBody implements DockerApi.Listener {
  private static final int BYTES_MAX = 16 << 20;

  /** What was answered. */
  record Answer(int status, boolean isPodman, byte[] body) {}

  private final BiConsumer<@Nullable Answer, @Nullable Throwable> listener;
  private final ByteBuf gathered = Unpooled.buffer();
  private int status;
  private boolean podman;
  private boolean large;

  DockerBody(BiConsumer<@Nullable Answer, @Nullable Throwable> listener) {
    this.listener = listener;
  }

  @Override
  public void onHead(int code, boolean isPodman) {
    status = code;
    podman = isPodman;
  }

  @Override
  public void onBytes(ByteBuf bytes) {
    large |= gathered.readableBytes() + bytes.readableBytes() > BYTES_MAX;
    if (!large) {
      gathered.writeBytes(bytes);
    }
    bytes.release();
  }

  @Override
  public void onEnd(@Nullable Throwable failure) {
    byte[] body = new byte[gathered.readableBytes()];
    gathered.readBytes(body).release();
    if (failure == null && large) {
      listener.accept(null, new IOException("an answer larger than " + BYTES_MAX + " bytes"));
    } else if (failure != null) {
      listener.accept(null, failure);
    } else {
      listener.accept(new Answer(status, podman, body), null);
    }
  }
}
