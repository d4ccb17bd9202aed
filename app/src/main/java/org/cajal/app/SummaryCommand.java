package org.cajal.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cajal.data.OutputRule;
import org.cajal.model.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cajal summary}: what is in a model file. */
@Command(
    name = "summary",
    description = "Prints the layers of a model with shapes, parameters, multiply-adds and memory.",
    mixinStandardHelpOptions = true)
final class SummaryCommand implements Callable<Integer> {
  private static final int MOST_LABELS = 100;
  private static final int WIDTH = 80;
  private static final String INDENT = "    ";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model file that training has saved.")
  private Path model = Path.of("");

  @Override
  public Integer call() {
    Model loaded = Model.load(model);
    var out = spec.commandLine().getOut();
    out.print(loaded.summary());
    Optional<OutputRule> rule = loaded.spec().preprocessing().map(p -> p.output());
    if (rule.isPresent()) {
      describe(rule.get()).forEach(line -> wrapped(line).forEach(out::println));
    } else if (!loaded.labels().isEmpty()) {
      wrapped(listed(loaded.labels(), "classes")).forEach(out::println);
    }
    loaded.settings().forEach((name, value) -> wrapped(name + ": " + value).forEach(out::println));
    out.println("SHA-256: " + loaded.sha256());
    return Main.OK;
  }

  /** The text in lines of 80 columns, broken at blanks, all but the first indented. */
  static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > WIDTH) {
      int at = rest.lastIndexOf(' ', WIDTH);
      if (at <= INDENT.length()) {
        break; // one word that is longer than a line
      }
      lines.add(rest.substring(0, at));
      rest = INDENT + rest.substring(at + 1);
    }
    lines.add(rest);
    return lines;
  }

  /** A line for each target. */
  private static List<String> describe(OutputRule rule) {
    return switch (rule) {
      case OutputRule.OfSeveral several ->
          several.parts().stream().flatMap(p -> describe(p).stream()).toList();
      case OutputRule.OfNumber number -> List.of("target " + number.column() + ": a number");
      case OutputRule.OfClasses classes ->
          List.of("target " + classes.column() + ": " + listed(classes.labels(), "classes"));
      case OutputRule.OfLabels labels ->
          List.of(
              "target "
                  + (labels.columns().size() == 1 ? labels.column() + ": " : "")
                  + listed(labels.labels(), "labels that do not exclude each other"));
    };
  }

  private static String listed(List<String> labels, String what) {
    return labels.size()
        + " "
        + what
        + ": "
        + String.join(", ", labels.subList(0, Math.min(MOST_LABELS, labels.size())))
        + (labels.size() > MOST_LABELS ? ", …" : "");
  }
}
