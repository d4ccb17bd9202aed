package org.cajal.bench.peers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cajal.app.bench.Workload;
import org.cajal.layer.AveragePooling;
import org.cajal.layer.Convolution;
import org.cajal.layer.Dense;
import org.cajal.layer.Dropout;
import org.cajal.layer.Flatten;
import org.cajal.layer.Layer;
import org.cajal.layer.MaxPooling;
import org.cajal.layer.Relu;
import org.cajal.layer.Sequential;
import org.cajal.layer.Tanh;
import org.cajal.type.CounterRandom;

/**
 * A workload's network for one row as an ONNX file (https://onnx.ai, operator set 13), with random
 * weights. The bytes are protocol buffers: a field is its number and kind, then its value.
 *
 * @param bytes the file
 * @param parameters the number of learned numbers
 */
@SuppressWarnings("ArrayRecordComponent")
record OnnxModel(byte[] bytes, long parameters) {
  private static final int FLOAT = 1;
  private static final int INT_ATTRIBUTE = 2;
  private static final int INTS_ATTRIBUTE = 7;

  /** The network of a workload. */
  static OnnxModel of(Peer peer, Workload work) {
    if (!(work.network() instanceof Sequential network)) {
      throw peer.cannot(work, work.network());
    }
    Writer writer = new Writer(work.inputs().shape().toArray());
    for (Layer layer : network.layers()) {
      switch (layer) {
        case Dense dense -> writer.dense(dense.units());
        case Relu relu -> writer.node("Relu");
        case Tanh tanh -> writer.node("Tanh");
        case Dropout dropout -> {} // nothing in prediction
        case Flatten flatten -> writer.flatten();
        case MaxPooling pool -> writer.pool("MaxPool", pool.kernel().get(0), pool.stride().get(0));
        case AveragePooling pool ->
            writer.pool("AveragePool", pool.kernel().get(0), pool.stride().get(0));
        case Convolution convolution ->
            writer.convolution(
                convolution.filters(),
                convolution.kernel().get(0),
                convolution.padding().before().isEmpty()
                    ? 0
                    : convolution.padding().before().get(0));
        default -> throw peer.cannot(work, layer);
      }
    }
    return writer.model();
  }

  /** A message of fields. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private void varint(long value) {
      long rest = value;
      while (rest >= 0x80) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.out.toByteArray());
    }

    byte[] toBytes() {
      return out.toByteArray();
    }
  }

  /** Nodes and weights so far, and the shape that the last node answers. */
  private static final class Writer {
    private final Message graph = new Message().text(2, "network");
    private final int[] input;
    private int[] shape;
    private String last = "x";
    private int count;
    private long parameters;

    Writer(int[] dims) {
      input = dims.clone();
      input[0] = 1;
      shape = input.clone();
    }

    void dense(int units) {
      String weight = weights(shape[1], units);
      String bias = weights(units);
      node("Gemm", List.of(weight, bias), List.of());
      shape = new int[] {1, units};
    }

    void convolution(int filters, int kernel, int padding) {
      String weight = weights(filters, shape[1], kernel, kernel);
      String bias = weights(filters);
      node(
          "Conv",
          List.of(weight, bias),
          List.of(
              integers("kernel_shape", kernel, kernel),
              integers("pads", padding, padding, padding, padding)));
      int less = kernel - 1 - 2 * padding;
      shape = new int[] {1, filters, shape[2] - less, shape[3] - less};
    }

    void pool(String type, int kernel, int stride) {
      node(
          type,
          List.of(),
          List.of(integers("kernel_shape", kernel, kernel), integers("strides", stride, stride)));
      shape =
          new int[] {
            1, shape[1], (shape[2] - kernel) / stride + 1, (shape[3] - kernel) / stride + 1
          };
    }

    void flatten() {
      node(
          "Flatten",
          List.of(),
          List.of(new Message().text(1, "axis").number(3, 1).number(20, INT_ATTRIBUTE)));
      shape = new int[] {1, shape[1] * shape[2] * shape[3]};
    }

    void node(String type) {
      node(type, List.of(), List.of());
    }

    private void node(String type, List<String> weights, List<Message> attributes) {
      Message node = new Message();
      List<String> inputs = new ArrayList<>(List.of(last));
      inputs.addAll(weights);
      inputs.forEach(name -> node.text(1, name));
      last = "y" + count++;
      node.text(2, last).text(4, type);
      attributes.forEach(attribute -> node.message(5, attribute));
      graph.message(1, node);
    }

    private static Message integers(String name, int... values) {
      Message attribute = new Message().text(1, name);
      for (int value : values) {
        attribute.number(8, value);
      }
      return attribute.number(20, INTS_ATTRIBUTE);
    }

    private String weights(int... dims) {
      String name = "w" + count++;
      Message tensor = new Message();
      int size = 1;
      for (int dim : dims) {
        tensor.number(1, dim);
        size *= dim;
      }
      ByteBuffer numbers = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
      long key = CounterRandom.key(1, name);
      for (int i = 0; i < size; i++) {
        numbers.putFloat((float) (0.1 * CounterRandom.normal(key, i)));
      }
      parameters += size;
      graph.message(5, tensor.number(2, FLOAT).text(8, name).bytes(9, numbers.array()));
      return name;
    }

    private static Message value(String name, int[] dims) {
      Message shape = new Message();
      for (int dim : dims) {
        shape.message(1, new Message().number(1, dim));
      }
      Message tensor = new Message().number(1, FLOAT).message(2, shape);
      return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    OnnxModel model() {
      graph.message(11, value("x", input)).message(12, value(last, shape));
      Message model =
          new Message()
              .number(1, 8)
              .message(8, new Message().text(1, "").number(2, 13))
              .message(7, graph);
      return new OnnxModel(model.toBytes(), parameters);
    }
  }
}
