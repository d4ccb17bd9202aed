package org.cajal.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The optimisers and clippings that a checkpoint may name, and the bound on norms. */
public final class OptimizerTypes {
  private static final List<Class<? extends Record>> ALL =
      List.of(
          Adadelta.class,
          Adagrad.class,
          Adam.class,
          AdamW.class,
          Adamax.class,
          ClipByGlobalNorm.class,
          ClipByValue.class,
          Lion.class,
          MaxNorm.class,
          NAdam.class,
          NoClipping.class,
          RAdam.class,
          RmsProp.class,
          Rprop.class,
          Sgd.class);

  private OptimizerTypes() {}

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
