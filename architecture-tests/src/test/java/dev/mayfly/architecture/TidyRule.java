package dev.mayfly.architecture;

/** The rules that a source file keeps; their names are those of the exemption list. */
enum TidyRule {
  FILE_LENGTH,
  METHOD_LENGTH,
  LINE_LENGTH,
  TYPE_NAME,
  BARE_NOUN,
  CLOCK,
  UNFINISHED,
  DISABLED,
  MACHINE_PATH,
  DOCUMENTED
}
