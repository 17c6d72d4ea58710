package dev.mayfly.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Finds and parses sources. Stateless. */
final class Sources {
  private static final Set<String> LEFT_OUT =
      Set.of("target", "dist", "build", ".git", "node_modules", "data");
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  private Sources() {}

  /** The root of the repository, whichever folder the tests run in. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("no .mvn above " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }

  /** Every file that people write, sorted; built and fetched ones are left out. */
  static List<Path> files(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        if (!Files.isDirectory(child)) {
          found.add(child);
        } else if (!LEFT_OUT.contains(child.getFileName().toString())) {
          found.addAll(files(child));
        }
      }
    }
    return found;
  }

  /** Every Java source below the root. */
  static List<SourceFile> javaSources(Path root) throws IOException {
    try (StandardJavaFileManager manager = COMPILER.getStandardFileManager(null, null, null)) {
      List<Path> paths =
          files(root).stream().filter(path -> path.toString().endsWith(".java")).toList();
      List<SourceFile> parsed = new ArrayList<>();
      JavacTask task = task(manager, manager.getJavaFileObjectsFromPaths(paths));
      for (CompilationUnitTree unit : task.parse()) {
        Path path = Path.of(unit.getSourceFile().toUri());
        String name = root.relativize(path).toString().replace('\\', '/');
        parsed.add(new SourceFile(name, Files.readAllLines(path), unit, DocTrees.instance(task)));
      }
      return parsed;
    }
  }

  /** A source that exists in a test only. */
  static SourceFile planted(String path, String text) {
    JavaFileObject object =
        new SimpleJavaFileObject(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    try (StandardJavaFileManager manager = COMPILER.getStandardFileManager(null, null, null)) {
      JavacTask task = task(manager, List.of(object));
      CompilationUnitTree unit = task.parse().iterator().next();
      return new SourceFile(path, text.lines().toList(), unit, DocTrees.instance(task));
    } catch (IOException e) {
      throw new IllegalStateException("a source in memory could not be read", e);
    }
  }

  private static JavacTask task(
      StandardJavaFileManager manager, Iterable<? extends JavaFileObject> objects) {
    return (JavacTask) COMPILER.getTask(null, manager, null, List.of("-proc:none"), null, objects);
  }
}
