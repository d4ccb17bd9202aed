package org.cajal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageDoctorTest {
  @Test
  void namesPicturesInBothSets() {
    assertThat(ImageDoctor.nearDuplicates(0, 10, List.of())).isEmpty();
    assertThat(ImageDoctor.nearDuplicates(1, 10, List.of()))
        .contains(
            "1 of 10 test images show nearly the same picture as a training image, which makes the"
                + " result look better than it is; keep all versions of a picture in one part.");
    assertThat(ImageDoctor.nearDuplicates(4, 2000, List.of("a = b", "c = d", "e = f", "g = h")))
        .contains(
            "4 of 2,000 test images show nearly the same picture as a training image, which makes"
                + " the result look better than it is: a = b, c = d, e = f and more; keep all"
                + " versions of a picture in one part.");
  }
}
