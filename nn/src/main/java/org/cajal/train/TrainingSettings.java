package org.cajal.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cajal.optim.Adam;
import org.cajal.optim.Clipping;
import org.cajal.optim.MaxNorm;
import org.cajal.optim.Optimizer;
import org.cajal.type.CajalException;

/**
 * How to train. Together with the network and the rows it decides the weights to the bit, whatever
 * the number of threads.
 *
 * @param epochs passes over the training rows, at least 1
 * @param batchSize rows in a step; 0 for all rows at once
 * @param seed of initial weights, split, order of rows, dropout and noise
 * @param shuffle whether each epoch has an order of its own
 * @param optimizer the rule of the steps
 * @param learningRate how the rate goes
 * @param clipping what is done to gradients first
 * @param l1 λ of the penalty λ·Σ|w| on weights, not biases; 0 for none
 * @param l2 λ of the penalty ½·λ·Σ w² on weights, not biases; 0 for none
 * @param maxNorm a bound on the weights that enter a neuron
 * @param classWeights how much a row of each class counts; empty for 1
 * @param balanced whether rows count by the inverse of their class's frequency, N / (classes ·
 *     count); excludes class weights
 * @param validation the share of the training rows that is held back for validation, stratified by
 *     class; 0 for none
 * @param earlyStopping when to end before the last epoch, with the best epoch's weights
 * @param prefetch whether batches are gathered on a thread of their own; never changes a result
 */
