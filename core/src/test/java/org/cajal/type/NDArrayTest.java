package org.cajal.type;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NDArrayTest {
  /** The JVM counts all arrays: what they need together is refused before it is taken. */
  @Test
  void refusesMoreThanTheJvmMayUse() {
    long most = Runtime.getRuntime().maxMemory();
    assertThatThrownBy(() -> NDArray.allocate(most + (1 << 20)))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith("[array] ")
        .hasMessageEndingWith(
            String.format(
                java.util.Locale.ROOT,
                "MB more do not fit beside the arrays in use: the JVM may use %,d MB for all; make"
                    + " the model or the batch smaller, or start Java with a larger -Xmx",
                most >> 20));
  }
}
