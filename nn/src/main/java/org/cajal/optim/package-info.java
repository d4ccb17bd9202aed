/**
 * Optimisers, clipping and learning-rate schedules: how parameters follow their gradients. Tensors
 * and {@code org.cajal.type} only; an optimiser knows neither layers nor losses.
 */
package org.cajal.optim;
