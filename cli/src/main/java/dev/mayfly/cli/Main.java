package dev.mayfly.cli;

/** The program's entry: prints the version. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("mayfly 0.1.0-SNAPSHOT");
  }
}
