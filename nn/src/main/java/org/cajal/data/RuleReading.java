package org.cajal.data;

import java.util.List;
import org.cajal.type.CajalException;

/** Makes the rules of a {@link Preprocessing} from plain data, as {@code toMap} wrote them. */
final class RuleReading {
  private RuleReading() {}

  /**
   * From plain data.
   *
   * @throws CajalException if an entry is missing, of another kind or out of range
   */
  static InputRule input(PlainData data) {
    String column = data.text("column");
    boolean flag = data.flag("flag");
    return switch (data.constant("type", ColumnType.class)) {
      case NUMBER ->
          new InputRule.OfNumber(
              column,
              data.has("form") ? NumberForm.fromMap(data.object("form")) : NumberForm.PLAIN,
              data.constant("scaling", NumberScaling.class),
              data.number("center"),
              data.positive("scale"),
              data.number("fill"),
              flag);
      case BOOLEAN -> new InputRule.OfBoolean(column, data.text("false"), data.text("true"), flag);
      case CATEGORY ->
          new InputRule.OfCategory(
              column,
              data.texts("values"),
              data.flag("other"),
              data.has("embedded") && data.flag("embedded"),
              flag);
      case TEXT -> {
        List<String> words = data.texts("words");
        List<Double> weights = data.numbers("weights");
        if (weights.size() != words.size()) {
          throw data.wrong("weights", "a list of " + words.size() + " numbers, one a word");
        }
        yield new InputRule.OfText(column, words, weights, flag);
      }
      case DATE ->
          new InputRule.OfDate(
              column,
              data.constant("order", DateForm.class),
              data.number("center"),
              data.positive("scale"),
              data.flag("dayOfWeek"),
              data.flag("timeOfDay"),
              flag);
      case IDENTIFIER, IGNORED ->
          throw data.wrong("type", "NUMBER, BOOLEAN, CATEGORY, TEXT or DATE");
    };
  }

  /**
   * From plain data.
   *
   * @throws CajalException if an entry is missing, of another kind or out of range
   */
  static OutputRule output(PlainData data) {
    return switch (data.constant("task", Task.class)) {
      case CLASSIFICATION -> {
        List<String> labels = data.texts("labels");
        if (labels.size() < 2) {
          throw data.wrong("labels", "a list of 2 labels or more");
        }
        yield new OutputRule.OfClasses(data.text("column"), labels);
      }
      case REGRESSION ->
          new OutputRule.OfNumber(
              data.text("column"),
              data.flag("logarithm"),
              data.number("center"),
              data.positive("scale"));
      case MULTILABEL ->
          new OutputRule.OfLabels(
              data.texts("columns"), data.texts("labels"), data.text("separator"));
      case MULTIOUTPUT ->
          new OutputRule.OfSeveral(
              data.objects("parts").stream().map(RuleReading::output).toList());
      case SEQUENCE -> throw data.wrong("task", "a task of tables");
    };
  }
}
