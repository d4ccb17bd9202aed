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
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.cajal.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java program in README.md compiles as it stands, and does what the text around it says. */
class ReadmeTest {
  private static final Path README =
      Path.of(System.getProperty("cajal.root", "..")).resolve("README.md");
  private static final String BEGIN = "```java\n";
  private static final String END = "\n```";

  @TempDir Path folder;

  /** The program: the only block of Java that declares a class with a {@code main}. */
  private static String program() throws Exception {
    String text = Files.readString(README).replace("\r\n", "\n");
    String found = "";
    for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
      String block = text.substring(at + BEGIN.length(), text.indexOf(END, at));
      if (block.contains("static void main(")) {
        assertThat(found).as("a second program in README.md").isEmpty();
        found = block;
      }
    }
    assertThat(found).as("the program in README.md").isNotEmpty();
    return found;
  }

  private static String className(String program) {
    String before = "public class ";
    int start = program.indexOf(before) + before.length();
    return program.substring(start, program.indexOf(' ', start));
  }

  private void compile(String program) throws Exception {
    Path source = Files.writeString(folder.resolve(className(program) + ".java"), program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of(
              "-d", folder.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
      boolean done =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(done).as(messages.toString()).isTrue();
    }
  }

  /** Runs {@code main} in this JVM and gives back what it printed. */
  private List<String> run(String name, Path file) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, ReadmeTest.class.getClassLoader());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      loader
          .loadClass(name)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {file.toString()});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void theProgramTrainsSavesLoadsAndPredicts() throws Exception {
    String program = program();
    compile(program);
    Path file = folder.resolve("digits.safetensors");
    List<String> lines = run(className(program), file);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("accuracy ");
    assertThat(Double.parseDouble(lines.get(0).substring("accuracy ".length())))
        .isBetween(0.88, 1.0);
    assertThat(lines.get(1)).startsWith("digit ").contains(", probability ");
    Model model = Model.load(file);
    assertThat(model.labels()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(model.history().epochs()).hasSizeBetween(1, 5);
  }

  @Test
  void theProgramHasAboutTwentyLines() throws Exception {
    assertThat(program().lines().count()).isBetween(15L, 25L);
  }
}
