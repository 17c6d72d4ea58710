package dev.mayfly.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The client id of somebody who gave none: {@code user@host}. Stateless. */
final class ClientId {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private ClientId() {}

  /** Printable ASCII, whatever the names are; other characters become {@code ?}. */
  static String ofThisUser() {
    String id = System.getProperty("user.name", "unknown") + "@" + host();
    StringBuilder printable = new StringBuilder(id.length());
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      printable.append(c > ' ' && c <= '~' ? c : '?');
    }
    return printable.toString();
  }

  /** The kernel is asked first: a name service may take seconds to answer. */
  private static String host() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException notLinux) {
      return hostByName();
    }
  }

  private static String hostByName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
