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

  @Test
  void aMessageIsOneLineOfBoundedLength() {
    assertThat(new CajalException("column \"a\nb\r\u001b[31m\u2028c\" is new").getMessage())
        .isEqualTo("column \"a?b??[31m?c\" is new");
    String shown = new CajalException("x".repeat(5000) + "; rename it").getMessage();
    assertThat(shown).hasSize(2003).startsWith("xxx").contains("x … x").endsWith("; rename it");
  }
}
