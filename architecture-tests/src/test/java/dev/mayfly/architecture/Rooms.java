package dev.mayfly.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules between rooms, for the packages below one root: {@code dev.mayfly}, or a planted copy
 * of its structure. Immutable.
 */
record Rooms(String root) {
  /** Which rooms each room may use. A new room is added here, or {@code RoomsTest} fails. */
  static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("store", Set.of()),
          Map.entry("testing", Set.of("store")),
          Map.entry("transport", Set.of()),
          Map.entry("engine", Set.of("store")),
          Map.entry("journal", Set.of("store")),
          Map.entry("api", Set.of()),
          Map.entry("http", Set.of("store", "transport")),
          Map.entry("grpc", Set.of("store", "api", "transport")),
          Map.entry("resp", Set.of("store", "transport")),
          Map.entry("counter", Set.of("store", "transport")),
          Map.entry("telemetry", Set.of("store")),
          Map.entry(
              "server",
              Set.of("store", "engine", "journal", "http", "grpc", "resp", "counter", "telemetry")),
          Map.entry("client", Set.of("api")),
          Map.entry("remote", Set.of("store", "api", "transport")),
          Map.entry("balancer", Set.of("transport")),
          Map.entry("stress", Set.of("store", "api", "client", "remote")),
          Map.entry("cli", Set.of("client", "server", "balancer", "stress", "store")),
          Map.entry(
              "benchmarks",
              Set.of("store", "engine", "api", "http", "telemetry", "server", "client")));

  List<ArchRule> all() {
    List<ArchRule> rules = new ArrayList<>();
    MAY_USE.keySet().stream().sorted().map(this::usesOnly).forEach(rules::add);
    rules.add(nativeMemoryInOnePlace());
    rules.add(memoryKnowsBytesOnly());
    rules.add(noUnsafe());
    rules.add(noCycles());
    return rules;
  }

  ArchRule usesOnly(String room) {
    Set<String> allowed = MAY_USE.getOrDefault(room, Set.of());
    String[] forbidden =
        MAY_USE.keySet().stream()
            .filter(other -> !other.equals(room) && !allowed.contains(other))
            .map(this::below)
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(below(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(true)
        .because(
            "%s may use %s: what it needs of another belongs in store's contracts, or is handed"
                    .formatted(room, allowed)
                + " to it by server");
  }

  ArchRule nativeMemoryInOnePlace() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            below("engine.memory"), below("counter.socket"), below("benchmarks"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..")
        .allowEmptyShould(true)
        .because(
            "engine.memory is the one place to read for memory safety, and counter.socket for what"
                + " the system is given: add what is missing there");
  }

  ArchRule memoryKnowsBytesOnly() {
    return noClasses()
        .that()
        .resideInAPackage(below("engine.memory"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(root + ".engine", below("store"))
        .allowEmptyShould(true)
        .because("memory knows bytes and offsets: keys and entries are the engine's");
  }

  ArchRule noUnsafe() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("sun.misc..", "sun.reflect..", "jdk.internal..")
        .allowEmptyShould(true)
        .because("it goes away: use a VarHandle, or java.lang.foreign in engine.memory");
  }

  ArchRule noCycles() {
    return slices()
        .matching(root + ".(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .because("two rooms that need each other are one room, or need a contract in store");
  }

  private String below(String room) {
    return root + "." + room + "..";
  }
}
