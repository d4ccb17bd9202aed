package org.cajal.data;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * The header of an array file: the literal of a dictionary with the keys {@code descr}, {@code
 * fortran_order}, {@code shape}.
 *
 * @param type NumPy's name of the element type, for example {@code <f4}
 */
record NpyHeader(String type, boolean fortran, Shape shape) {
  private static final Set<String> TYPES = Set.of("f4", "f8", "i4", "i8", "u1", "b1");

  static NpyHeader parse(String where, String text) {
    return new Parser(where, text).header();
  }

  boolean bigEndian() {
    return type.charAt(0) == '>';
  }

  int width() {
    return type.charAt(2) - '0';
  }

  DType dtype() {
    return switch (type.substring(1)) {
      case "f4" -> DType.F32;
      case "f8" -> DType.F64;
      case "i8" -> DType.I64;
      case "b1" -> DType.BOOL;
      default -> DType.I32;
    };
  }

  /** The number of bytes of the values, exactly. */
  String bytesText() {
    return BigInteger.valueOf(shape.size()).multiply(BigInteger.valueOf(width())).toString();
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
          default -> throw bad("the unknown key \"" + key + "\"");
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
      if (at < text.length() && text.charAt(at) != '\'' && text.charAt(at) != '"') {
        throw new CajalException(
            where + ": structured element types cannot be read; save one plain array a file");
      }
      String type = string();
      if (type.length() != 3
          || "<>|=".indexOf(type.charAt(0)) < 0
          || !TYPES.contains(type.substring(1))) {
        throw new CajalException(
            where
                + ": element type "
                + Cells.quoted(type)
                + " cannot be read; f4, f8, i4, i8, u1 and b1 can: convert the array");
      }
      return type;
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
        if (at == start || value > Integer.MAX_VALUE || dims.size() == 32) {
          throw bad("a shape that is not at most 32 whole numbers up to 2147483647");
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
