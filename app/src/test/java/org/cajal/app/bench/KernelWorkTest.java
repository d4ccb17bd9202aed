package org.cajal.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;

class KernelWorkTest {
  @Test
  void countsOperationsAndBytes() {
    assertThat(KernelWork.named(List.of("product/1x784x128")).get(0).amount())
        .isEqualTo(2 * 784 * 128);
    assertThat(KernelWork.named(List.of("convolution/3x3-depthwise")).get(0).amount())
        .isEqualTo(2.0 * 32 * 64 * 28 * 28 * 9);
    KernelWork softmax = KernelWork.named(List.of("softmax/64x10")).get(0);
    assertThat(softmax.amount()).isEqualTo(2 * 4 * 640);
    assertThat(softmax.rate(2)).isEqualTo(2.56);
  }

  @Test
  void namesAreDifferent() {
    assertThat(KernelWork.all().stream().map(KernelWork::name)).doesNotHaveDuplicates();
    assertThat(KernelWork.named(List.of())).hasSameSizeAs(KernelWork.all());
    assertThat(KernelWork.named(List.of("optimizer"))).hasSize(2);
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> KernelWork.named(List.of("softmax", "soft")))
        .withMessage(
            "[bench] no kernel \"soft\"; there are product, product-tn, product-nt, convolution,"
                + " convolution-input-gradient, convolution-weight-gradient, elementwise, sum,"
                + " softmax, softmax-gradient, layer-norm, layer-norm-gradient, optimizer,"
                + " embedding, each with sizes after a slash");
  }

  @Test
  void thePeakIsPositive() {
    Peak peak = Peak.measure(1, System::nanoTime);
    assertThat(peak.flops()).isPositive();
    assertThat(peak.bytes()).isPositive();
  }
}
