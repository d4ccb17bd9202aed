package org.cajal.data;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ICC profile of an image, by which its samples become sRGB. A profile that is broken, is for
 * another number of samples or is sRGB itself counts as none, as in browsers.
 */
final class ColourProfile {
  /** Differences of no more than rounding. */
  private static final int ROUNDING = 1;

  /** The profile that was asked for last: images of one folder mostly share one. */
  private static volatile Known last = new Known(new byte[0], 0, null);

  private final ColorConvertOp toSrgb;
  private final int samples;

  private record Known(byte[] icc, int samples, @Nullable ColourProfile profile) {}

  private ColourProfile(ICC_Profile profile, int samples) {
    this.samples = samples;
    this.toSrgb =
        new ColorConvertOp(
            new ICC_Profile[] {profile, ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
  }

  /**
   * The conversion that a profile asks for; null for none.
   *
   * @param icc the profile's bytes, or null
   * @param samples 1 for grey, 3 for red, green and blue, 4 for inks
   */
  static @Nullable ColourProfile of(byte @Nullable [] icc, int samples) {
    if (icc == null) {
      return null;
    }
    Known known = last;
    if (known.samples != samples || !Arrays.equals(known.icc, icc)) {
      known = new Known(icc, samples, read(icc, samples));
      last = known;
    }
    return known.profile;
  }

  private static @Nullable ColourProfile read(byte[] icc, int samples) {
    try {
      ICC_Profile profile = ICC_Profile.getInstance(icc);
      if (profile.getNumComponents() != samples) {
        return null;
      }
      ColourProfile made = new ColourProfile(profile, samples);
      return samples != 4 && made.isIdentity() ? null : made;
    } catch (RuntimeException e) {
      return null; // broken profiles are answered with exceptions of many kinds
    }
  }

  private boolean isIdentity() {
    int levels = 6;
    int count = samples == 1 ? 256 : levels * levels * levels;
    byte[] in = new byte[count * samples];
    for (int i = 0; i < count; i++) {
      if (samples == 1) {
        in[i] = (byte) i;
      } else {
        in[3 * i] = (byte) (i % levels * 51);
        in[3 * i + 1] = (byte) (i / levels % levels * 51);
        in[3 * i + 2] = (byte) (i / levels / levels * 51);
      }
    }
    byte[] out = convert(in, count);
    for (int i = 0; i < 3 * count; i++) {
      int wanted = in[samples == 1 ? i / 3 : i] & 0xff;
      if (Math.abs((out[i] & 0xff) - wanted) > ROUNDING) {
        return false;
      }
    }
    return true;
  }

  /**
   * Pixels as sRGB.
   *
   * @param in samples of {@code count} pixels, pixel by pixel
   * @return red, green and blue, pixel by pixel
   */
  byte[] convert(byte[] in, int count) {
    WritableRaster from = raster(in, count, samples);
    byte[] out = new byte[3 * count];
    toSrgb.filter(from, raster(out, count, 3));
    return out;
  }

  private static WritableRaster raster(byte[] data, int count, int bands) {
    int[] offsets = new int[bands];
    Arrays.setAll(offsets, i -> i);
    DataBuffer buffer = new DataBufferByte(data, count * bands);
    return Raster.createInterleavedRaster(buffer, count, 1, count * bands, bands, offsets, null);
  }
}
