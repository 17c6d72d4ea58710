package dev.mayfly.server;

import java.util.List;

/** A program that is a server, for tests that need a process. */
final class ServerProcessMain {
  private ServerProcessMain() {}

  public static void main(String[] words) {
    System.exit(new ServerProcess(System.out, System.err).run(List.of(words)));
  }
}
