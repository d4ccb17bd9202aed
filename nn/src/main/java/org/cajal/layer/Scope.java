package org.cajal.layer;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What a layer sees of the world in one forward pass: its parameters and state by name, the mode,
 * the element type and random numbers. Names are relative: the layer at path {@code 0} that asks
 * for "weight" owns {@code 0/weight}.
 */
public final class Scope {
  private final Building building;
  private final String path;
  private final int depth;
  private final Layer layer;
  private final Scope owner;
  private long parameterCount;
  private long multiplyAdds;
  private int draws;

  private Scope(Building building, String path, int depth, Layer layer, @Nullable Scope owner) {
    this.building = building;
    this.path = path;
    this.depth = depth;
    this.layer = layer;
    this.owner = owner == null ? this : owner;
  }

  /** Applies the outermost layer. */
  static Tensor outermost(Building building, Layer layer, Tensor x) {
    return new Scope(building, "", 0, layer, null).run(x);
  }

  private Tensor run(Tensor x) {
    int step = building.trace.begin();
    Tensor y;
    try {
      y = layer.apply(x, this);
    } catch (CajalException e) {
      throw building.locate(e, where());
    } catch (ArithmeticException e) {
      throw building.located(
          new CajalException(
              "["
                  + where()
                  + "] asks for an axis of more than "
                  + Integer.MAX_VALUE
                  + " elements from "
                  + x.shape()
                  + "; make its sizes smaller",
              e));
    }
    building.trace.end(step, path, depth, layer, x, y, parameterCount, multiplyAdds);
    return y;
  }

  /**
   * Applies a layer inside this one.
   *
   * @param child the inner layer's name within this one, for example its position; the same name
   *     twice shares parameters
   */
  public Tensor apply(String child, Layer inner, Tensor x) {
    owner.multiplyAdds += building.trace.claim(x, owner.path);
    return new Scope(building, join(child), depth + 1, inner, null).run(x);
  }

  private String join(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** The layer that this scope belongs to. */
  Layer layer() {
    return layer;
  }

  /** Where this layer is in the model, for example {@code 3/inner/0}; empty for the outermost. */
  public String path() {
    return path;
  }

  /** A scope for a named part of this layer: its names are one step further down. */
  public Scope at(String child) {
    return new Scope(building, join(child), depth, layer, owner);
  }

  /** The element type of parameters and activations. */
  public DType dtype() {
    return building.parameters.dtype();
  }

  /** Whether this pass is for training. */
  public boolean training() {
    return building.mode == Mode.TRAINING;
  }

  /**
   * A learned parameter, made on first use.
   *
   * @param name within this layer: "weight", "bias"
   * @param fans what the initialiser scales by
   * @throws CajalException if the name is in use with another shape
   */
  public Tensor parameter(String name, Shape shape, Initializer initializer, @Nullable Fans fans) {
    return parameter(name, shape, initializer, fans, values -> {});
  }

  /**
   * A learned parameter whose initial values are adjusted once they are drawn: a row of zeros, a
   * bias of one for some units.
   *
   * @param adjust changes the initial values in place
   */
  public Tensor parameter(
      String name,
      Shape shape,
      Initializer initializer,
      @Nullable Fans fans,
      Consumer<NDArray> adjust) {
    String own = join(name);
    Tensor parameter =
        building.parameter(
            own, shape, () -> building.parameters.parameter(own, shape, initializer, fans, adjust));
    if (building.first(own)) {
      owner.parameterCount += shape.size();
    }
    return parameter;
  }

  /**
   * A learned parameter whose fans, if the initialiser needs them, follow from its shape: [in, out]
   * or [out, in, kernel...].
   */
  public Tensor parameter(String name, Shape shape, Initializer initializer) {
    return parameter(name, shape, initializer, null);
  }

  /**
   * A state that is kept and saved but not learned, such as a running statistic: its value from
   * before the run, or what an earlier layer of this pass that shares it made of it.
   */
  public Tensor state(String name, NDArray initial) {
    return building.state(join(name), initial.dtype(), initial.shape(), () -> initial);
  }

  /** As {@link #state(String, NDArray)}, of the model's element type, made only where it is new. */
  Tensor state(String name, Shape shape, Supplier<NDArray> initial) {
    return building.state(join(name), dtype(), shape, initial);
  }

  /** Whether this pass is for shapes and parameters alone: see {@link Forward#sketch}. */
  boolean sketches() {
    return building.sketches;
  }

  /**
   * In a sketch, what stands for the result of many steps.
   *
   * @param steps how many are left out
   * @param products multiply-adds that they would do together
   */
  Tensor standIn(String name, Shape shape, int steps, long products) {
    owner.multiplyAdds += products;
    building.trace.leftOut(steps);
    return Tensor.input(join(name), dtype(), shape);
  }

  /**
   * What a state is to be after the run. In evaluation nothing is updated.
   *
   * @param name of a state that this layer has asked for
   * @param next of the state's type and shape
   * @throws CajalException if there is no such state, or type or shape differ
   */
  public void update(String name, Tensor next) {
    if (training()) {
      building.update(building.parameters.get(join(name)), next.stopGradient());
    }
  }

  /**
   * Uniform random numbers in [0, 1), multiples of 2^−24: a pure function of the pass's random key,
   * this layer's path and the position.
   *
   * @throws CajalException if the pass has no random key
   */
  public Tensor randomUniform(Shape shape) {
    Tensor key = building.key();
    if (key == null) {
      throw error(
          "needs random numbers, but the forward pass was given no key; pass Tensor.input(\"key\","
              + " I32, [2]) and feed two new integers at each step");
    }
    return Tensor.randomUniform(key, building.place(join("random" + draws++)), dtype(), shape);
  }

  /**
   * Standard normal random numbers by the transform of Box and Muller (1958), otherwise as {@link
   * #randomUniform}.
   */
  public Tensor randomNormal(Shape shape) {
    Tensor one = Tensor.scalar(dtype(), 1);
    Tensor radius = one.minus(randomUniform(shape)).log().times(-2).sqrt();
    return radius.times(randomUniform(shape).times(2 * Math.PI).cos());
  }

  /** An error of this layer: {@code [dense at 2] needs ...}, to be thrown by the caller. */
  public CajalException error(String message) {
    return building.located(CajalException.at(where(), message));
  }

  /**
   * Refuses an input that is not of the model's element type.
   *
   * @throws CajalException naming the layer
   */
  public void requireFloating(Tensor x) {
    if (x.dtype() != dtype()) {
      throw error(
          "needs "
              + dtype()
              + ", the model's element type, found "
              + x.dtype()
              + " "
              + x.shape()
              + "; write x.cast("
              + dtype()
              + ")"
              + (x.dtype().isInteger()
                  ? ", or put embedding(...) before it if these are categories"
                  : ""));
    }
  }

  private String where() {
    return nameOf(layer) + (owner.path.isEmpty() ? "" : " at " + owner.path);
  }

  /**
   * A layer's name in messages, summaries and files: its record's name with a small first letter,
   * {@code maxPooling}.
   */
  public static String nameOf(Layer layer) {
    String simple =
        layer.getClass().isHidden() || layer.getClass().isAnonymousClass()
            ? "Layer"
            : layer.getClass().getSimpleName();
    return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
  }
}
