/**
 * Trained networks: prediction from any number of threads, evaluation, summaries, and the one file
 * that a model is saved in. May touch all packages of this module but {@code train} and {@code
 * report}.
 */
package org.cajal.model;
