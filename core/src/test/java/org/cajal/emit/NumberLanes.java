package org.cajal.emit;

import org.cajal.op.Lanes;
import org.cajal.run.Special;
import org.cajal.type.DType;

/** The algebra of lanes over doubles; whole numbers of the given type wrap around as Java's do. */
record NumberLanes(DType type) implements Lanes<Double> {
  private double whole(double exact, long wrapped) {
    return switch (type) {
      case I32 -> (int) wrapped;
      case I64 -> wrapped;
      default -> exact;
    };
  }

  @Override
  public Double constant(DType constantType, double value) {
    return NestInterpreter.round(value, constantType);
  }

  @Override
  public Double add(Double x, Double y) {
    return whole(x + y, x.longValue() + y.longValue());
  }

  @Override
  public Double subtract(Double x, Double y) {
    return whole(x - y, x.longValue() - y.longValue());
  }

  @Override
  public Double multiply(Double x, Double y) {
    return whole(x * y, x.longValue() * y.longValue());
  }

  @Override
  public Double divide(Double x, Double y) {
    return x / y;
  }

  @Override
  public Double power(Double x, Double y) {
    return StrictMath.pow(x, y);
  }

  @Override
  public Double minimum(Double x, Double y) {
    return Math.min(x, y);
  }

  @Override
  public Double maximum(Double x, Double y) {
    return Math.max(x, y);
  }

  @Override
  public Double negate(Double x) {
    return whole(-x, -x.longValue());
  }

  @Override
  public Double absolute(Double x) {
    return whole(Math.abs(x), Math.abs(x.longValue()));
  }

  @Override
  public Double sign(Double x) {
    return Math.signum(x);
  }

  @Override
  public Double floor(Double x) {
    return Math.floor(x);
  }

  @Override
  public Double exp(Double x) {
    return StrictMath.exp(x);
  }

  @Override
  public Double log(Double x) {
    return StrictMath.log(x);
  }

  @Override
  public Double sqrt(Double x) {
    return Math.sqrt(x);
  }

  @Override
  public Double sin(Double x) {
    return StrictMath.sin(x);
  }

  @Override
  public Double cos(Double x) {
    return StrictMath.cos(x);
  }

  @Override
  public Double tanh(Double x) {
    return StrictMath.tanh(x);
  }

  @Override
  public Double atan(Double x) {
    return StrictMath.atan(x);
  }

  @Override
  public Double erf(Double x) {
    return Special.erf(x);
  }

  @Override
  public Double less(Double x, Double y) {
    return x.doubleValue() < y.doubleValue() ? 1.0 : 0.0;
  }

  @Override
  public Double lessOrEqual(Double x, Double y) {
    return x.doubleValue() <= y.doubleValue() ? 1.0 : 0.0;
  }

  @Override
  public Double equal(Double x, Double y) {
    return x.doubleValue() == y.doubleValue() ? 1.0 : 0.0;
  }

  @Override
  public Double select(Double condition, Double x, Double y) {
    return condition != 0 ? x : y;
  }

  @Override
  public Double cast(Double x, DType from, DType to) {
    return NestInterpreter.round(x, to);
  }
}
