package org.cajal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;

class ThreadsTest {
  @Test
  void keepsWhatWasSetLast() {
    int before = Threads.get();
    try {
      Threads.set(3);
      assertThat(Threads.get()).isEqualTo(3);
      assertThat(Tensor.of(1f, 2f).sum().toFloats()).containsExactly(3f);
      assertThatThrownBy(() -> Threads.set(0))
          .isInstanceOf(CajalException.class)
          .hasMessage("[team] 0 threads; allowed are 1 to 1024");
      assertThat(Threads.get()).isEqualTo(3);
    } finally {
      Threads.set(before);
    }
  }
}
