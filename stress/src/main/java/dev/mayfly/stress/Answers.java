package dev.mayfly.stress;

/** Is told of each answer to a batch, once, as it comes. */
interface Answers {
  /** It was done. */
  void onDone(int index);

  /** The key that was to be read is not there. */
  void onMissing(int index);

  /** The server refused it. */
  void onRefused(int index, String why);
}
