package org.cajal.data;

import java.util.Arrays;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Rows of a table of which only the inputs that are not 0 are stored (compressed sparse rows): one
 * of thousands of categories, some of thousands of words. A gather writes all inputs.
 */
public final class SparseRows implements Rows {
  private final InputColumns columns;
  private final int[] starts;
  private final int[] places;
  private final float[] values;

  private SparseRows(InputColumns columns, int[] starts, int[] places, float[] values) {
    this.columns = columns;
    this.starts = starts;
    this.places = places;
    this.values = values;
  }

  /** Takes one row after the other. */
  static final class Builder {
    private final InputColumns columns;
    private final int[] starts;
    private int rows;
    private int[] places = new int[1024];
    private float[] values = new float[1024];
    private int count;

    /** For so many rows. */
    Builder(InputColumns columns, int rows) {
      this.columns = columns;
      this.starts = new int[rows + 1];
    }

    /** Sets an input of the row that is being made; 0 is not stored. Places must differ. */
    void put(int place, float value) {
      if (value == 0) {
        return;
      }
      if (count == places.length) {
        if (count > 1 << 29) {
          throw new CajalException(
              "[table] the rows have more than "
                  + count
                  + " inputs that are not 0; train on fewer rows (--samples)");
        }
        int more = count + (count >> 1);
        places = Arrays.copyOf(places, more);
        values = Arrays.copyOf(values, more);
      }
      places[count] = place;
      values[count++] = value;
    }

    /** Ends the row. */
    void next() {
      starts[++rows] = count;
    }

    /** All rows taken so far. */
    SparseRows build() {
      return new SparseRows(
          columns,
          rows + 1 == starts.length ? starts : Arrays.copyOf(starts, rows + 1),
          Arrays.copyOf(places, count),
          Arrays.copyOf(values, count));
    }
  }

  /** What the inputs are. */
  public InputColumns columns() {
    return columns;
  }

  /** The number of stored values of all rows. */
  public int stored() {
    return places.length;
  }

  @Override
  public int size() {
    return starts.length - 1;
  }

  @Override
  public Shape shape() {
    return Shape.of(columns.width());
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public void gather(int[] rows, int from, int to, NDArray into) {
    Rows.check(this, rows, from, to, into);
    long width = columns.width();
    into.memory().asSlice(0, (to - from) * width * into.dtype().bytes()).fill((byte) 0);
    for (int i = from; i < to; i++) {
      long row = (i - from) * width;
      for (int s = starts[rows[i]]; s < starts[rows[i] + 1]; s++) {
        into.set(row + places[s], values[s]);
      }
    }
  }
}
