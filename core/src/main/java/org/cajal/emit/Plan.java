package org.cajal.emit;

import java.util.List;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.type.DType;

/**
 * How a nest is written.
 *
 * @param nest the nest
 * @param levels on which axes its values depend
 * @param vector which axis runs along the lanes, NONE for scalar code
 * @param floating the floating type whose lanes give the width of vectors
 * @param lanes how many lanes a vector has, 1 for scalar code
 * @param running how many values a short fold runs at once, 1 or 4
 * @param masked whether what remains of an axis after the last full vector is done in a vector some
 *     of whose lanes are off, and not element by element
 * @param row of how many vectors the only inner axis consists, the last one perhaps with lanes that
 *     are off: they are kept in registers; 0 if it is looped over
 * @param abreast how many vectors along the last outer axis go through the inner loops together, so
 *     that neighbours in memory are read together
 * @param buffers for each access a number that those of the same buffer share
 */
record Plan(
    Nest nest,
    Levels levels,
    Vectorized vector,
    DType floating,
    int lanes,
    int running,
    boolean masked,
    int row,
    int abreast,
    List<Integer> buffers) {
  /** The number of axes. */
  int axes() {
    return nest.outer() + nest.inner();
  }

  /** The same nest in scalar code. */
  Plan scalar() {
    return new Plan(nest, levels, Vectorized.NONE, floating, 1, running, false, 0, 1, buffers);
  }

  /** The same nest, one vector at a time. */
  Plan single() {
    return new Plan(nest, levels, vector, floating, lanes, running, masked, row, 1, buffers);
  }
}
