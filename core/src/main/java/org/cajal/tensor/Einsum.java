package org.cajal.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;

/**
 * Einstein's summation convention: {@code Einsum.of("bij,bjk->bik", a, b)}. Each letter names an
 * index; what is missing on the right of the arrow is summed over. A letter twice in one operand
 * takes the diagonal, {@code ...} stands for any further (broadcast) axes, and without an arrow the
 * result has the letters that occur once, in alphabetical order. Operands are contracted from left
 * to right, each pair as one matrix product.
 */
public final class Einsum {
  private static final char ELLIPSIS = '\u2026';

  /**
   * An operand and the label of each of its axes. Labels of the ellipsis are negative, −1 being its
   * last axis.
   */
  private record Labelled(Tensor tensor, List<Integer> labels) {}

  private final String equation;
  private final Map<Integer, Integer> sizes = new HashMap<>();

  private Einsum(String equation) {
    this.equation = equation;
  }

  /**
   * The sum of products that the equation describes.
   *
   * @throws CajalException if the equation is malformed or does not fit the operands
   */
  public static Tensor of(String equation, Tensor... operands) {
    return new Einsum(equation).evaluate(List.of(operands));
  }

  private CajalException error(String message) {
    return CajalException.at("einsum", "\"" + equation + "\": " + message);
  }

  private Tensor evaluate(List<Tensor> tensors) {
    String text = equation.replace(" ", "").replace("...", String.valueOf(ELLIPSIS));
    int arrow = text.indexOf("->");
    String left = arrow < 0 ? text : text.substring(0, arrow);
    List<String> terms = terms(left);
    if (terms.size() != tensors.size()) {
      throw error(terms.size() + " operands are described, " + tensors.size() + " were given");
    }
    List<Labelled> operands = new ArrayList<>();
    int dots = 0;
    for (int i = 0; i < terms.size(); i++) {
      List<Integer> labels = labels(terms.get(i), tensors.get(i));
      dots = Math.max(dots, (int) labels.stream().filter(l -> l < 0).count());
      operands.add(new Labelled(tensors.get(i), labels));
    }
    List<Integer> result =
        arrow < 0 ? implicit(operands, dots) : result(text.substring(arrow + 2), dots);
    measure(operands);
    for (int label : result) {
      if (!sizes.containsKey(label)) {
        throw error("the result's index " + name(label) + " occurs in no operand");
      }
    }
    List<Labelled> open = new ArrayList<>();
    operands.forEach(o -> open.add(diagonals(o)));
    Labelled sum = reduced(open.removeFirst(), needed(open, result));
    while (!open.isEmpty()) {
      Labelled next = open.removeFirst();
      Set<Integer> needed = needed(open, result);
      Set<Integer> both = new HashSet<>(needed);
      both.addAll(next.labels());
      sum = reduced(sum, both);
      both.clear();
      both.addAll(needed);
      both.addAll(sum.labels());
      sum = contract(sum, reduced(next, both), needed);
    }
    return arrange(sum, result);
  }

  private List<String> terms(String left) {
    List<String> out = new ArrayList<>();
    int start = 0;
    for (int comma = left.indexOf(','); comma >= 0; comma = left.indexOf(',', start)) {
      out.add(left.substring(start, comma));
      start = comma + 1;
    }
    out.add(left.substring(start));
    return out;
  }

