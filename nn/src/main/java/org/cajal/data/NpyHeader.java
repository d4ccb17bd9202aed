package org.cajal.data;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cajal.io.Quote;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * The header of an array file: the literal of a dictionary with the keys {@code descr}, {@code
 * fortran_order}, {@code shape}.
 *
 * @param type NumPy's name of the element type, for example {@code <f4} or {@code <U7}
 */
record NpyHeader(String type, boolean fortran, Shape shape) {
  /** The most axes of an array, as in NumPy 2. */
  private static final int MOST_AXES = 64;

  private static final Set<String> NUMBERS =
      Set.of("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1");

  /** Bytes of one character of a text of kind {@code U}. */
  private static final int CODE_POINT = 4;

  static NpyHeader parse(String where, String text) {
    return new Parser(where, text).header();
  }

  /** NumPy's name of an element type. */
  static String type(DType dtype) {
    return switch (dtype) {
      case F32 -> "<f4";
      case F64 -> "<f8";
      case I32 -> "<i4";
      case I64 -> "<i8";
      case BOOL -> "|b1";
    };
  }

  boolean bigEndian() {
    return type.charAt(0) == '>';
  }

  /** What elements are: f, i, u, b, U (texts of code points) or S (texts of bytes). */
  char kind() {
    return type.charAt(1);
  }

  boolean isText() {
    return kind() == 'U' || kind() == 'S';
  }

  /** Bytes of one element. */
  long width() {
    long size = Long.parseLong(type.substring(2));
    return kind() == 'U' ? size * CODE_POINT : size;
  }

  /** Bytes whose order depends on the machine that wrote them. */
  int unit() {
    return switch (kind()) {
      case 'U' -> CODE_POINT;
      case 'S' -> 1;
      default -> (int) width();
    };
  }

  /** What numbers become: every value of the stored type but the largest of u8 has one in it. */
  DType dtype() {
    return switch (type.substring(1)) {
      case "f2", "f4" -> DType.F32;
      case "f8" -> DType.F64;
      case "u4", "i8", "u8" -> DType.I64;
      case "b1" -> DType.BOOL;
      default -> DType.I32;
    };
  }

  /** The number of bytes of the values, exactly. */
  BigInteger bytes() {
    return BigInteger.valueOf(shape.size()).multiply(BigInteger.valueOf(width()));
  }

  /** Reads the literal character by character. */
  private static final class Parser {
    private final String where;
    private final String text;
    private int at;

    Parser(String where, String text) {
      this.where = where;
      this.text = text;
    }

    NpyHeader header() {
      String type = "";
      boolean fortran = false;
      Shape shape = Shape.SCALAR;
      int seen = 0;
      expect('{');
      while (!accept('}')) {
        String key = string();
        expect(':');
        switch (key) {
          case "descr" -> {
            type = type();
            seen |= 1;
          }
          case "fortran_order" -> {
            fortran = truth();
            seen |= 2;
          }
          case "shape" -> {
            shape = shape();
            seen |= 4;
          }
          default -> throw bad("the unknown key " + Quote.quoted(key));
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      if (seen != 7) {
        throw new CajalException(
            where + ": the header lacks one of descr, fortran_order and shape");
      }
      return new NpyHeader(type, fortran, shape);
    }

    private String type() {
      skip();
      if (at < text.length() && text.charAt(at) == '[') {
        throw new CajalException(
            where
                + ": holds records of several fields, which are not read; save each field as an"
                + " array of its own");
      }
      String type = string();
      boolean known =
          type.length() >= 3
              && "<>|=".indexOf(type.charAt(0)) >= 0
              && (NUMBERS.contains(type.substring(1)) || isText(type.substring(1)));
      if (!known) {
        throw new CajalException(where + ": " + reason(type));
      }
      return type;
    }

    /** U or S and a length from 1 to 2^31 - 1. */
    private static boolean isText(String type) {
      if ((type.charAt(0) != 'U' && type.charAt(0) != 'S') || type.length() > 11) {
        return false;
      }
      long length = 0;
      for (int i = 1; i < type.length(); i++) {
        if (type.charAt(i) < '0' || type.charAt(i) > '9') {
          return false;
        }
        length = length * 10 + (type.charAt(i) - '0');
      }
      return length > 0 && length <= Integer.MAX_VALUE;
    }

    private static String reason(String type) {
      String shown = Quote.line(type, 40);
      return switch (type.length() < 2 ? ' ' : type.charAt(1)) {
        case 'O' ->
            "holds Python objects ("
                + shown
                + "), which are not read as they could run code; save numbers, or texts by"
                + " a.astype(str)";
        case 'c' ->
            "holds complex numbers ("
                + shown
                + "), which are not read; save a.real and a.imag as arrays of their own";
        case 'M' ->
            "holds dates ("
                + shown
                + "), which are not read; save numbers by a.astype('int64') or texts by"
                + " a.astype(str)";
        case 'm' ->
            "holds durations ("
                + shown
                + "), which are not read; save numbers by a.astype('int64')";
        case 'V' ->
            "holds raw bytes ("
                + shown
                + "), which are not read; save numbers by a.astype('float32')";
        default ->
            "element type "
                + Quote.quoted(type)
                + " is not read; f2, f4, f8, i1 to i8, u1 to u8, b1 and texts (U, S) are: convert"
                + " the array by a.astype('float64') or a.astype(str)";
      };
    }

    private boolean truth() {
      skip();
      if (text.startsWith("True", at)) {
        at += 4;
        return true;
      }
      if (text.startsWith("False", at)) {
        at += 5;
        return false;
      }
      throw bad("fortran_order that is neither True nor False");
    }

    private Shape shape() {
      List<Integer> dims = new ArrayList<>();
      expect('(');
      while (!accept(')')) {
        skip();
        int start = at;
        long value = 0;
        while (at < text.length()
            && text.charAt(at) >= '0'
            && text.charAt(at) <= '9'
            && value <= Integer.MAX_VALUE) {
          value = value * 10 + (text.charAt(at++) - '0');
        }
        if (at == start || value > Integer.MAX_VALUE || dims.size() == MOST_AXES) {
          throw bad("a shape that is not at most " + MOST_AXES + " whole numbers up to 2147483647");
        }
        if (at < text.length() && text.charAt(at) == 'L') {
          at++; // Python 2 writes long integers so
        }
        dims.add((int) value);
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
      try {
        return new Shape(dims);
      } catch (CajalException e) {
        throw new CajalException(
            where + ": the shape " + dims + " is absurd; the file is damaged", e);
      }
    }

    private String string() {
      skip();
      char quote = at < text.length() ? text.charAt(at) : ' ';
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw bad("no text in quotes where one is expected");
      }
      String out = text.substring(at + 1, end);
      at = end + 1;
      return out;
    }

    private void skip() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private boolean accept(char c) {
      skip();
      if (at < text.length() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    private void expect(char c) {
      if (!accept(c)) {
        throw bad("no \"" + c + "\" where one is expected");
      }
    }

    private CajalException bad(String what) {
      return new CajalException(
          where + ": broken header: it has " + what + " (character " + at + ")");
    }
  }
}
