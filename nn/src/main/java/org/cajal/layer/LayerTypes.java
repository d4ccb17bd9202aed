package org.cajal.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The records that a saved architecture may hold: our layers, and the settings inside them that are
 * records.
 */
public final class LayerTypes {
  private static final List<Class<? extends Record>> ALL =
      List.of(
          Dense.class,
          Convolution.class,
          AdaptiveAveragePooling.class,
          AdaptiveMaxPooling.class,
          AveragePooling.class,
          BatchNormalization.class,
          Bilinear.class,
          Columns.class,
          DepthwiseConvolution.class,
          Dropout.class,
          Elu.class,
          Embedding.class,
          EnsembleDense.class,
          EnsembleMean.class,
          Flatten.class,
          Gelu.class,
          GlobalAveragePooling.class,
          GlobalMaxPooling.class,
          GroupNormalization.class,
          Heaviside.class,
          LayerNormalization.class,
          LeakyRelu.class,
          Linear.class,
          LocalResponseNormalization.class,
          LogSoftmax.class,
          MaxPooling.class,
          Maxout.class,
          MultiHeadAttention.class,
          NoisyRelu.class,
          Padding.class,
          Parallel.class,
          PiecewiseLinear.class,
          PositionEmbedding.class,
          Prelu.class,
          Recurrent.class,
          Relu.class,
          Reshape.class,
          Residual.class,
          RmsNormalization.class,
          Selu.class,
          Sequential.class,
          Sigmoid.class,
          Sign.class,
          Silu.class,
          SinusoidalPositions.class,
          Softmax.class,
          Softplus.class,
          Tanh.class,
          TransformerBlock.class,
          TransposedConvolution.class);

  private LayerTypes() {}

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
