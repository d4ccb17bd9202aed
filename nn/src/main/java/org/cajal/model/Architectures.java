package org.cajal.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cajal.init.Constant;
import org.cajal.init.GlorotNormal;
import org.cajal.init.GlorotUniform;
import org.cajal.init.HeNormal;
import org.cajal.init.HeUniform;
import org.cajal.init.LeCunNormal;
import org.cajal.init.LeCunUniform;
import org.cajal.init.Normal;
import org.cajal.init.Orthogonal;
import org.cajal.init.TruncatedNormal;
import org.cajal.init.Uniform;
import org.cajal.init.Zeros;
import org.cajal.io.Codec;
import org.cajal.io.JsonObject;
import org.cajal.layer.AdaptiveAveragePooling;
import org.cajal.layer.AdaptiveMaxPooling;
import org.cajal.layer.AveragePooling;
import org.cajal.layer.BatchNormalization;
import org.cajal.layer.Bilinear;
import org.cajal.layer.Columns;
import org.cajal.layer.Convolution;
import org.cajal.layer.Dense;
import org.cajal.layer.DepthwiseConvolution;
import org.cajal.layer.Dropout;
import org.cajal.layer.Elu;
import org.cajal.layer.Embedding;
import org.cajal.layer.Flatten;
import org.cajal.layer.Gelu;
import org.cajal.layer.GlobalAveragePooling;
import org.cajal.layer.GlobalMaxPooling;
import org.cajal.layer.GroupNormalization;
import org.cajal.layer.Heaviside;
import org.cajal.layer.Layer;
import org.cajal.layer.LayerNormalization;
import org.cajal.layer.LeakyRelu;
import org.cajal.layer.Linear;
import org.cajal.layer.LocalResponseNormalization;
import org.cajal.layer.LogSoftmax;
import org.cajal.layer.MaxPooling;
import org.cajal.layer.Maxout;
import org.cajal.layer.NoisyRelu;
import org.cajal.layer.Padding;
import org.cajal.layer.Parallel;
import org.cajal.layer.Prelu;
import org.cajal.layer.Relu;
import org.cajal.layer.Reshape;
import org.cajal.layer.Residual;
import org.cajal.layer.RmsNormalization;
import org.cajal.layer.Selu;
import org.cajal.layer.Sequential;
import org.cajal.layer.Sigmoid;
import org.cajal.layer.Sign;
import org.cajal.layer.Silu;
import org.cajal.layer.Softmax;
import org.cajal.layer.Softplus;
import org.cajal.layer.Tanh;
import org.cajal.layer.TransposedConvolution;
import org.cajal.loss.AbsoluteError;
import org.cajal.loss.BinaryCrossEntropy;
import org.cajal.loss.CrossEntropy;
import org.cajal.loss.Gaussian;
import org.cajal.loss.HalfSquaredError;
import org.cajal.loss.Hinge;
import org.cajal.loss.Huber;
import org.cajal.loss.KullbackLeibler;
import org.cajal.loss.Loss;
import org.cajal.loss.NegativeLogLikelihood;
import org.cajal.loss.Perceptron;
import org.cajal.loss.Poisson;
import org.cajal.loss.SmoothAbsoluteError;
import org.cajal.loss.SoftMargin;
import org.cajal.loss.SquaredError;
import org.cajal.loss.SquaredHinge;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * The names of layers and losses in model files. A user's own layer is saved after {@link
 * #register}.
 */
public final class Architectures {
  private static final Map<String, Class<? extends Record>> OWN = new LinkedHashMap<>();
  private static volatile Codec layers = layerCodec();
  private static final Codec LOSSES = lossCodec();

  private Architectures() {}

