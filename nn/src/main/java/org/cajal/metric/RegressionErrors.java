package org.cajal.metric;

import java.util.Arrays;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * How far predicted numbers are from true ones. With several outputs each number but the largest
 * error is the mean over outputs.
 *
 * @param meanSquaredError the mean of (p − y)², in squared units of the target
 * @param rootMeanSquaredError its square root, in units of the target (the mean of the outputs'
 *     roots)
 * @param meanAbsoluteError the mean of |p − y|
 * @param medianAbsoluteError the median of |p − y|: half of the errors are smaller
 * @param maxError the largest |p − y| of all
 * @param r2 the coefficient of determination, 1 − Σ(y − p)² / Σ(y − ȳ)²: 1 is perfect, 0 is no
 *     better than the mean. Where the true values are all equal it is 1 if they are met and else 0
 * @param explainedVariance 1 − Var(y − p) / Var(y), which forgives a constant offset; where the
 *     true values are all equal it is 1 if the error is constant and else 0
 */
public record RegressionErrors(
    double meanSquaredError,
    double rootMeanSquaredError,
    double meanAbsoluteError,
    double medianAbsoluteError,
    double maxError,
    double r2,
    double explainedVariance) {

  /**
   * Compares one number for each sample.
   *
   * @throws CajalException if the lengths differ or there are no samples
   */
  public static RegressionErrors of(double[] actual, double[] predicted) {
    Checks.sameLength(actual.length, "true values", predicted.length, "predicted values");
    Checks.notEmpty(actual.length);
    return ofOutput(actual, predicted);
  }

  /**
   * Compares one or more numbers for each sample.
   *
   * @param actual true values, [N] or [N, outputs]
   * @param predicted predicted values, of the same shape
   * @throws CajalException if the shapes differ, have another rank, or there are no samples
   */
  public static RegressionErrors of(NDArray actual, NDArray predicted) {
    Shape shape = actual.shape();
    if (!shape.equals(predicted.shape())) {
      throw new CajalException(
          "[metric] true values have the shape "
              + shape
              + ", predicted ones "
              + predicted.shape()
              + "; they must agree");
    }
    if (shape.rank() != 1 && shape.rank() != 2) {
      throw new CajalException(
          "[metric] values have the shape "
              + shape
              + "; [samples] or [samples, outputs] is expected");
    }
    Checks.notEmpty(actual.size());
    int outputs = shape.rank() == 1 ? 1 : shape.dim(1);
    RegressionErrors[] each = new RegressionErrors[outputs];
    for (int k = 0; k < outputs; k++) {
      each[k] = ofOutput(column(actual, k, outputs), column(predicted, k, outputs));
    }
    return outputs == 1 ? each[0] : mean(each);
  }

  private static double[] column(NDArray values, int k, int outputs) {
    double[] column = new double[values.shape().dim(0)];
    for (int i = 0; i < column.length; i++) {
      column[i] = values.get((long) i * outputs + k);
    }
    return column;
  }

  private static RegressionErrors mean(RegressionErrors[] each) {
    double[] sums = new double[7];
    double max = 0;
    for (RegressionErrors e : each) {
      sums[0] += e.meanSquaredError;
      sums[1] += e.rootMeanSquaredError;
      sums[2] += e.meanAbsoluteError;
      sums[3] += e.medianAbsoluteError;
      sums[4] += e.r2;
      sums[5] += e.explainedVariance;
      max = Math.max(max, e.maxError);
    }
    double n = each.length;
    return new RegressionErrors(
        sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n, max, sums[4] / n, sums[5] / n);
  }

  private static RegressionErrors ofOutput(double[] actual, double[] predicted) {
    int n = actual.length;
    double[] absolute = new double[n];
    double squared = 0;
    double offset = 0;
    double mean = 0;
    for (int i = 0; i < n; i++) {
      double error = predicted[i] - actual[i];
      absolute[i] = Math.abs(error);
      squared += error * error;
      offset += error / n;
      mean += actual[i] / n;
    }
    double variation = 0;
    double errorVariation = 0;
    for (int i = 0; i < n; i++) {
      variation += (actual[i] - mean) * (actual[i] - mean);
      double error = predicted[i] - actual[i] - offset;
      errorVariation += error * error;
    }
    double absoluteMean = Arrays.stream(absolute).sum() / n;
    Arrays.sort(absolute);
    double median = n % 2 == 1 ? absolute[n / 2] : (absolute[n / 2 - 1] + absolute[n / 2]) / 2;
    return new RegressionErrors(
        squared / n,
        Math.sqrt(squared / n),
        absoluteMean,
        median,
        absolute[n - 1],
        explained(squared, variation),
        explained(errorVariation, variation));
  }

  private static double explained(double rest, double whole) {
    if (whole == 0) {
      return rest == 0 ? 1 : 0;
    }
    return 1 - rest / whole;
  }
}
