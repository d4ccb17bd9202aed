/**
 * The public face of the core: tensors, gradients, programs. Everything here is built from the
 * rooms below; nothing in core may touch this package.
 */
package org.cajal.tensor;
