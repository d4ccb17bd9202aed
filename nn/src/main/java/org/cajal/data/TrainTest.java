package org.cajal.data;

/**
 * Rows to learn from and rows to measure on.
 *
 * @param train to fit on
 * @param test never to be fitted on
 */
public record TrainTest(Dataset train, Dataset test) {}
