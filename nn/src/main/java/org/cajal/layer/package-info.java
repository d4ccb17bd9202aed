/**
 * Layers: records whose components are the architecture and whose one method is the forward pass,
 * with the scope that names their parameters. Tensors, initialisers and {@code org.cajal.type}
 * only; no layer knows a kernel, a loss or an optimiser.
 */
package org.cajal.layer;
