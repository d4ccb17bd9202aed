package org.cajal.testkit.golden;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cajal.metric.Average;
import org.cajal.metric.ClassScores;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.metric.RegressionErrors;
import org.cajal.metric.ThresholdCurve;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Metrics against golden values. */
final class MetricGoldenTest {
  private static final GoldenReport REPORT = new GoldenReport("metrics");

  @TestFactory
  Stream<DynamicTest> metrics() {
    GoldenMapping mapping =
        new GoldenMapping()
            .on("classification", MetricGoldenTest::classification)
            .on("binary_scores", MetricGoldenTest::binaryScores)
            .on("roc_points", MetricGoldenTest::rocPoints)
            .on("probability_scores", MetricGoldenTest::probabilityScores)
            .on("regression", MetricGoldenTest::regression);
    return GoldenTests.of("12_metrics.safetensors", mapping, REPORT);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(REPORT);
  }

  private static NDArray scalar(double value) {
    return NDArray.scalar(DType.F64, value);
  }

  private static GoldenResult classification(GoldenCase golden) {
    int classes = golden.args().integer("classes");
    ConfusionMatrix matrix =
        ConfusionMatrix.of(golden.input("y").toInts(), golden.input("p").toInts(), classes);
    Map<String, NDArray> values = new HashMap<>();
    values.put("accuracy", scalar(matrix.accuracy()));
    values.put("balanced_accuracy", scalar(matrix.balancedAccuracy()));
    values.put("mcc", scalar(matrix.matthewsCorrelation()));
    values.put("kappa", scalar(matrix.cohensKappa()));
    values.put("kappa_linear", scalar(matrix.cohensKappa(ConfusionMatrix.Disagreement.LINEAR)));
    values.put(
        "kappa_quadratic", scalar(matrix.cohensKappa(ConfusionMatrix.Disagreement.QUADRATIC)));
    values.put("fbeta2", scalar(matrix.fBeta(Average.MACRO, 2)));
    values.put("jaccard_macro", scalar(matrix.jaccard(Average.MACRO)));
    values.put("precision", each(classes, matrix::precision));
    values.put("recall", each(classes, matrix::recall));
    values.put("f1", each(classes, matrix::f1));
    values.put("precision_micro", scalar(matrix.precision(Average.MICRO)));
    values.put("precision_macro", scalar(matrix.precision(Average.MACRO)));
    values.put("precision_weighted", scalar(matrix.precision(Average.WEIGHTED)));
    values.put("recall_micro", scalar(matrix.recall(Average.MICRO)));
    values.put("recall_macro", scalar(matrix.recall(Average.MACRO)));
    values.put("recall_weighted", scalar(matrix.recall(Average.WEIGHTED)));
    values.put("f1_micro", scalar(matrix.f1(Average.MICRO)));
    values.put("f1_macro", scalar(matrix.f1(Average.MACRO)));
    values.put("f1_weighted", scalar(matrix.f1(Average.WEIGHTED)));
    long[] counts = new long[classes * classes];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = matrix.count(i / classes, i % classes);
    }
    values.put("confusion", NDArray.of(counts, Shape.of(classes, classes)));
    return GoldenResult.of(DType.F64, values);
  }

  private static NDArray each(int classes, IntToDoubleFunction ofClass) {
    return NDArray.of(
        IntStream.range(0, classes).mapToDouble(ofClass).toArray(), Shape.of(classes));
  }

  private static GoldenResult binaryScores(GoldenCase golden) {
    int[] actual = golden.input("y").toInts();
    double[] scores = golden.input("score").toDoubles();
    ThresholdCurve curve = ThresholdCurve.of(actual, scores);
    int[] predicted =
        IntStream.range(0, scores.length).map(i -> scores[i] >= 0.5 ? 1 : 0).toArray();
    ConfusionMatrix matrix = ConfusionMatrix.of(actual, predicted, 2);
    return GoldenResult.of(
        DType.F64,
        Map.of(
            "roc_auc", scalar(curve.rocArea()),
            "average_precision", scalar(curve.averagePrecision()),
            "pr_auc_trapezoid", scalar(curve.precisionRecallArea()),
            "best_f1", scalar(curve.bestF1().f1()),
            "accuracy", scalar(matrix.accuracy()),
            "precision", scalar(matrix.precision(1)),
            "recall", scalar(matrix.recall(1)),
            "f1", scalar(matrix.f1(1)),
            "mcc", scalar(matrix.matthewsCorrelation())));
  }

  private static GoldenResult rocPoints(GoldenCase golden) {
    ThresholdCurve.Points roc =
        ThresholdCurve.of(golden.input("y").toInts(), golden.input("score").toFloats()).roc();
    return GoldenResult.of(
        DType.F64,
        Map.of(
            "fpr", NDArray.of(roc.x(), Shape.of(roc.x().length)),
            "tpr", NDArray.of(roc.y(), Shape.of(roc.y().length))));
  }

  private static GoldenResult probabilityScores(GoldenCase golden) {
    int[] actual = golden.input("y").toInts();
    NDArray probabilities = golden.input("prob");
    int classes = probabilities.shape().dim(1);
    Map<String, NDArray> values = new HashMap<>();
    values.put("log_loss", scalar(ClassScores.logLoss(actual, probabilities)));
    values.put("brier", scalar(ClassScores.brier(actual, probabilities)));
    values.put("accuracy", scalar(ClassScores.accuracy(actual, probabilities)));
    values.put(
        "roc_auc_ovr_macro",
        scalar(ClassScores.rocAreaOneVsRest(actual, probabilities, Average.MACRO)));
    values.put(
        "roc_auc_ovr_weighted",
        scalar(ClassScores.rocAreaOneVsRest(actual, probabilities, Average.WEIGHTED)));
    values.put("roc_auc_ovo_macro", scalar(ClassScores.rocAreaOneVsOne(actual, probabilities)));
    values.put(
        "average_precision_macro",
        scalar(ClassScores.averagePrecision(actual, probabilities, Average.MACRO)));
    values.put("topk", each(classes, k -> ClassScores.topK(actual, probabilities, k + 1)));
    double[] second =
        IntStream.range(0, actual.length)
            .mapToDouble(i -> probabilities.get((long) i * classes + 1))
            .toArray();
    if (classes == 2) {
      values.put("roc_auc", scalar(ThresholdCurve.of(actual, second).rocArea()));
    }
    return GoldenResult.of(DType.F64, values);
  }

  private static GoldenResult regression(GoldenCase golden) {
    RegressionErrors errors = RegressionErrors.of(golden.input("y"), golden.input("p"));
    return GoldenResult.of(
        DType.F64,
        Map.of(
            "mse", scalar(errors.meanSquaredError()),
            "rmse", scalar(errors.rootMeanSquaredError()),
            "mae", scalar(errors.meanAbsoluteError()),
            "r2", scalar(errors.r2()),
            "explained_variance", scalar(errors.explainedVariance()),
            "median_ae", scalar(errors.medianAbsoluteError()),
            "max_error", scalar(errors.maxError())));
  }
}
