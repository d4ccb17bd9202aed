package org.cajal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cajal.op.Node;
import org.cajal.type.DType;
import org.junit.jupiter.api.Test;

/** What comes early, and what never overtakes what. */
class OrderTest {
  private static Home.Slab slab(long bytes) {
    return new Home.Slab("test", bytes);
  }

  private static Order.Use use(Home written, Home... read) {
    List<Home> touches = new ArrayList<>(List.of(read));
    touches.add(written);
    return new Order.Use(touches, Set.of(written));
  }

  @Test
  void whatFreesMemoryComesAsSoonAsItCan() {
    Home input = slab(100);
    Home output = slab(200);
    Home next = slab(300);
    Home last = slab(400);
    Home weight = slab(10);
    List<Order.Use> uses =
        List.of(
            use(input),
            use(output),
            use(next, output),
            use(last, next),
            use(weight, input, output));
    assertThat(Order.of(uses, List.of(last, weight))).containsExactly(0, 1, 4, 2, 3);
    assertThat(Order.of(uses, List.of(last, weight, input))).containsExactly(0, 1, 2, 4, 3);
  }

  @Test
  void noBufferIsOverwrittenBeforeItsReaders() {
    Home x = slab(100);
    Home y = slab(200);
    Home z = slab(300);
    List<Order.Use> uses = List.of(use(x), use(y, x), use(z, y), use(x), use(z, x));
    assertThat(Order.of(uses, List.of(x, z))).containsSubsequence(0, 1, 3, 4).hasSize(5);
  }

  @Test
  void aBufferWaitsForItsPartsAndPartsForEachOtherNot() {
    Node node = Node.constant(DType.F32, 0);
    Home whole = slab(200);
    Home first = new Home.Part(whole, 0, node);
    Home second = new Home.Part(whole, 100, node);
    Home large = slab(300);
    Home sum = slab(10);
    List<Order.Use> uses = List.of(use(first), use(large, first), use(second), use(sum, whole));
    assertThat(Order.of(uses, List.of(large, sum))).containsExactly(0, 2, 1, 3);
  }
}
