package dev.mayfly.resp;

/**
 * The facts about a subcommand.
 *
 * @param name lower-case
 * @param arity how many arguments there are, both names included; -n: at least n
 * @param arguments what follows the names, as HELP shows it
 * @param since the version of the original that it comes from
 * @param complexity in the usual notation
 * @param summary one sentence
 */
record Subcommand(
    String name, int arity, String arguments, String since, String complexity, String summary) {
  boolean admits(int arguments) {
    return arity >= 0 ? arguments == arity : arguments >= -arity;
  }
}