  private void checkLetter(char c) {
    if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) {
      throw error("'" + c + "' is no index; letters, commas, \"...\" and \"->\" are allowed");
    }
  }

  private List<Integer> labels(String term, Tensor x) {
    int dots = term.indexOf(ELLIPSIS);
    int letters = term.length() - (dots >= 0 ? 1 : 0);
    if (dots >= 0 ? letters > x.rank() : letters != x.rank()) {
      throw error(
          "\""
              + term.replace(String.valueOf(ELLIPSIS), "...")
              + "\" does not fit an operand of shape "
              + x.shape());
    }
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < term.length(); i++) {
      char c = term.charAt(i);
      if (i == dots) {
        for (int n = x.rank() - letters; n > 0; n--) {
          out.add(-n);
        }
      } else {
        checkLetter(c);
        out.add((int) c);
      }
    }
    return out;
  }

  private List<Integer> result(String right, int dots) {
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < right.length(); i++) {
      char c = right.charAt(i);
      if (c == ELLIPSIS) {
        for (int n = dots; n > 0; n--) {
          out.add(-n);
        }
      } else {
        checkLetter(c);
        out.add((int) c);
      }
    }
    if (new HashSet<>(out).size() != out.size()) {
      throw error("an index occurs twice in the result");
    }
    return out;
  }

  private static List<Integer> implicit(List<Labelled> operands, int dots) {
    Map<Integer, Integer> times = new HashMap<>();
    operands.forEach(o -> o.labels().forEach(l -> times.merge(l, 1, Integer::sum)));
    List<Integer> out = new ArrayList<>();
    for (int n = dots; n > 0; n--) {
      out.add(-n);
    }
    times.entrySet().stream()
        .filter(e -> e.getKey() > 0 && e.getValue() == 1)
        .map(Map.Entry::getKey)
        .sorted()
        .forEach(out::add);
    return out;
  }

  private static String name(int label) {
    return label < 0 ? "..." : "'" + (char) label + "'";
  }

  /** Learns the size of each index; size 1 gives way. */
  private void measure(List<Labelled> operands) {
    for (Labelled o : operands) {
      for (int i = 0; i < o.labels().size(); i++) {
        int label = o.labels().get(i);
        int size = o.tensor().dim(i);
        int known = sizes.getOrDefault(label, 1);
        if (known != 1 && size != 1 && known != size) {
          throw error("the index " + name(label) + " has sizes " + known + " and " + size);
        }
        sizes.put(label, known == 1 ? size : known);
      }
    }
  }

  /** Indices that occur twice in an operand taken together. */
  private Labelled diagonals(Labelled o) {
    Tensor x = o.tensor();
    List<Integer> labels = o.labels();
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      int j = labels.lastIndexOf(label);
      if (j > i) {
        if (x.dim(i) != x.dim(j)) {
          throw error(
              "the index "
                  + name(label)
                  + " has sizes "
                  + x.dim(i)
                  + " and "
                  + x.dim(j)
                  + " in one operand");
        }
        x = Movement.alongDiagonal(x, i, j);
        List<Integer> left = new ArrayList<>(labels.subList(0, i));
        left.addAll(labels.subList(i + 1, j));
        left.addAll(labels.subList(j + 1, labels.size()));
        left.add(label);
        labels = left;
        i = -1;
      }
    }
    return new Labelled(x, labels);
  }

  private static Set<Integer> needed(List<Labelled> open, List<Integer> result) {
    Set<Integer> out = new HashSet<>(result);
    open.forEach(o -> out.addAll(o.labels()));
    return out;
  }

  /** Summed over the indices that nobody needs. */
  private static Labelled reduced(Labelled o, Set<Integer> needed) {
    List<Integer> kept = o.labels().stream().filter(needed::contains).toList();
    int[] gone =
        IntStream.range(0, o.labels().size())
            .filter(i -> !needed.contains(o.labels().get(i)))
            .toArray();
    return gone.length == 0 ? o : new Labelled(o.tensor().sum(gone), kept);
  }

  /** The operand with its axes in the order of the labels; labels that it lacks get size 1. */
  private static Tensor aligned(Labelled o, List<Integer> labels) {
    List<Integer> present = labels.stream().filter(o.labels()::contains).toList();
    Tensor x =
        o.tensor().rank() == 0
            ? o.tensor()
            : o.tensor().transpose(present.stream().mapToInt(o.labels()::indexOf).toArray());
    return x.reshape(
        new Shape(
            labels.stream()
                .map(l -> o.labels().contains(l) ? o.tensor().dim(o.labels().indexOf(l)) : 1)
                .toList()));
  }

  private Shape shape(List<Integer> labels) {
    return new Shape(labels.stream().map(l -> sizes.getOrDefault(l, 1)).toList());
  }

  private Labelled contract(Labelled a, Labelled b, Set<Integer> needed) {
    List<Integer> batch = new ArrayList<>();
    List<Integer> inner = new ArrayList<>();
    List<Integer> rows = new ArrayList<>();
    for (int label : a.labels()) {
      if (!b.labels().contains(label)) {
        rows.add(label);
      } else if (needed.contains(label)) {
        batch.add(label);
      } else {
        inner.add(label);
      }
    }
    List<Integer> columns = b.labels().stream().filter(l -> !a.labels().contains(l)).toList();
    List<Integer> out = new ArrayList<>(batch);
    out.addAll(rows);
    out.addAll(columns);
    if (inner.isEmpty()) {
      return new Labelled(aligned(a, out).times(aligned(b, out)), out);
    }
    Tensor left = block(a, batch, rows, inner);
    Tensor right = block(b, batch, inner, columns);
    return new Labelled(left.matmul(right).reshape(shape(out)), out);
  }

  /** An operand as [batch, first, second], broadcast to the full sizes. */
  private Tensor block(Labelled o, List<Integer> batch, List<Integer> first, List<Integer> second) {
    List<Integer> all = new ArrayList<>(batch);
    all.addAll(first);
    all.addAll(second);
    long[] groups = {shape(batch).size(), shape(first).size(), shape(second).size()};
    Shape to = Shape.of(Arrays.stream(groups).mapToInt(Math::toIntExact).toArray());
    return aligned(o, all).broadcastTo(shape(all)).reshape(to);
  }

  private Tensor arrange(Labelled sum, List<Integer> result) {
    return aligned(sum, result).broadcastTo(shape(result));
  }
}
