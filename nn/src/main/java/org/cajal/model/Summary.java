package org.cajal.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.cajal.layer.Forward;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.layer.Parallel;
import org.cajal.layer.Parameters;
import org.cajal.layer.Residual;
import org.cajal.layer.Sequential;
import org.cajal.layer.Trace;
import org.cajal.tensor.Program;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

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

  /** The columns of a terminal that the table keeps to, and the least it leaves for settings. */
  private static final int WIDTH = 80;

  private static final int LEAST_SETTINGS = 10;
  private static final int MOST_LAYER = 30;
  private static final int MOST_OUTPUT = 18;

  /**
   * Layers with nothing said but what must be, each twice with different words: settings that are
   * alike in both are the usual ones.
   */
  private static final List<List<Layer>> PLAIN =
      List.of(
          List.of(Layers.dense(1), Layers.dense(2)),
          List.of(Layers.convolution(1, 3), Layers.convolution(2, 5)),
          List.of(Layers.depthwiseConvolution(3), Layers.depthwiseConvolution(5)),
          List.of(Layers.transposedConvolution(1, 3), Layers.transposedConvolution(2, 5)),
          List.of(Layers.maxPooling(2), Layers.maxPooling(3)),
          List.of(Layers.averagePooling(2), Layers.averagePooling(3)),
          List.of(Layers.batchNormalization(), Layers.batchNormalization()),
          List.of(Layers.layerNormalization(), Layers.layerNormalization()),
          List.of(Layers.groupNormalization(1), Layers.groupNormalization(2)),
          List.of(Layers.rmsNormalization(), Layers.rmsNormalization()),
          List.of(Layers.localResponseNormalization(), Layers.localResponseNormalization()),
          List.of(Layers.bilinear(1), Layers.bilinear(2)),
          List.of(Layers.embedding(1, 1), Layers.embedding(2, 2)),
          List.of(Layers.lstm(1), Layers.lstm(2)),
          List.of(Layers.gru(1), Layers.gru(2)),
          List.of(Layers.simpleRnn(1), Layers.simpleRnn(2)),
          List.of(Layers.multiHeadAttention(1), Layers.multiHeadAttention(2)),
          List.of(Layers.softmax(), Layers.softmax()),
          List.of(Layers.logSoftmax(), Layers.logSoftmax()),
          List.of(Layers.leakyRelu(), Layers.leakyRelu()),
          List.of(Layers.prelu(), Layers.prelu()),
          List.of(Layers.elu(), Layers.elu()),
          List.of(Layers.gelu(), Layers.gelu()),
          List.of(Layers.softplus(), Layers.softplus()),
          List.of(Layers.sinusoidalPositions(), Layers.sinusoidalPositions()),
          List.of(Layers.ensembleMean(), Layers.ensembleMean()));

  /** The usual settings by the class of a layer. */
  private static final Map<Class<?>, Map<String, Object>> USUAL =
      PLAIN.stream()
          .collect(Collectors.toMap(two -> two.getFirst().getClass(), Summary::alike, (a, b) -> a));

  private static Map<String, Object> alike(List<Layer> two) {
    Map<String, @Nullable Object> other = Architectures.encode(two.getLast());
    Map<String, Object> out = new LinkedHashMap<>();
    Architectures.encode(two.getFirst())
        .forEach(
            (name, value) -> {
              if (value != null && value.equals(other.get(name))) {
                out.put(name, plain(value));
              }
            });
    return out;
  }

  /** A list of equal elements as one that stands for all axes. */
  private static Object plain(Object value) {
    return value instanceof List<?> list && new HashSet<>(list).size() == 1
        ? List.of(list.getFirst())
        : value;
  }

  /**
   * The numbers, truth values and words among a layer's components that are not the usual ones;
   * inner layers and initialisers are left out.
   */
  private static String settings(Layer layer) {
    if (!(layer instanceof Record) || !Architectures.isRegistered(layer)) {
      return "";
    }
    Map<String, Object> usual = USUAL.getOrDefault(layer.getClass(), Map.of());
    List<String> parts = new ArrayList<>();
    Architectures.encode(layer)
        .forEach(
            (name, value) -> {
              if (name.equals("type") || value == null || plain(value).equals(usual.get(name))) {
                return;
              }
              switch (value) {
                case Boolean on -> {
                  if (on) {
                    parts.add(words(name));
                  } else if (usual.containsKey(name)) {
                    parts.add("no " + words(name));
                  }
                }
                case Map<?, ?> map -> {
                  if (map.get("mode") instanceof String mode && "padding".equals(map.get("type"))) {
                    parts.add(
                        words(name)
                            + " "
                            + (map.get("before") instanceof List<?> list && mode.equals("explicit")
                                ? product(list)
                                : mode));
                  }
                }
                case List<?> list when list.size() > MOST_LISTED || nested(list) ->
                    parts.add(list.size() + " " + words(name));
                case List<?> list -> parts.add(words(name) + " " + product(list));
                default -> parts.add(words(name) + " " + value);
              }
            });
    return String.join(", ", parts);
  }

  /** {@code 3×3} of [3, 3]. */
  private static String product(List<?> list) {
    return list.stream().map(String::valueOf).collect(Collectors.joining("×"));
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

  /** A table with one line for each layer, and the sums, in 80 columns; longer settings are cut. */
  @Override
  public String toString() {
    List<String[]> cells = new ArrayList<>();
    cells.add(new String[] {"layer", "settings", "output", "parameters", "multiply-adds"});
    cells.add(new String[] {"input", "", cut(input.toString(), MOST_OUTPUT), "", ""});
    for (Row row : rows) {
      cells.add(
          new String[] {
            end(row.path + (row.path.isEmpty() ? "" : " ") + row.layer, MOST_LAYER),
            row.settings,
            cut(row.output.toString(), MOST_OUTPUT),
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
    int others = width[0] + width[2] + width[3] + width[4] + 8;
    width[1] = Math.min(width[1], Math.max(LEAST_SETTINGS, WIDTH - others));
    StringBuilder text = new StringBuilder();
    for (String[] line : cells) {
      line[1] = cut(line[1], width[1]);
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

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  private static String end(String text, int most) {
    return text.length() <= most ? text : "…" + text.substring(text.length() - most + 1);
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
