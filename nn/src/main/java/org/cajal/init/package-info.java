/**
 * Initialisers: the numbers that parameters start with, and the formulas behind them. Plain arrays
 * and {@code org.cajal.type} only; layers name an initialiser, the scope samples it.
 */
package org.cajal.init;
