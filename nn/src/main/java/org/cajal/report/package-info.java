/**
 * What a training run tells its user: the progress line, the doctor's warnings, the diagnosis of
 * the learning curves, the confusion matrix as text, and the report as one HTML page. Everything
 * here is a function from plain data to text; it may use {@code org.cajal.type} and the JDK, and
 * knows nothing of layers, models or the trainer.
 */
package org.cajal.report;
