package org.cajal.run.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cajal.type.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How rows are cut into tiles, and tiles into groups. */
class TilingTest {
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void everyRowIsInOneTileAndEveryTileInOneGroup(DType type) {
    for (int rows = 1; rows <= 200; rows++) {
      for (Tiling tiling : List.of(new Tiling(type, rows), Tiling.ofTaps(type, rows))) {
        assertThat(tiling.start(0)).isZero();
        assertThat(tiling.start(tiling.count())).isEqualTo(rows);
        for (int groups = 1; groups <= tiling.count(); groups++) {
          assertThat(tiling.firstOfGroup(0, groups)).isZero();
          assertThat(tiling.firstOfGroup(groups, groups)).isEqualTo(tiling.count());
          int least = tiling.count() / groups;
          for (int group = 0; group < groups; group++) {
            int tiles = tiling.firstOfGroup(group + 1, groups) - tiling.firstOfGroup(group, groups);
            assertThat(tiles)
                .as("tiles in group %s of %s, %s rows", group, groups, rows)
                .isBetween(least, least + 1);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void noRowsAreNoTiles(DType type) {
    Tiling tiling = Tiling.ofTaps(type, 0);
    assertThat(tiling.count()).isZero();
    assertThat(tiling.firstOfGroup(0, 1)).isZero();
    assertThat(tiling.firstOfGroup(1, 1)).isZero();
  }
}
