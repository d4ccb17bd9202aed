package org.cajal.loss;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The losses that a model file may name. */
public final class LossTypes {
  private static final List<Class<? extends Record>> ALL =
      List.of(
          AbsoluteError.class,
          BinaryCrossEntropy.class,
          CrossEntropy.class,
          Gaussian.class,
          HalfSquaredError.class,
          Hinge.class,
          Huber.class,
          KullbackLeibler.class,
          MultiOutput.class,
          NegativeLogLikelihood.class,
          Perceptron.class,
          Poisson.class,
          SmoothAbsoluteError.class,
          SoftMargin.class,
          SquaredError.class,
          SquaredHinge.class);

  private LossTypes() {}

  /** The records by their names in files: the record's name with a small first letter. */
  public static Map<String, Class<? extends Record>> byName() {
    Map<String, Class<? extends Record>> out = new LinkedHashMap<>();
    for (Class<? extends Record> type : ALL) {
      String name = type.getSimpleName();
      out.put(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), type);
    }
    return out;
  }
}
