/**
 * Metrics: how good predictions are, from plain arrays of truths, classes, scores and
 * probabilities. The JDK and {@code org.cajal.type} only; no tensor is built here.
 */
package org.cajal.metric;
