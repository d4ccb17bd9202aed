package org.cajal.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The contract of every operation, on the interpreter and on compiled programs. */
final class OperationContractTest {
  private static Stream<DynamicTest> tests(Evaluator evaluator) {
    return OperationContract.checks(evaluator, 1).stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), c::run));
  }

  @TestFactory
  Stream<DynamicTest> onTheInterpreter() {
    return tests(Evaluator.interpreter());
  }

  @TestFactory
  Stream<DynamicTest> onCompiledPrograms() {
    return tests(Evaluator.program());
  }
}
