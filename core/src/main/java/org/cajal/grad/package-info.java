/**
 * Gradients, graph to graph, of any order. May use {@code graph}, {@code op} and {@code type};
 * knows nothing of compilation.
 */
package org.cajal.grad;
