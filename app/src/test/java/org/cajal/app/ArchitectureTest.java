package org.cajal.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.cajal.op.Op;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fences of the project: which package may touch which, and what no package may use. The tables
 * here are those of ARCHITECTURE.md.
 */
class ArchitectureTest {
  private static final List<String> CORE =
      List.of(
          "type", "op", "graph", "grad", "loop", "compile", "emit", "run", "run.simd", "tensor");

  /** Core's packages, each with the packages of this project that it may touch besides itself. */
  private static final Map<String, Set<String>> MAY_TOUCH =
      Map.of(
          "type", Set.of(),
          "op", Set.of("type"),
          "graph", Set.of("op", "type"),
          "grad", Set.of("graph", "op", "type"),
          "loop", Set.of("op", "run", "type"),
          "compile", Set.of("emit", "graph", "loop", "op", "run", "run.simd", "type"),
          "emit", Set.of("loop", "op", "run", "type"),
          "run", Set.of("graph", "loop", "op", "type"),
          "run.simd", Set.of("loop", "op", "run", "type"),
          "tensor",
              Set.of("compile", "emit", "grad", "graph", "loop", "op", "run", "run.simd", "type"));

  private static final String[] INTERNAL = {
    "org.cajal.loop..", "org.cajal.compile..", "org.cajal.emit..", "org.cajal.run.."
  };

  private static final Path ROOT = Path.of(System.getProperty("cajal.root", ".."));

  private static JavaClasses ours;

  @BeforeAll
  static void readClasses() {
    ours =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.cajal");
  }

  static Stream<String> corePackages() {
    return CORE.stream();
  }

