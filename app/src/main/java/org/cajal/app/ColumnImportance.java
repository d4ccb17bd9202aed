package org.cajal.app;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.data.Dataset;
import org.cajal.data.InputRule;
import org.cajal.data.Preprocessing;
import org.cajal.model.Model;
import org.cajal.report.TrainingReport.Importance;
import org.cajal.type.CounterRandom;
import org.cajal.type.NDArray;

/**
 * How much the columns of a table matter to a model, by permutation (L. Breiman: "Random forests",
 * 2001): the rise of its mean loss when the values of one column are shuffled among the rows.
 */
final class ColumnImportance {
  private static final int MOST_ROWS = 2000;
  private static final int MOST_COLUMNS = 64;

  /** Few rows are shuffled several times, so that about so many are measured for each column. */
  private static final int ENOUGH_ROWS = 500;

  private static final int MOST_TIMES = 5;

  /** Of sparse rows with more inputs together, copies would take too much memory. */
  private static final long MOST_VALUES = 1 << 24;

  private ColumnImportance() {}

  /**
   * The columns, the most important first, equal ones in the table's order; the first {@value
   * #MOST_COLUMNS} of more, on the first {@value #MOST_ROWS} rows; none where these are fewer than
   * two, or have too many inputs.
   *
   * @param preprocessing of rows whose inputs are their own cells, no forecasts
   * @param seed decides the shuffles
   */
  static List<Importance> of(
      Model model, Preprocessing preprocessing, Dataset measured, long seed) {
    Dataset data = measured.first(MOST_ROWS);
    int rows = data.size();
    if (rows < 2 || rows * data.featureShape().size() > MOST_VALUES) {
      return List.of();
    }
    NDArray features = data.features();
    int width = Math.toIntExact(features.size() / rows);
    Map<String, List<int[]>> places = new LinkedHashMap<>(); // inputs from, to
    int from = 0; // the first input of a rule
    for (InputRule rule : preprocessing.inputs()) {
      places
          .computeIfAbsent(rule.column(), c -> new ArrayList<>())
          .add(new int[] {from, from + rule.width()});
      from += rule.width();
    }
    long key = CounterRandom.key(seed, "importance");
    double plain = model.evaluate(data).loss();
    int times = Math.clamp(ENOUGH_ROWS / rows, 1, MOST_TIMES);
    List<Importance> out = new ArrayList<>();
    for (Map.Entry<String, List<int[]>> column : places.entrySet()) {
      if (out.size() == MOST_COLUMNS) {
        break;
      }
      double sum = 0;
      for (int time = 0; time < times; time++) {
        NDArray shuffled = features.copy();
        int[] order = CounterRandom.permutation(CounterRandom.key(key, time), rows);
        for (int[] place : column.getValue()) {
          for (int row = 0; row < rows; row++) {
            for (int i = place[0]; i < place[1]; i++) {
              shuffled.set((long) row * width + i, features.get((long) order[row] * width + i));
            }
          }
        }
        sum += model.evaluate(data.withFeatures(shuffled)).loss();
      }
      out.add(new Importance(column.getKey(), sum / times - plain));
    }
    out.sort(Comparator.comparingDouble((Importance of) -> -of.loss()));
    return out;
  }
}
