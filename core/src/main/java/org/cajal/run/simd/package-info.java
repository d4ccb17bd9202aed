/**
 * Kernels that generation cannot match: batched matrix products and convolutions over a
 * hand-unrolled micro-kernel of the Vector API, each piece of vector code with a scalar twin of the
 * same bits. May use {@code run}, {@code op.Window} and {@code type}; with {@code emit}, the only
 * place for {@code jdk.incubator.vector}.
 */
package org.cajal.run.simd;
