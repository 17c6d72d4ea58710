package dev.mayfly.architecture;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** The rules about what a file declares and calls. Used for one file, by one thread. */
final class TreeRules extends TreePathScanner<@Nullable Void, @Nullable Void> {
  static final int METHOD_LINES_MAX = 70;

  private static final Pattern EMPTY_NAME =
      Pattern.compile("^(?:Abstract|Base|Common)(?=[A-Z]|$)|(?:Utils?|Helper|Manager|Impl|Base)$");
  private static final Pattern GETTER = Pattern.compile("get[A-Z][a-zA-Z0-9]*");
  private static final Set<String> CLOCKS =
      Set.of(
          "Thread.sleep",
          "System.nanoTime",
          "System.currentTimeMillis",
          "Instant.now",
          "LocalDateTime.now",
          "ZonedDateTime.now",
          "OffsetDateTime.now",
          "LocalDate.now",
          "Clock.systemUTC",
          "Clock.systemDefaultZone");

  private final SourceFile file;
  private final List<Finding> findings = new ArrayList<>();

  private TreeRules(SourceFile file) {
    this.file = file;
  }

  static List<Finding> check(SourceFile file) {
    TreeRules rules = new TreeRules(file);
    rules.scan(file.unit(), null);
    return rules.findings;
  }

  @Override
  public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
    String name = type.getSimpleName().toString();
    if (EMPTY_NAME.matcher(name).find()) {
      add(
          TidyRule.TYPE_NAME,
          type,
          name + " says nothing: name the thing it is, or the policy or medium it works by");
    }
    boolean outermost = getCurrentPath().getParentPath().getLeaf().equals(file.unit());
    if (outermost
        && !file.isTest()
        && type.getModifiers().getFlags().contains(Modifier.PUBLIC)
        && file.doc(getCurrentPath()) == null) {
      add(
          TidyRule.DOCUMENTED,
          type,
          name + " is public: say what it is, what callers may rely on, and how it may be shared");
    }
    return super.visitClass(type, null);
  }

  @Override
  public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
    long lines = file.lastLine(method) - file.firstLine(method) + 1;
    if (lines > METHOD_LINES_MAX) {
      add(
          TidyRule.METHOD_LENGTH,
          method,
          "%s has %d lines, at most %d: give a step of it a name of its own"
              .formatted(method.getName(), lines, METHOD_LINES_MAX));
    }
    String name = method.getName().toString();
    if (GETTER.matcher(name).matches()
        && method.getParameters().isEmpty()
        && !has(method.getModifiers(), "Override")) {
      add(TidyRule.BARE_NOUN, method, name + "() tells: drop the get, as in size()");
    }
    return super.visitMethod(method, null);
  }

  @Override
  public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void nothing) {
    clock(select, select.getExpression(), select.getIdentifier().toString());
    return super.visitMemberSelect(select, null);
  }

  @Override
  public @Nullable Void visitMemberReference(
      MemberReferenceTree reference, @Nullable Void nothing) {
    clock(reference, reference.getQualifierExpression(), reference.getName().toString());
    return super.visitMemberReference(reference, null);
  }

  @Override
  public @Nullable Void visitAnnotation(AnnotationTree annotation, @Nullable Void nothing) {
    if (simpleName(annotation.getAnnotationType()).equals("Disabled")) {
      add(TidyRule.DISABLED, annotation, "mend the test, or remove it with what it tests");
    }
    return super.visitAnnotation(annotation, null);
  }

  private void clock(Tree tree, Tree qualifier, String member) {
    String call = simpleName(qualifier) + "." + member;
    if (CLOCKS.contains(call)) {
      add(
          TidyRule.CLOCK,
          tree,
          call + ": take a TimeSource in the constructor; a test gives it virtual time");
    }
  }

  private void add(TidyRule rule, Tree tree, String advice) {
    findings.add(new Finding(rule, file.place(tree), advice));
  }

  private static boolean has(ModifiersTree modifiers, String annotation) {
    return modifiers.getAnnotations().stream()
        .anyMatch(each -> simpleName(each.getAnnotationType()).equals(annotation));
  }

  private static String simpleName(Tree tree) {
    String text = tree.toString();
    return text.substring(text.lastIndexOf('.') + 1);
  }
}
