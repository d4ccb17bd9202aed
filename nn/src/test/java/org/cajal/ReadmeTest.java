package org.cajal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.cajal.model.Model;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java programs in README.md and the guide compile as they stand, and do what the text around
 * them says.
 */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("cajal.root", ".."));
  private static final String FENCE = "\n```";

  @TempDir Path folder;

  /**
   * A block of Java in a document.
   *
   * @param text the program
   * @param output the block of text that follows it, empty if another block comes first
   */
  private record Program(String text, String output) {
    String name() {
      String before = "public class ";
      int start = text.indexOf(before) + before.length();
      return text.substring(start, text.indexOf(' ', start));
    }
  }

  /** All blocks of Java; each must be a whole program. */
  private static List<Program> programs(String document) throws Exception {
    String text = Files.readString(ROOT.resolve(document)).replace("\r\n", "\n");
    List<Program> programs = new ArrayList<>();
    String java = FENCE + "java\n";
    String output = FENCE + "text\n";
    for (int at = text.indexOf(java); at >= 0; at = text.indexOf(java, at + 1)) {
      int start = at + java.length();
      int end = text.indexOf(FENCE, start);
      int next = text.indexOf(FENCE, end + 1);
      boolean printed = next >= 0 && text.startsWith(output, next);
      int from = next + output.length();
      programs.add(
          new Program(
              text.substring(start, end),
              printed ? text.substring(from, text.indexOf(FENCE, from)) : ""));
    }
    assertThat(programs).as("programs in " + document).isNotEmpty();
    return programs;
  }

  private void compile(Program program) throws Exception {
    Path source = Files.writeString(folder.resolve(program.name() + ".java"), program.text());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      String classPath = System.getProperty("java.class.path");
      List<String> options = List.of("-d", folder.toString(), "-cp", classPath, "-proc:none");
      boolean done =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(done).as(messages.toString()).isTrue();
    }
  }

  /** Compiles a program, runs its {@code main} in this JVM and gives back what it printed. */
  private List<String> run(Program program, Path file) throws Exception {
    compile(program);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, ReadmeTest.class.getClassLoader());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      loader
          .loadClass(program.name())
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {file.toString()});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void theProgramOfTheReadmeTrainsSavesLoadsAndPredicts() throws Exception {
    List<Program> programs = programs("README.md");
    assertThat(programs).hasSize(1);
    assertThat(programs.getFirst().text().lines().count()).isBetween(15L, 25L);
    Path file = folder.resolve("digits.safetensors");
    List<String> lines = run(programs.getFirst(), file);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("accuracy ");
    double accuracy = Double.parseDouble(lines.get(0).substring("accuracy ".length()));
    assertThat(accuracy).isBetween(0.88, 1.0);
    assertThat(lines.get(1)).startsWith("digit ").contains(", probability ");
    Model model = Model.load(file);
    assertThat(model.labels()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(model.history().epochs()).hasSizeBetween(1, 5);
  }

  @TestFactory
  Stream<DynamicTest> theProgramsOfTheGuidePrintWhatStandsBelowThem() throws Exception {
    return Stream.concat(programs("docs/guide.md").stream(), programs("docs/data.md").stream())
        .map(
            program ->
                DynamicTest.dynamicTest(
                    program.name(),
                    () -> {
                      List<String> lines = run(program, folder.resolve(program.name() + ".file"));
                      assertThat(lines).isNotEmpty().isEqualTo(program.output().lines().toList());
                    }));
  }
}
