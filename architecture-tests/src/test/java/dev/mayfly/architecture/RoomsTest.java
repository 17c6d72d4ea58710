package dev.mayfly.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules between rooms hold, and each finds the breach that is planted for it. */
final class RoomsTest {
  private static final String ROOT = "dev.mayfly";
  private static final String PLANTED = "dev.mayfly.architecture.planted";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);
  private static final JavaClasses PLANTED_CLASSES =
      new ClassFileImporter().importPackages(PLANTED);

  static List<ArchRule> rules() {
    return new Rooms(ROOT).all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rooms_asTheyAre_keepTheRule(ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void rooms_allThatHaveClasses_areKnown() {
    Set<String> found =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.substring(ROOT.length() + 1).replaceFirst("\\..*", ""))
            .collect(Collectors.toSet());

    assertThat(Rooms.MAY_USE.keySet()).containsAll(found);
    assertThat(found).contains("store", "engine", "server", "cli");
  }

  @ParameterizedTest
  @CsvSource({
    "store,  store.Contract,   engine.Shard",
    "engine, engine.Shard,     http.Door",
    "http,   http.Door,        engine.Shard",
    "cli,    cli.Command,      engine.Shard",
  })
  void usesOnly_roomThatUsesAnother_isFound(String room, String from, String to) {
    assertFound(new Rooms(PLANTED).usesOnly(room), from, PLANTED + "." + to);
  }

  @Test
  void nativeMemoryInOnePlace_segmentElsewhere_isFound() {
    assertFound(
        new Rooms(PLANTED).nativeMemoryInOnePlace(),
        "engine.Shard",
        "java.lang.foreign.MemorySegment");
  }

  @Test
  void memoryKnowsBytesOnly_useOfTheEngine_isFound() {
    assertFound(
        new Rooms(PLANTED).memoryKnowsBytesOnly(), "engine.memory.Slab", PLANTED + ".engine.Shard");
  }

  @Test
  void noUnsafe_use_isFound(@TempDir Path folder) throws IOException {
    // The compiler would refuse the source: the class is written byte by byte.
    byte[] careless =
        ClassFile.of()
            .build(
                ClassDesc.of(PLANTED + ".Careless"),
                type ->
                    type.withField(
                        "unsafe", ClassDesc.of("sun.misc.Unsafe"), ClassFile.ACC_PRIVATE));
    Files.write(folder.resolve("Careless.class"), careless);
    JavaClasses classes = new ClassFileImporter().importPath(folder);

    assertThat(new Rooms(PLANTED).noUnsafe().evaluate(classes).hasViolation()).isTrue();
    assertThat(new Rooms(PLANTED).noUnsafe().evaluate(PLANTED_CLASSES).hasViolation()).isFalse();
  }

  @Test
  void noCycles_roomsThatNeedEachOther_areFound() {
    assertThat(new Rooms(PLANTED).noCycles().evaluate(PLANTED_CLASSES).hasViolation()).isTrue();
  }

  private static void assertFound(ArchRule rule, String from, String to) {
    assertThat(rule.evaluate(PLANTED_CLASSES).getFailureReport().getDetails())
        .anySatisfy(detail -> assertThat(detail).contains(PLANTED + "." + from).contains(to));
  }
}
