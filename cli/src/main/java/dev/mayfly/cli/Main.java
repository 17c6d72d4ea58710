package dev.mayfly.cli;

import java.util.List;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code: 0 done, 1 refused or failed, 2 wrong usage. */
  public static void main(String[] args) {
    int code = new Program(Streams.ofProcess()).run(List.of(args));
    if (code != 0) {
      System.exit(code);
    }
  }
}
