package org.cajal.app;

import java.util.Locale;

/** The networks that {@code --model} offers. */
enum ModelName {
  /** By the data: a convolutional network for images, a multilayer perceptron for the rest. */
  AUTO,
  /** LeNet-5 (Y. LeCun et al. 1998). */
  LENET5,
  /** A multilayer perceptron. */
  MLP,
  /** A small convolutional network. */
  CNN;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
