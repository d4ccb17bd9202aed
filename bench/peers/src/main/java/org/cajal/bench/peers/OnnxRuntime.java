package org.cajal.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import org.cajal.app.bench.Workload;

/**
 * ONNX Runtime: prediction only. Its native library ends the process if the command line has more
 * than 4,096 characters, so the class path must be short: {@code 'bench/peers/target/peers/*'}.
 */
final class OnnxRuntime implements Peer {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final int threads;

  OnnxRuntime(int threads) {
    this.threads = threads;
  }

  @Override
  public String name() {
    return "onnxruntime-1.29.0";
  }

  @Override
  public Ready training(Workload work) {
    throw cannot(work, "it predicts only");
  }

  @Override
  public Ready prediction(Workload work) {
    OnnxModel model = OnnxModel.of(this, work);
    float[] row = Peer.firstRow(work);
    long[] dims = Arrays.stream(work.inputs().shape().toArray()).asLongStream().toArray();
    dims[0] = 1;
    try {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      OrtSession session = environment.createSession(model.bytes(), options);
      return new Ready() {
        @Override
        public long parameters() {
          return model.parameters();
        }

        @Override
        public void run() {
          try (OnnxTensor x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(row), dims);
              OrtSession.Result result = session.run(Map.of("x", x))) {
            ((OnnxTensor) result.get(0)).getFloatBuffer();
          } catch (OrtException e) {
            throw new IllegalStateException(e);
          }
        }
      };
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
