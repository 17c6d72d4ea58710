package dev.mayfly.stress;

/** How operations look over HTTP, and what their answers mean. Immutable. */
interface HttpForm {
  /** Puts a whole request. */
  void put(Operation operation, Wire wire);

  /** What an answer means. */
  Meaning meaning(Operation operation, int status, byte[] body);

  /** What the first bytes of a body must be at least, for its meaning to be known. */
  int BODY_BYTES_READ = 4096;

  /** What an answer can mean. */
  enum Meaning {
    DONE,
    MISSING,
    REFUSED
  }
}