  private static Codec layerCodec() {
    Codec codec =
        new Codec("layer")
            .register("dense", Dense.class)
            .register("convolution", Convolution.class)
            .register("depthwiseConvolution", DepthwiseConvolution.class)
            .register("transposedConvolution", TransposedConvolution.class)
            .register("maxPooling", MaxPooling.class)
            .register("averagePooling", AveragePooling.class)
            .register("globalMaxPooling", GlobalMaxPooling.class)
            .register("globalAveragePooling", GlobalAveragePooling.class)
            .register("adaptiveMaxPooling", AdaptiveMaxPooling.class)
            .register("adaptiveAveragePooling", AdaptiveAveragePooling.class)
            .register("flatten", Flatten.class)
            .register("reshape", Reshape.class)
            .register("columns", Columns.class)
            .register("dropout", Dropout.class)
            .register("embedding", Embedding.class)
            .register("bilinear", Bilinear.class)
            .register("batchNormalization", BatchNormalization.class)
            .register("layerNormalization", LayerNormalization.class)
            .register("groupNormalization", GroupNormalization.class)
            .register("rmsNormalization", RmsNormalization.class)
            .register("localResponseNormalization", LocalResponseNormalization.class)
            .register("sequential", Sequential.class)
            .register("parallel", Parallel.class)
            .register("residual", Residual.class)
            .register("linear", Linear.class)
            .register("heaviside", Heaviside.class)
            .register("sign", Sign.class)
            .register("sigmoid", Sigmoid.class)
            .register("tanh", Tanh.class)
            .register("relu", Relu.class)
            .register("leakyRelu", LeakyRelu.class)
            .register("prelu", Prelu.class)
            .register("elu", Elu.class)
            .register("selu", Selu.class)
            .register("softplus", Softplus.class)
            .register("noisyRelu", NoisyRelu.class)
            .register("maxout", Maxout.class)
            .register("gelu", Gelu.class)
            .register("silu", Silu.class)
            .register("softmax", Softmax.class)
            .register("logSoftmax", LogSoftmax.class)
            .register("padding", Padding.class)
            .register("zeros", Zeros.class)
            .register("constant", Constant.class)
            .register("uniform", Uniform.class)
            .register("normal", Normal.class)
            .register("truncatedNormal", TruncatedNormal.class)
            .register("glorotUniform", GlorotUniform.class)
            .register("glorotNormal", GlorotNormal.class)
            .register("heUniform", HeUniform.class)
            .register("heNormal", HeNormal.class)
            .register("leCunUniform", LeCunUniform.class)
            .register("leCunNormal", LeCunNormal.class)
            .register("orthogonal", Orthogonal.class);
    OWN.forEach(codec::register);
    return codec;
  }

  private static Codec lossCodec() {
    return new Codec("loss")
        .register("crossEntropy", CrossEntropy.class)
        .register("binaryCrossEntropy", BinaryCrossEntropy.class)
        .register("negativeLogLikelihood", NegativeLogLikelihood.class)
        .register("squaredError", SquaredError.class)
        .register("halfSquaredError", HalfSquaredError.class)
        .register("absoluteError", AbsoluteError.class)
        .register("huber", Huber.class)
        .register("smoothAbsoluteError", SmoothAbsoluteError.class)
        .register("perceptron", Perceptron.class)
        .register("hinge", Hinge.class)
        .register("squaredHinge", SquaredHinge.class)
        .register("softMargin", SoftMargin.class)
        .register("kullbackLeibler", KullbackLeibler.class)
        .register("poisson", Poisson.class)
        .register("gaussian", Gaussian.class);
  }

  /**
   * Lets models with a layer of the user's own be saved and loaded. Call it before either, in each
   * program.
   *
   * @param name what files call it; a text that no other layer has
   * @param type a public record that implements {@link Layer}
   * @throws IllegalArgumentException if name or type are in use, or a component has no form in a
   *     file
   */
  public static synchronized <L extends Record & Layer> void register(String name, Class<L> type) {
    OWN.put(name, type);
    try {
      layers = layerCodec();
    } catch (IllegalArgumentException e) {
      OWN.remove(name, type);
      throw e;
    }
  }

  /**
   * A layer as plain data for JSON.
   *
   * @throws CajalException if a layer in it is no record or has no name in files
   */
  public static Map<String, @Nullable Object> encode(Layer layer) {
    return layers.encode(record("layer", layer));
  }

  /** Whether a layer has a name in files. */
  static boolean isRegistered(Layer layer) {
    return layers.isRegistered(layer.getClass());
  }

  /** A loss as plain data for JSON. */
  static Map<String, @Nullable Object> encode(Loss loss) {
    return LOSSES.encode(record("loss", loss));
  }

  private static Record record(String family, Object value) {
    if (value instanceof Record record) {
      return record;
    }
    throw new CajalException(
        "["
            + family
            + "] a "
            + value.getClass().getSimpleName()
            + " is no record and cannot be saved; write it as a record");
  }

  /**
   * The layer that plain data describes.
   *
   * @throws CajalException if it is not exactly what {@link #encode(Layer)} gives
   */
  public static Layer layer(JsonObject data) {
    return layers.decode(data, Layer.class);
  }

  static Loss loss(JsonObject data) {
    return LOSSES.decode(data, Loss.class);
  }
}
