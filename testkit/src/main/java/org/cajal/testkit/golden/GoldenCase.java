package org.cajal.testkit.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cajal.io.JsonObject;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * One reference result. Its arrays have roles: the names of inputs, the names of outputs, {@code
 * grad.<input>} for gradients, which are of the sum over all outputs of sum(output · probe), plus
 * the output {@code loss}, which has no probe. All arrays are aligned copies, which the caller may
 * change.
 */
public final class GoldenCase {
  private static final String GRADIENT = "grad.";

  private final String name;
  private final JsonObject description;
  private final Map<String, NDArray> tensors;

  GoldenCase(String name, JsonObject description, Map<String, NDArray> tensors) {
    this.name = name;
    this.description = description;
    this.tensors = tensors;
  }

  /**
   * The case's name, for messages; what is computed follows from {@link #op} and {@link #args}
   * alone.
   */
  public String name() {
    return name;
  }

  /** The operation. */
  public String op() {
    return description.string("op");
  }

  /** The operation's arguments; the texts inf, -inf and nan read as numbers. */
  public JsonObject args() {
    return description.object("args");
  }

  /** The names of the inputs, parameters included. */
  public List<String> inputs() {
    return description.strings("inputs");
  }

  /** Whether the case has an input of that name. */
  public boolean hasInput(String input) {
    return inputs().contains(input);
  }

  /**
   * An input as it is stored: F32, or I64 for indices, classes and masks.
   *
   * @throws CajalException if the case has none of that name
   */
  public NDArray input(String input) {
    if (!hasInput(input)) {
      throw new CajalException(
          "[golden] "
              + name
              + " has no input \""
              + input
              + "\"; its inputs are "
              + String.join(", ", inputs()));
    }
    return required(input);
  }

  /**
   * An input, floating ones in the given type (F32 values are exact in both); indices, classes and
   * masks stay I64.
   */
  public NDArray input(String input, DType floating) {
    NDArray array = input(input);
    return array.dtype().isFloating() ? array.cast(floating) : array;
  }

  /** The names of the results, without gradients. */
  public List<String> outputs() {
    return description.has("outputs") ? description.strings("outputs") : List.of();
  }

  /** The names of the inputs whose gradients are stored. */
  public List<String> grads() {
    return description.has("grads") ? description.strings("grads") : List.of();
  }

  /** All roles that can be compared: outputs, then gradients as {@code grad.<input>}. */
  public List<String> roles() {
    List<String> roles = new ArrayList<>(outputs());
    grads().forEach(input -> roles.add(GRADIENT + input));
    return List.copyOf(roles);
  }

  /**
   * The expected values of a role: F64, or I64.
   *
   * @throws CajalException if the case stores none
   */
  public NDArray expected(String role) {
    return required(role);
  }

  /**
   * The weights of an output in the sum whose gradients are stored; nothing for {@code loss} and
   * where no gradient is stored.
   */
  public Optional<NDArray> probe(String output) {
    return optional(output.equals("out") ? "probe" : "probe." + output);
  }

  /**
   * How far PyTorch's float32 result is off: the largest absolute difference over the largest
   * absolute value; 0 if unknown.
   */
  public double f32Err(String role) {
    return description.optionalObject("f32_err").map(errors -> errors.number(role, 0)).orElse(0.0);
  }

  /**
   * The largest relative error of one entry of PyTorch's float32 result; nothing outside the
   * elementwise group.
   */
  public Optional<Double> f32Rel(String role) {
    return description
        .optionalObject("f32_rel")
        .filter(errors -> errors.has(role))
        .map(errors -> errors.number(role));
  }

  /** I64, 1 where a role's entry is to be compared; nothing where all are. */
  public Optional<NDArray> okMask(String role) {
    return optional(
        role.startsWith(GRADIENT) ? "grad_ok." + role.substring(GRADIENT.length()) : role + "_ok");
  }

  /** Whether the operation must be refused; then only inputs are stored. */
  public boolean expectError() {
    return description.string("expect", "").equals("error");
  }

  /** A remark, or an empty text. */
  public String note() {
    return description.string("note", "");
  }

  /**
   * How close a role must come when it is computed in a type, see {@link Tolerance}. Where the file
   * knows relative errors (elementwise operations), each entry is held to its own size, and only
   * gradients summed over broadcast axes get a share of the largest entry; elsewhere every entry
   * gets that share.
   */
  public Tolerance tolerance(String role, DType computedIn) {
    boolean single = computedIn != DType.F64;
    double share = f32Err(role);
    return f32Rel(role)
        .map(
            relative -> {
              Tolerance each =
                  single ? Tolerance.f32Elementwise(relative) : Tolerance.f64Elementwise(relative);
              return summed(role)
                  ? each.withShareOfLargest(single ? Tolerance.f32(share) : Tolerance.F64)
                  : each;
            })
        .orElseGet(() -> single ? Tolerance.f32(share) : Tolerance.F64);
  }

  /** Whether a role is a gradient that was summed back to the shape of a broadcast input. */
  private boolean summed(String role) {
    return role.startsWith(GRADIENT)
        && outputs().stream()
            .anyMatch(out -> !required(out).shape().equals(required(role).shape()));
  }

  /** Compares one role's value with what is stored, honouring the case's mask and tolerance. */
  public Comparison compare(String role, NDArray actual, DType computedIn) {
    return tolerance(role, computedIn)
        .compare(actual, expected(role), computedIn, okMask(role).orElse(null));
  }

  private NDArray required(String role) {
    NDArray array = stored(role);
    if (array == null) {
      throw new CajalException("[golden] " + name + " stores nothing under \"" + role + "\"");
    }
    return array.copy();
  }

  private Optional<NDArray> optional(String role) {
    return Optional.ofNullable(stored(role)).map(NDArray::copy);
  }

  private @Nullable NDArray stored(String role) {
    return tensors.get(name + "/" + role);
  }

  @Override
  public String toString() {
    return name + ": " + op();
  }
}
