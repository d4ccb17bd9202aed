package org.cajal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Immediate;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Stride;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.op.Divide;
import org.cajal.op.Exp;
import org.cajal.op.Max;
import org.cajal.op.Multiply;
import org.cajal.op.Subtract;
import org.cajal.op.Sum;
import org.cajal.type.DType;
import org.junit.jupiter.api.Test;

class LoopPrinterTest {
  @Test
  void printsASoftmax() {
    DType f = DType.F32;
    Access row = new Access(f, List.of(Stride.ANY, Stride.UNIT));
    Nest nest =
        new Nest(
            1,
            1,
            Vectorized.INNER,
            List.of(row, row),
            List.of(
                new Each(
                    List.of(new Load(0, f)),
                    List.of(),
                    List.of(new Fold(new Max(List.of(1)), 0, f))),
                new Each(
                    List.of(
                        new Load(0, f),
                        new Apply(new Subtract(), List.of(2, 1), f),
                        new Apply(new Exp(), List.of(3), f)),
                    List.of(new Store(1, 4)),
                    List.of(new Fold(new Sum(List.of(1)), 4, f))),
                new Once(
                    List.of(new Immediate(f, 1), new Apply(new Divide(), List.of(6, 5), f)),
                    List.of()),
                new Each(
                    List.of(new Load(1, f), new Apply(new Multiply(), List.of(8, 7), f)),
                    List.of(new Store(1, 9)),
                    List.of())));
    assertThat(LoopPrinter.print(nest))
        .isEqualTo(
            """
            for i0
              for |i1
                v0 = a0[i0*, i1] F32
              v1 = max of v0 from -Infinity
              for |i1
                v2 = a0[i0*, i1] F32
                v3 = v2 - v1
                v4 = exp(v3)
                a1[i0*, i1] = v4
              v5 = sum of v4 from 0.0
              v6 = 1 F32
              v7 = v6 / v5
              for |i1
                v8 = a1[i0*, i1] F32
                v9 = v8 * v7
                a1[i0*, i1] = v9
            """);
  }
}
