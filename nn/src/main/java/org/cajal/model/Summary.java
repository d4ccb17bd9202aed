package org.cajal.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cajal.layer.Forward;
import org.cajal.layer.Layer;
import org.cajal.layer.Parallel;
import org.cajal.layer.Parameters;
import org.cajal.layer.Residual;
import org.cajal.layer.Sequential;
import org.cajal.layer.Trace;
import org.cajal.tensor.Program;
import org.cajal.type.Shape;

/**
 * A network layer by layer, for one example.
 *
 * @param input the shape of one example
 * @param rows the layers in the order of the forward pass; layers that only hold others are left
 *     out
 * @param parameters the learned numbers
 * @param multiplyAdds multiplications with an addition for one example
 * @param parameterBytes the memory of all that is saved, running statistics included
 * @param activationBytes the memory that one prediction needs beside that; −1 where it is not
 *     known, since recurrences take very many steps
 */
public record Summary(
    Shape input,
    List<Row> rows,
    long parameters,
    long multiplyAdds,
    long parameterBytes,
    long activationBytes) {
  /**
   * One layer.
   *
   * @param path where it is: {@code 3}, {@code 5/inner/0}
   * @param layer its name: {@code dense}
   * @param settings in a few words: {@code units 128, bias}
   * @param output the shape of what it gives for one example
   * @param parameters the numbers that it learns
   * @param multiplyAdds of one example
   */
  public record Row(
      String path,
      String layer,
      String settings,
      Shape output,
      long parameters,
      long multiplyAdds) {}

  /** Recurrences of more steps are not built for their summary. */
  private static final long MOST_STEPS = 1000;

  /** Fixes the list. */
  public Summary {
    rows = List.copyOf(rows);
  }

  static Summary of(ModelSpec spec, Inference inference, Parameters parameters) {
    Forward sketch = inference.sketch();
    boolean isLong = sketch.trace().leftOut() > MOST_STEPS;
    Forward forward = isLong ? sketch : inference.forward(1);
    Trace trace = forward.trace();
    List<Row> rows = new ArrayList<>();
    for (Trace.Step step : trace.steps()) {
      if (step.layer() instanceof Sequential
          || step.layer() instanceof Residual
          || step.layer() instanceof Parallel) {
        continue;
      }
      Shape output = step.output().shape();
      rows.add(
          new Row(
              step.path(),
              step.name(),
              settings(step.layer()),
              output.rank() == 0 ? output : output.sub(1, output.rank()),
              step.parameters(),
              step.multiplyAdds()));
    }
    long bytes =
        parameters.all().stream()
            .mapToLong(p -> p.variable().shape().size() * p.variable().dtype().bytes())
            .sum();
    long memory = isLong ? -1 : Program.compile(List.of(forward.output()), List.of()).memoryBytes();
    return new Summary(
        spec.inputShape(), rows, parameters.count(), trace.multiplyAdds(), bytes, memory);
  }

  /** Of a longer list, or one of lists, only the length is told. */
  private static final int MOST_LISTED = 4;

  /**
   * The numbers, truth values and words among a layer's components; inner layers and initialisers
   * are left out.
   */
  private static String settings(Layer layer) {
    if (!(layer instanceof Record) || !Architectures.isRegistered(layer)) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    Architectures.encode(layer)
        .forEach(
            (name, value) -> {
              if (name.equals("type") || value == null) {
                return;
              }
              switch (value) {
                case Boolean on -> {
                  if (on) {
                    parts.add(words(name));
                  }
                }
                case Map<?, ?> map -> {
                  if (map.get("mode") instanceof String mode && "padding".equals(map.get("type"))) {
                    parts.add(
                        words(name)
                            + " "
                            + mode
                            + (mode.equals("explicit") ? " " + map.get("before") : ""));
                  }
                }
                case List<?> list when list.size() > MOST_LISTED || nested(list) ->
                    parts.add(list.size() + " " + words(name));
                default -> parts.add(words(name) + " " + value);
              }
            });
    return String.join(", ", parts);
  }

  private static boolean nested(List<?> list) {
    return list.stream().anyMatch(List.class::isInstance);
  }

  /** {@code labelSmoothing} as {@code label smoothing}. */
  private static String words(String name) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(Character.isUpperCase(c) ? " " + Character.toLowerCase(c) : String.valueOf(c));
    }
    return out.toString();
  }

  /** A table with one line for each layer, and the sums. */
  @Override
  public String toString() {
    List<String[]> cells = new ArrayList<>();
    cells.add(new String[] {"layer", "settings", "output", "parameters", "multiply-adds"});
    cells.add(new String[] {"input", "", input.toString(), "", ""});
    for (Row row : rows) {
      cells.add(
          new String[] {
            row.path + (row.path.isEmpty() ? "" : " ") + row.layer,
            row.settings,
            row.output.toString(),
            row.parameters == 0 ? "" : count(row.parameters),
            row.multiplyAdds == 0 ? "" : count(row.multiplyAdds)
          });
    }
    cells.add(new String[] {"total", "", "", count(parameters), count(multiplyAdds)});
    int[] width = new int[5];
    for (String[] line : cells) {
      for (int i = 0; i < 5; i++) {
        width[i] = Math.max(width[i], line[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] line : cells) {
      StringBuilder one = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        String pad = " ".repeat(width[i] - line[i].length());
        one.append(i >= 3 ? pad + line[i] : line[i] + pad).append("  ");
      }
      text.append(one.toString().stripTrailing()).append('\n');
    }
    return text
        + "memory: "
        + bytes(parameterBytes)
        + " of parameters"
        + (activationBytes < 0 ? "" : ", " + bytes(activationBytes) + " for one prediction")
        + "\n";
  }

  private static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String bytes(long n) {
    if (n < 1024) {
      return n + " B";
    }
    return n < 1 << 20
        ? String.format(Locale.ROOT, "%.1f KiB", n / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", n / 1048576.0);
  }
}
