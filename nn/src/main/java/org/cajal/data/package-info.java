/**
 * Data: tables, images, digits and text read from files or drawn from a seed, preprocessing fitted
 * on training rows, and {@link org.cajal.data.Dataset}, which gathers rows into batches. Uses
 * {@code org.cajal.type}, {@code org.cajal.io} and the JDK only; nothing here knows of tensors,
 * layers or the trainer.
 */
package org.cajal.data;