public record TrainingSettings(
    int epochs,
    int batchSize,
    long seed,
    boolean shuffle,
    Optimizer optimizer,
    LearningRate learningRate,
    Clipping clipping,
    double l1,
    double l2,
    Optional<MaxNorm> maxNorm,
    List<Double> classWeights,
    boolean balanced,
    double validation,
    Optional<EarlyStopping> earlyStopping,
    boolean prefetch) {

  /**
   * Checks the settings.
   *
   * @throws CajalException if a number is out of range
   */
  public TrainingSettings {
    classWeights = List.copyOf(classWeights);
    if (epochs < 1) {
      throw new CajalException("[train] " + epochs + " epochs; at least 1 is needed");
    }
    if (batchSize < 0) {
      throw new CajalException(
          "[train] the batch size is "
              + batchSize
              + "; it must be 1 or larger, or 0 for all rows at once");
    }
    notNegative("the L1 penalty", l1);
    notNegative("the L2 penalty", l2);
    classWeights.forEach(w -> notNegative("a class weight", w));
    if (!(validation >= 0 && validation < 1)) {
      throw new CajalException(
          "[train] the validation share is "
              + validation
              + "; it must be at least 0 and less than 1");
    }
    if (balanced && !classWeights.isEmpty()) {
      throw new CajalException(
          "[train] class weights are given and computed at once; choose one of them");
    }
  }

  private static void notNegative(String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "[train] " + what + " is " + value + "; it must be 0 or larger, and finite");
    }
  }

  /**
   * Settings to change: 20 epochs, batches of 64, seed 0, shuffled, Adam at its usual rate, nothing
   * else.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that begins with these settings. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.epochs = epochs;
    b.batchSize = batchSize;
    b.seed = seed;
    b.shuffle = shuffle;
    b.optimizer = optimizer;
    b.learningRate = Optional.of(learningRate);
    b.clipping = clipping;
    b.l1 = l1;
    b.l2 = l2;
    b.maxNorm = maxNorm;
    b.classWeights = classWeights;
    b.balanced = balanced;
    b.validation = validation;
    b.earlyStopping = earlyStopping;
    b.prefetch = prefetch;
    return b;
  }

  /** What reports and files say, by name, in order; only what is set. */
  public Map<String, String> describe() {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("epochs", Integer.toString(epochs));
    out.put("batch size", batchSize == 0 ? "all rows" : Integer.toString(batchSize));
    out.put("seed", Long.toString(seed));
    if (!shuffle) {
      out.put("shuffle", "no");
    }
    out.put("optimizer", optimizer.toString());
    out.put(
        "learning rate",
        learningRate instanceof LearningRate.Constant c
            ? Double.toString(c.rate())
            : learningRate.toString());
    if (!clipping.equals(Clipping.none())) {
      out.put("clipping", clipping.toString());
    }
    if (l1 != 0) {
      out.put("L1 penalty", Double.toString(l1));
    }
    if (l2 != 0) {
      out.put("L2 penalty", Double.toString(l2));
    }
    maxNorm.ifPresent(m -> out.put("max norm", Double.toString(m.limit())));
    if (!classWeights.isEmpty() || balanced) {
      out.put("class weights", balanced ? "balanced" : classWeights.toString());
    }
    if (validation != 0) {
      out.put("validation", Double.toString(validation));
    }
    earlyStopping.ifPresent(
        e ->
            out.put(
                "early stopping",
                (e.monitor() == EarlyStopping.Monitor.LOSS ? "loss" : "accuracy")
                    + ", patience "
                    + e.patience()
                    + (e.minimumChange() == 0 ? "" : ", minimum change " + e.minimumChange())));
    return out;
  }

  /** Collects settings; each method answers the builder itself. */
  public static final class Builder {
    private int epochs = 20;
    private int batchSize = 64;
    private long seed;
    private boolean shuffle = true;
    private Optimizer optimizer = new Adam();
    private Optional<LearningRate> learningRate = Optional.empty();
    private Clipping clipping = Clipping.none();
    private double l1;
    private double l2;
    private Optional<MaxNorm> maxNorm = Optional.empty();
    private List<Double> classWeights = List.of();
    private boolean balanced;
    private double validation;
    private Optional<EarlyStopping> earlyStopping = Optional.empty();
    private boolean prefetch = true;

    private Builder() {}

    /** Passes over the training rows. */
    public Builder epochs(int number) {
      epochs = number;
      return this;
    }

    /** Rows in a step; 0 for all rows at once. */
    public Builder batchSize(int rows) {
      batchSize = rows;
      return this;
    }

    /** The seed of all randomness. */
    public Builder seed(long number) {
      seed = number;
      return this;
    }

    /** Whether each epoch has an order of its own. */
    public Builder shuffle(boolean yes) {
      shuffle = yes;
      return this;
    }

    /** The rule of the steps. */
    public Builder optimizer(Optimizer rule) {
      optimizer = rule;
      return this;
    }

    /** One learning rate; without it the optimiser's usual one. */
    public Builder learningRate(double rate) {
      return learningRate(LearningRate.constant(rate));
    }

    /** How the learning rate goes. */
    public Builder learningRate(LearningRate course) {
      learningRate = Optional.of(course);
      return this;
    }

    /** What is done to gradients before the optimiser sees them. */
    public Builder clipping(Clipping rule) {
      clipping = rule;
      return this;
    }

    /** λ of the penalty λ·Σ|w|. */
    public Builder l1(double lambda) {
      l1 = lambda;
      return this;
    }

    /** λ of the penalty ½·λ·Σ w². */
    public Builder l2(double lambda) {
      l2 = lambda;
      return this;
    }

    /** A bound on the weights that enter a neuron. */
    public Builder maxNorm(double limit) {
      maxNorm = Optional.of(new MaxNorm(limit));
      return this;
    }

    /** How much a row of each class counts. */
    public Builder classWeights(List<Double> weights) {
      classWeights = weights;
      return this;
    }

    /** Rows count by the inverse of their class's frequency. */
    public Builder balanced(boolean yes) {
      balanced = yes;
      return this;
    }

    /** The share of the training rows that is held back for validation. */
    public Builder validation(double share) {
      validation = share;
      return this;
    }

    /** Ends by the validation loss, with the best epoch's weights. */
    public Builder earlyStopping(int patience) {
      return earlyStopping(EarlyStopping.after(patience));
    }

    /** When to end early. */
    public Builder earlyStopping(EarlyStopping rule) {
      earlyStopping = Optional.of(rule);
      return this;
    }

    /** Trains all epochs and keeps the last weights. */
    public Builder withoutEarlyStopping() {
      earlyStopping = Optional.empty();
      return this;
    }

    /** Whether batches are gathered on a thread of their own. */
    public Builder prefetch(boolean yes) {
      prefetch = yes;
      return this;
    }

    /**
     * The settings.
     *
     * @throws CajalException if one is out of range
     */
    public TrainingSettings build() {
      return new TrainingSettings(
          epochs,
          batchSize,
          seed,
          shuffle,
          optimizer,
          learningRate.orElseGet(() -> LearningRate.constant(optimizer.defaultLearningRate())),
          clipping,
          l1,
          l2,
          maxNorm,
          classWeights,
          balanced,
          validation,
          earlyStopping,
          prefetch);
    }
  }
}
