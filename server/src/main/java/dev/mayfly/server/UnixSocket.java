package dev.mayfly.server;

import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The file of a unix socket, before a listener makes it. */
final class UnixSocket {
  private UnixSocket() {}

  /**
   * Removes a socket that a process left behind when it was killed. A file of any other kind stays.
   *
   * @throws BindException if somebody listens there
   * @throws IOException if the file is in the way
   */
  static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean socket =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther();
    if (!socket) {
      throw new BindException("the file exists and is no socket");
    }
    if (isAnswered(path)) {
      throw new BindException("Address already in use");
    }
    Files.deleteIfExists(path);
  }

  private static boolean isAnswered(Path path) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
