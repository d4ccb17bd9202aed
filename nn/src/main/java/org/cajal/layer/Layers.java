package org.cajal.layer;

import java.util.Arrays;
import java.util.List;
import org.cajal.init.Initializer;

/**
 * Short names for the usual layers.
 *
 * <pre>{@code
 * Layer mlp = Layers.sequential(Layers.flatten(), Layers.dense(128), Layers.relu(), Layers.dense(10));
 * }</pre>
 */
public final class Layers {
  private Layers() {}

  /** Layers one after the other. */
  public static Sequential sequential(Layer... layers) {
    return new Sequential(Arrays.asList(layers));
  }

  /** {@link Dense} with a bias and Glorot's uniform start. */
  public static Dense dense(int units) {
    return dense(units, Initializer.glorotUniform());
  }

  /** {@link Dense} with a bias. */
  public static Dense dense(int units, Initializer weights) {
    return new Dense(units, true, weights);
  }

  /** {@link Flatten}. */
  public static Flatten flatten() {
    return new Flatten();
  }

  /** {@link Reshape} of each sample; one size may be −1. */
  public static Reshape reshape(Integer... dims) {
    return new Reshape(List.of(dims));
  }

  /** {@link Dropout}. */
  public static Dropout dropout(double rate) {
    return new Dropout(rate);
  }

  /** {@link Linear}, the identity. */
  public static Linear linear() {
    return new Linear();
  }

  /** {@link Heaviside}: forward only. */
  public static Heaviside heaviside() {
    return new Heaviside();
  }

  /** {@link Sign}: forward only. */
  public static Sign sign() {
    return new Sign();
  }

  /** {@link Sigmoid}. */
  public static Sigmoid sigmoid() {
    return new Sigmoid();
  }

  /** {@link Tanh}. */
  public static Tanh tanh() {
    return new Tanh();
  }

  /** {@link Relu}. */
  public static Relu relu() {
    return new Relu();
  }

  /** {@link Softmax} along the last axis. */
  public static Softmax softmax() {
    return new Softmax(-1);
  }

  /** {@link LogSoftmax} along the last axis. */
  public static LogSoftmax logSoftmax() {
    return new LogSoftmax(-1);
  }

  /** {@link LeakyRelu} with slope 0.01. */
  public static LeakyRelu leakyRelu() {
    return new LeakyRelu(0.01);
  }

  /** {@link Prelu} with one weight for each channel, from 0.25. */
  public static Prelu prelu() {
    return new Prelu(0.25, true);
  }

  /** {@link Elu} with α = 1. */
  public static Elu elu() {
    return new Elu(1);
  }

  /** {@link Selu}. */
  public static Selu selu() {
    return new Selu();
  }

  /** {@link Softplus} with β = 1. */
  public static Softplus softplus() {
    return new Softplus(1);
  }

  /** {@link NoisyRelu}. */
  public static NoisyRelu noisyRelu() {
    return new NoisyRelu();
  }

  /** {@link Maxout}. */
  public static Maxout maxout(int pieces) {
    return new Maxout(pieces);
  }

  /** {@link Gelu}, exact. */
  public static Gelu gelu() {
    return new Gelu(Gelu.Form.EXACT);
  }

  /** {@link Silu}. */
  public static Silu silu() {
    return new Silu();
  }

  /**
   * {@link Convolution} with stride 1, no padding, a bias and He's uniform start.
   *
   * @param kernel one number for each spatial axis, or one for all
   */
  public static Convolution convolution(int filters, Integer... kernel) {
    return new Convolution(
        filters,
        List.of(kernel),
        List.of(1),
        Padding.valid(),
        List.of(1),
        1,
        true,
        Initializer.heUniform());
  }

  /**
   * {@link DepthwiseConvolution} with one filter for each channel, stride 1, no padding, a bias and
   * He's uniform start.
   *
   * @param kernel one number for each spatial axis, or one for all
   */
  public static DepthwiseConvolution depthwiseConvolution(Integer... kernel) {
    return new DepthwiseConvolution(
        1, List.of(kernel), List.of(1), Padding.valid(), List.of(1), true, Initializer.heUniform());
  }

  /**
   * {@link TransposedConvolution} with stride 1, no padding, a bias and He's uniform start.
   *
   * @param kernel one number for each spatial axis, or one for all
   */
  public static TransposedConvolution transposedConvolution(int filters, Integer... kernel) {
    return new TransposedConvolution(
        filters,
        List.of(kernel),
        List.of(1),
        Padding.valid(),
        List.of(0),
        List.of(1),
        1,
        true,
        Initializer.heUniform());
  }

  /** {@link MaxPooling} of windows side by side, without padding. */
  public static MaxPooling maxPooling(Integer... kernel) {
    return new MaxPooling(List.of(kernel), List.of(kernel), Padding.valid(), false);
  }

  /** {@link AveragePooling} of windows side by side, without padding. */
  public static AveragePooling averagePooling(Integer... kernel) {
    return new AveragePooling(List.of(kernel), List.of(kernel), Padding.valid(), false, true);
  }

  /** {@link GlobalAveragePooling}. */
  public static GlobalAveragePooling globalAveragePooling() {
    return new GlobalAveragePooling();
  }

  /** {@link GlobalMaxPooling}. */
  public static GlobalMaxPooling globalMaxPooling() {
    return new GlobalMaxPooling();
  }

