/**
 * From graph to scheduled kernels: simplification, fusion into loop nests, the memory plan. May use
 * {@code graph} and below, the loop IR, {@code emit} and {@code run} to make kernels; not {@code
 * grad}, not {@code tensor}.
 */
package org.cajal.compile;
