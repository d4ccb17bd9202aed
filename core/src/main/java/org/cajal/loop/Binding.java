package org.cajal.loop;

import java.util.List;
import org.cajal.run.Operand;

/**
 * The numbers of a nest.
 *
 * @param extents the size of each axis
 * @param operands where each access is found
 * @param strides for each access the distance in bytes between neighbours along each axis
 * @param cuts ascending positions on axis 0, first 0 and last its extent: piece {@code i} is {@code
 *     cuts[i]} to {@code cuts[i+1]}. Pieces are shorter than 2^31. If axis 0 runs along vector
 *     lanes, inner cuts are multiples of 64, so that pieces hold full vectors. Axis 0 is cut only
 *     if it is an outer axis, or if nothing is folded and no Once stage stores. A nest without axes
 *     has the cuts 0, 1
 */
public record Binding(
    List<Long> extents, List<Operand> operands, List<List<Long>> strides, List<Long> cuts) {}
