package org.cajal.bench.peers;

import java.util.Arrays;
import org.cajal.app.bench.Workload;
import org.cajal.layer.Layer;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/** A framework that can do some of the workloads. */
interface Peer {
  /** A network that is ready to work. */
  interface Ready {
    /** The number of learned numbers. */
    long parameters();

    /** One training step on the whole batch, or one prediction: arrays in, arrays out. */
    void run();
  }

  /** Its name and version. */
  String name();

  /**
   * The training step of a workload.
   *
   * @throws CajalException if the framework cannot do it
   */
  Ready training(Workload work);

  /**
   * The prediction of the first row of a workload.
   *
   * @throws CajalException if the framework cannot do it
   */
  Ready prediction(Workload work);

  /** What a framework says to what it cannot do. */
  default CajalException cannot(Workload work, String what) {
    return new CajalException("[peers] " + name() + " does not do " + work.name() + ": " + what);
  }

  /** The same for a layer. */
  default CajalException cannot(Workload work, Layer layer) {
    return cannot(work, "no counterpart of " + layer);
  }

  /** The numbers of an array in single precision. */
  static float[] floats(NDArray array) {
    float[] numbers = new float[Math.toIntExact(array.shape().size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) array.get(i);
    }
    return numbers;
  }

  /** The first row of the inputs. */
  static float[] firstRow(Workload work) {
    float[] all = floats(work.inputs());
    return Arrays.copyOf(all, all.length / work.batch());
  }
}
