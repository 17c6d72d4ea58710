package dev.mayfly.balancer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks in the stream of events for those that may change which containers are backends.
 *
 * <p>Nothing else is taken from them: what changed is listed again. So an event in an unknown
 * dialect, or a broken one, costs a list at most. One stream's.
 */
final class DockerEvents implements DockerApi.Listener {
  private static final int LINE_BYTES_MAX = 1 << 20;
  private static final int OK = 200;

  /** Actions that happen all the time, and change nothing here. */
  private static final Set<String> IDLE =
      Set.of(
          "top", "attach", "detach", "resize", "copy", "commit", "export", "archive-path", "exec");

  /** Is told of the stream. */
  interface Watcher {
    void onOpen();

    void onChange();

    void onEnd(@Nullable Throwable failure);
  }

  private final Watcher watcher;
  private final ByteBuf line = Unpooled.buffer();
  private boolean streams;

  DockerEvents(Watcher watcher) {
    this.watcher = watcher;
  }

  @Override
  public void onHead(int status, boolean isPodman) {
    streams = status == OK;
    if (streams) {
      watcher.onOpen();
    }
  }

  @Override
  public void onBytes(ByteBuf bytes) {
    boolean changes = false;
    while (bytes.isReadable()) {
      byte next = bytes.readByte();
      if (next == '\n') {
        changes |= isChange();
        line.clear();
      } else if (line.readableBytes() < LINE_BYTES_MAX) {
        line.writeByte(next);
      }
    }
    bytes.release();
    if (changes && streams) {
      watcher.onChange();
    }
  }

  private boolean isChange() {
    byte[] json = new byte[line.readableBytes()];
    line.getBytes(line.readerIndex(), json);
    Object event;
    try {
      event = JsonTree.parse(json);
    } catch (IllegalArgumentException e) {
      return json.length > 0;
    }
    String type = JsonTree.text(event, "Type");
    String action = JsonTree.text(event, "Action");
    if (action.isEmpty()) {
      action = JsonTree.text(event, "status");
    }
    return switch (type) {
      case "network" -> action.equals("connect") || action.equals("disconnect");
      case "container", "" -> !action.startsWith("exec_") && !IDLE.contains(action);
      default -> false;
    };
  }

  @Override
  public void onEnd(@Nullable Throwable failure) {
    line.release();
    watcher.onEnd(failure);
  }
}
