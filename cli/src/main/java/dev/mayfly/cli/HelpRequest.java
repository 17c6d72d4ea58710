package dev.mayfly.cli;

/** Help is to be shown instead of doing something. Immutable. */
final class HelpRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String text;

  HelpRequest(String text) {
    super(null, null, false, false);
    this.text = text;
  }

  String text() {
    return text;
  }
}