  /** {@link AdaptiveAveragePooling} to the given spatial sizes. */
  public static AdaptiveAveragePooling adaptiveAveragePooling(Integer... sizes) {
    return new AdaptiveAveragePooling(List.of(sizes));
  }

  /** {@link AdaptiveMaxPooling} to the given spatial sizes. */
  public static AdaptiveMaxPooling adaptiveMaxPooling(Integer... sizes) {
    return new AdaptiveMaxPooling(List.of(sizes));
  }

  /** {@link BatchNormalization} with momentum 0.1 and ε 1e-5. */
  public static BatchNormalization batchNormalization() {
    return new BatchNormalization(0.1, 1e-5, true);
  }

  /** {@link LayerNormalization} over the last axis, ε 1e-5. */
  public static LayerNormalization layerNormalization() {
    return new LayerNormalization(1, 1e-5, true);
  }

  /** {@link GroupNormalization}, ε 1e-5. */
  public static GroupNormalization groupNormalization(int groups) {
    return new GroupNormalization(groups, 1e-5, true);
  }

  /**
   * {@link GroupNormalization} with one group for each channel, ε 1e-5, without scale and shift.
   */
  public static GroupNormalization instanceNormalization() {
    return new GroupNormalization(GroupNormalization.EACH_CHANNEL, 1e-5, false);
  }

  /** {@link RmsNormalization} over the last axis, ε 1e-5. */
  public static RmsNormalization rmsNormalization() {
    return new RmsNormalization(1, 1e-5, true);
  }

  /**
   * {@link LocalResponseNormalization} with the settings of AlexNet but α for the mean: size 5, α
   * 1e-4, β 0.75, k 2.
   */
  public static LocalResponseNormalization localResponseNormalization() {
    return new LocalResponseNormalization(5, 1e-4, 0.75, 2);
  }

  /** {@link Embedding} without padding index, from normal numbers of standard deviation 1/√size. */
  public static Embedding embedding(int count, int size) {
    return new Embedding(count, size, Embedding.NO_PADDING, Initializer.leCunNormal());
  }

  /** {@link PositionEmbedding} from normal numbers of standard deviation 1/√size. */
  public static PositionEmbedding positionEmbedding(int length) {
    return new PositionEmbedding(length, Initializer.leCunNormal());
  }

  /** {@link SinusoidalPositions} of base 10000. */
  public static SinusoidalPositions sinusoidalPositions() {
    return new SinusoidalPositions(10_000);
  }

  /** {@link Recurrent} with {@link RecurrentCell#TANH}: see {@link #recurrent}. */
  public static Recurrent simpleRnn(int units) {
    return recurrent(RecurrentCell.TANH, units);
  }

  /** {@link Recurrent} with {@link RecurrentCell#LSTM}: see {@link #recurrent}. */
  public static Recurrent lstm(int units) {
    return recurrent(RecurrentCell.LSTM, units);
  }

  /** {@link Recurrent} with {@link RecurrentCell#GRU}: see {@link #recurrent}. */
  public static Recurrent gru(int units) {
    return recurrent(RecurrentCell.GRU, units);
  }

  /**
   * {@link Recurrent} of one layer, forwards, that gives the outputs of all steps; with biases,
   * Glorot's uniform start and an orthogonal one of the recurrence.
   */
  public static Recurrent recurrent(RecurrentCell cell, int units) {
    return new Recurrent(
        cell,
        units,
        1,
        false,
        true,
        0,
        true,
        Initializer.glorotUniform(),
        Initializer.orthogonal());
  }

  /** {@link MultiHeadAttention} of all steps, with biases and Glorot's uniform start. */
  public static MultiHeadAttention multiHeadAttention(int heads) {
    return new MultiHeadAttention(heads, false, true, true, 0, Initializer.glorotUniform());
  }

  /** {@link TransformerBlock} with the norm first, GELU and no dropout. */
  public static TransformerBlock transformerBlock(MultiHeadAttention attention, int hidden) {
    return new TransformerBlock(attention, hidden, gelu(), true, 0);
  }

  /** {@link Columns} of the last axis. */
  public static Columns columns(int from, int to) {
    return new Columns(from, to);
  }

  /** {@link EnsembleDense}. */
  public static EnsembleDense ensembleDense(int members, int units, Initializer weights) {
    return new EnsembleDense(members, units, weights);
  }

  /** {@link EnsembleMean} whose members learn each by itself. */
  public static EnsembleMean ensembleMean() {
    return new EnsembleMean(false);
  }

  /** {@link Bilinear} with a bias and Glorot's uniform start. */
  public static Bilinear bilinear(int units) {
    return new Bilinear(units, true, Initializer.glorotUniform());
  }

  /** {@link Residual} around layers one after the other, with the identity as its shortcut. */
  public static Residual residual(Layer... inner) {
    return new Residual(inner.length == 1 ? inner[0] : sequential(inner), linear());
  }

  /** {@link Parallel} branches whose outputs are concatenated along axis 1. */
  public static Parallel concatenate(Layer... branches) {
    return new Parallel(Arrays.asList(branches), Parallel.Merge.CONCATENATE, 1);
  }

  /** {@link Parallel} branches whose outputs are added. */
  public static Parallel sum(Layer... branches) {
    return new Parallel(Arrays.asList(branches), Parallel.Merge.SUM, 1);
  }
}
