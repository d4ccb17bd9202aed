/**
 * Losses: scalars that training makes small, as plain functions on tensors, and the settings that
 * name them in a model file. Tensors only; a loss knows neither layers nor optimisers.
 */
package org.cajal.loss;
