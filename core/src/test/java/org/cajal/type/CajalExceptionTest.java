package org.cajal.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class CajalExceptionTest {
  /** Here it is the JDK that calls: {@code andThen} runs the method. */
  @Test
  void namesTheCallersLineAndNotTheJdks() {
    BiFunction<String, String, CajalException> refuse = CajalException::at;
    assertThat(refuse.andThen(Throwable::getMessage).apply("matmul", "no"))
        .matches("\\[matmul] no \\(built at CajalExceptionTest\\.java:\\d+\\)");
  }
}
