package dev.mayfly.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Java source, parsed but not resolved. Immutable.
 *
 * @param path from the root of the repository, with slashes
 */
record SourceFile(String path, List<String> lines, CompilationUnitTree unit, DocTrees trees) {
  /** Where the tree stands: {@code path:line}. */
  String place(Tree tree) {
    return path + ":" + firstLine(tree);
  }

  long firstLine(Tree tree) {
    return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
  }

  long lastLine(Tree tree) {
    return unit.getLineMap().getLineNumber(trees.getSourcePositions().getEndPosition(unit, tree));
  }

  @Nullable String doc(TreePath tree) {
    return trees.getDocComment(tree);
  }

  boolean isTest() {
    return path.contains("/src/test/");
  }
}
