package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cajal.type.CajalException;

/** Asserts that a call is refused with one exact line. */
final class BadInput {
  private BadInput() {}

  static void refused(ThrowingCallable call, String line) {
    assertThatThrownBy(call).isInstanceOf(CajalException.class).hasMessage(line);
  }
}