  @ParameterizedTest
  @MethodSource("corePackages")
  void aCorePackageTouchesOnlyWhatItMay(String name) {
    List<String> allowed = new ArrayList<>(List.of("org.cajal." + name));
    MAY_TOUCH.get(name).forEach(other -> allowed.add("org.cajal." + other));
    noClasses()
        .that()
        .resideInAPackage("org.cajal." + name)
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.cajal..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new)))))
        .allowEmptyShould(true)
        .check(ours);
  }

  @Test
  void everyPackageOfCoreIsInTheTable() {
    assertThat(MAY_TOUCH.keySet()).containsExactlyInAnyOrderElementsOf(CORE);
    Set<String> found = new TreeSet<>();
    for (Path file : sources("core")) {
      Path folder = ROOT.resolve("core/src/main/java/org/cajal").relativize(file.getParent());
      if (!folder.startsWith("..")) {
        found.add(folder.toString().replace('/', '.').replace('\\', '.'));
      }
    }
    assertThat(CORE).containsAll(found);
  }

  @Test
  void nothingOutsideCoreTouchesItsInternals() {
    List<String> core = CORE.stream().map(name -> "org.cajal." + name).toList();
    noClasses()
        .that(
            DescribedPredicate.not(resideInAnyPackage(core.toArray(String[]::new)))
                .and(DescribedPredicate.not(resideInAPackage("org.cajal.testkit.."))))
        .should()
        .dependOnClassesThat(resideInAnyPackage(INTERNAL))
        .allowEmptyShould(true)
        .check(ours);
  }

  @Test
  void theVectorApiStaysInItsRooms() {
    onlyIn(
            "jdk.incubator.vector..",
            "org.cajal.emit",
            "org.cajal.run.simd",
            "org.cajal.app.bench") // the peak that kernels are measured by
        .check(ours);
  }

  @Test
  void theClassFileApiStaysInOneRoom() {
    onlyIn("java.lang.classfile..", "org.cajal.emit").check(ours);
  }

  @Test
  void commandLineWordsStayInTheApp() {
    onlyIn("picocli..", "org.cajal.app").check(ours);
  }

  @Test
  void nothingIsSerialised() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectOutputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.Externalizable")
        .check(ours);
    noClasses()
        .that()
        .areNotAssignableTo(Throwable.class)
        .and()
        .areNotEnums()
        .should()
        .implement(java.io.Serializable.class)
        .check(ours);
  }

  @Test
  void noRegularExpressionMeetsTextFromOutside() {
    DescribedPredicate<JavaAccess<?>> regex =
        describe(
            "a regular expression",
            access ->
                calls(access, String.class, "matches")
                    || calls(access, String.class, "replaceAll")
                    || calls(access, String.class, "replaceFirst")
                    || calls(access, Scanner.class, "<init>"));
    noClasses()
        .should()
        .dependOnClassesThat(resideInAPackage("java.util.regex.."))
        .orShould()
        .accessTargetWhere(regex)
        .check(ours);
  }

  @Test
  void onlyTheAppWritesToTheConsole() {
    DescribedPredicate<JavaAccess<?>> console =
        describe(
            "the console",
            access ->
                calls(access, System.class, "out")
                    || calls(access, System.class, "err")
                    || (access.getTarget().getName().equals("printStackTrace")
                        && access.getTarget() instanceof AccessTarget.MethodCallTarget method
                        && method.getRawParameterTypes().isEmpty()));
    noClasses()
        .that()
        .resideOutsideOfPackage("org.cajal.app")
        .should()
        .accessTargetWhere(console)
        .check(ours);
  }

  @Test
  void chanceHasASeed() {
    DescribedPredicate<JavaAccess<?>> unseeded =
        describe(
            "chance without a seed",
            access ->
                calls(access, Math.class, "random")
                    || calls(access, ThreadLocalRandom.class, "current")
                    || calls(access, java.util.UUID.class, "randomUUID")
                    || calls(access, java.security.SecureRandom.class, "<init>")
                    || (calls(access, Random.class, "<init>") && parameters(access) == 0)
                    || (calls(access, SplittableRandom.class, "<init>") && parameters(access) == 0)
                    || (calls(access, java.util.Collections.class, "shuffle")
                        && parameters(access) == 1));
    noClasses().should().accessTargetWhere(unseeded).check(ours);
  }

  @Test
  void noDefaultLocaleOrCharset() {
    DescribedPredicate<JavaAccess<?>> defaults =
        describe(
            "a default locale or charset",
            access ->
                calls(access, String.class, "formatted")
                    || calls(access, Locale.class, "getDefault")
                    || calls(access, java.nio.charset.Charset.class, "defaultCharset")
                    || (calls(access, String.class, "format") && parameters(access) == 2)
                    || (calls(access, String.class, "toLowerCase") && parameters(access) == 0)
                    || (calls(access, String.class, "toUpperCase") && parameters(access) == 0)
                    || (calls(access, String.class, "getBytes") && parameters(access) == 0)
                    || (calls(access, java.io.InputStreamReader.class, "<init>")
                        && parameters(access) == 1)
                    || (calls(access, java.io.OutputStreamWriter.class, "<init>")
                        && parameters(access) == 1)
                    || calls(access, java.io.FileReader.class, "<init>")
                    || calls(access, java.io.FileWriter.class, "<init>"));
    noClasses().should().accessTargetWhere(defaults).check(ours);
  }

  @Test
  void everyPackageSaysWhatLivesThere() {
    List<Path> silent = new ArrayList<>();
    for (String module : modules()) {
      for (Path file : sources(module)) {
        if (!file.endsWith("module-info.java")
            && !Files.exists(file.resolveSibling("package-info.java"))) {
          silent.add(ROOT.relativize(file.getParent()));
        }
      }
    }
    assertThat(silent.stream().distinct()).as("packages without package-info.java").isEmpty();
  }

  @Test
  void everyPublicTypeHasJavadoc() throws IOException {
    List<String> silent = new ArrayList<>();
    for (String module : modules()) {
      silent.addAll(undocumented(sources(module)));
    }
    assertThat(silent).as("public types without Javadoc").isEmpty();
  }

  /** Growth wants a reason, so its measures are in the log of every build. */
  @Test
  void theMeasuresOfCoreArePrinted() {
    long lines = sources("core").stream().mapToLong(ArchitectureTest::lines).sum();
    List<Class<?>> primitives = primitives();
    long methods =
        ours.stream()
            .filter(type -> type.getPackageName().equals("org.cajal.tensor"))
            .filter(type -> type.getModifiers().toString().contains("PUBLIC"))
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> method.getModifiers().toString().contains("PUBLIC"))
            .count();
    System.out.printf(
        Locale.ROOT,
        "architecture: core has %,d lines, %d primitives and %d public methods on tensors%n",
        lines,
        primitives.size(),
        methods);
    assertThat(primitives).allMatch(Class::isRecord);
    assertThat(lines).isPositive();
  }

  /** The records that the sealed {@link Op} permits, directly or through its sealed interfaces. */
  private static List<Class<?>> primitives() {
    List<Class<?>> records = new ArrayList<>();
    Deque<Class<?>> open = new ArrayDeque<>(List.of(Op.class));
    while (!open.isEmpty()) {
      Class<?> type = open.pop();
      if (type.isSealed()) {
        open.addAll(List.of(type.getPermittedSubclasses()));
      } else {
        records.add(type);
      }
    }
    return records.stream().distinct().toList();
  }

  private static ArchRule onlyIn(String packages, String... rooms) {
    return classes()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage(packages)));
  }

  private static boolean calls(JavaAccess<?> access, Class<?> owner, String name) {
    JavaClass target = access.getTargetOwner();
    return access.getTarget().getName().equals(name) && target.isEquivalentTo(owner);
  }

  private static int parameters(JavaAccess<?> access) {
    return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget unit
        ? unit.getRawParameterTypes().size()
        : -1;
  }

  private static List<String> modules() {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> sources(String module) {
    try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> undocumented(List<Path> files) throws IOException {
    List<String> silent = new ArrayList<>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new TreePathScanner<Void, Void>() {
          @Override
          public Void visitClass(ClassTree type, Void none) {
            TreePath path = getCurrentPath();
            if (!type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
              return null; // nor are the types within it
            }
            if (docs.getDocComment(path) == null) {
              silent.add(unit.getPackageName() + "." + type.getSimpleName());
            }
            return super.visitClass(type, null);
          }

          @Override
          public Void visitMethod(com.sun.source.tree.MethodTree method, Void none) {
            return null; // types within methods are nobody else's
          }
        }.scan(new TreePath(unit), null);
      }
    }
    return silent;
  }
}
