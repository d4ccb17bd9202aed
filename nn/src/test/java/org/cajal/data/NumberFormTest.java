package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as people write them. */
class NumberFormTest {
  /** A column of the cells beside one that has a decimal point or comma, by what it shows. */
  private static Column column(String other, String... cells) {
    StringBuilder text = new StringBuilder("x;y\n");
    for (String cell : cells) {
      text.append('"').append(cell).append("\";").append(other).append('\n');
    }
    return Csv.parse("t.csv", text.toString(), CsvOptions.DEFAULT).column("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,234 | 12,5 | 999 | 0,5 | 1.234 | 12.5 | 999 | 0.5",
        "1,234.5 | 12.25 | 12,345,678 | 0.5 | 1234.5 | 12.25 | 12345678 | 0.5",
        "1.234,5 | 12,25 | 12.345.678 | 0,5 | 1234.5 | 12.25 | 12345678 | 0.5",
        "1'234.5 | 12.25 | 12’345’678 | 0.5 | 1234.5 | 12.25 | 12345678 | 0.5",
        "1 234,5 | 12,25 | 12\u00A0345\u202F678 | 0,5 | 1234.5 | 12.25 | 12345678 | 0.5",
        "1_234.5 | 12.25 | 12_345_678 | 0.5 | 1234.5 | 12.25 | 12345678 | 0.5",
        "12,34,567.5 | 1.5 | 1,234 | 2.5 | 1234567.5 | 1.5 | 1234 | 2.5",
        "(1.5) | 2.5 | -3 | 0.5 | -1.5 | 2.5 | -3 | 0.5",
        "1.5- | 2.5 | \u22123.5 | +0.5 | -1.5 | 2.5 | -3.5 | 0.5",
        "$1.50 | -$2.50 | $-3 | $1,000.00 | 1.5 | -2.5 | -3 | 1000",
        "1,50 € | 2,50 € | -3 € | 1.000,00 € | 1.5 | 2.5 | -3 | 1000",
        "EUR 1.50 | EUR 2.50 | EUR 3 | EUR 4 | 1.5 | 2.5 | 3 | 4",
        "12 % | 3.5 % | 0 % | 100 % | 12 | 3.5 | 0 | 100",
        "1.5 km | 2 km | 3 km | 10 km | 1.5 | 2 | 3 | 10",
        "1 year | 2 years | 3 years | 10 years | 1 | 2 | 3 | 10",
        "1.5k | 2M | 300 | 1k | 1500 | 2000000 | 300 | 1000",
        "<0.5 | 1.5 | >100 | 10+ | 0.5 | 1.5 | 100 | 10",
        "1e3 | 1.5E-2 | 1.5D+01 | 2 | 1000 | 0.015 | 15 | 2",
        "0x1F | 0x0 | 0xff | 0x10 | 31 | 0 | 255 | 16",
        "٣ | ١٢ | ٥٥ | ٧ | 3 | 12 | 55 | 7",
        "３．５ | １２ | ５５ | ７ | 3.5 | 12 | 55 | 7",
        "'1.5 | '2.5 | '3 | '4 | 1.5 | 2.5 | 3 | 4",
        "1.5\u00A0 | 2.5 | \u20093 | 4 | 1.5 | 2.5 | 3 | 4",
        ".5 | 80. | -.25 | +1 | 0.5 | 80 | -0.25 | 1",
      })
  void readsAColumn(
      String a, String b, String c, String d, double x, double y, double z, double w) {
    Column column = column("t", a, b, c, d);
    assertThat(column.type()).isEqualTo(ColumnType.NUMBER);
    assertThat(List.of(column.number(0), column.number(1), column.number(2), column.number(3)))
        .containsExactly(x, y, z, w);
  }

  @Test
  void decidesCommasByTheOtherColumns() {
    assertThat(column("0.5", "1,234", "2,345").number(0)).isEqualTo(1234);
    assertThat(column("0,5", "1,234", "2,345").number(0)).isEqualTo(1.234);
    assertThat(column("0,5", "1.234", "2.345").number(0)).isEqualTo(1234);
    assertThat(column("0.5", "1.234", "2.345").number(0)).isEqualTo(1.234);
  }

  @Test
  void decidesByCellsWithoutAMark() {
    String[] cells = new String[40];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = i % 2 == 0 ? String.valueOf(100 + i) : (i + 1) + "," + (100 + i);
    }
    assertThat(column("t", cells).number(1)).as("thousands have marks").isEqualTo(2101);
    cells[0] = "12345";
    assertThat(column("t", cells).number(1)).as("thousands have none").isEqualTo(2.101);
  }

  @Test
  void refusesWhatStaysAmbiguous() {
    refused(
        () -> column("t", "1,234", "2,345"),
        "t.csv: column \"x\": \"1,234\" may be 1234 or 1.234, and nothing in the file decides;"
            + " --thousands , or --decimal , does");
    refused(
        () -> column("t", "1.234", "2.345"),
        "t.csv: column \"x\": \"1.234\" may be 1234 or 1.234, and nothing in the file decides;"
            + " --thousands . or --decimal . does");
    String text = "x,y\n\"1,234\",a\n\"2,345\",b\n";
    CsvOptions plain = CsvOptions.DEFAULT;
    assertThat(Csv.parse("t", text, plain.withDecimal(',')).column("x").number(0)).isEqualTo(1.234);
    assertThat(Csv.parse("t", text, plain.withThousands(',')).column("x").number(0))
        .isEqualTo(1234);
    assertThat(Csv.parse("t", text, plain.withDecimal('.')).column("x").number(0)).isEqualTo(1234);
    refused(() -> plain.withDecimal(';'), "--decimal ;: the decimal mark is , or .");
    refused(
        () -> plain.withDecimal(',').withThousands(','),
        "--thousands , is the decimal mark too; one of them must differ");
  }

  @Test
  void tellsUnitsAndMarks() {
    assertThat(column("t", "1 km", "2 km", "3").note())
        .isEqualTo("column \"x\": numbers with \"km\", which is passed over, 1 cell without it");
    assertThat(column("0.5", "1,234", "2,345").note())
        .isEqualTo("column \"x\": commas group thousands");
    assertThat(column("t", "1k", "2M", "3").note())
        .isEqualTo("column \"x\": letters behind numbers multiply them (k, M)");
    assertThat(column("t", "<1", "2", "3").note())
        .isEqualTo("column \"x\": 1 cell such as \"<1\" gives a limit, taken as the number itself");
  }

  @Test
  void leavesCodesAndMixedUnitsAlone() {
    assertThat(column("t", "A1", "B2", "C3").type()).isEqualTo(ColumnType.CATEGORY);
    assertThat(column("t", "1A", "2B", "1B", "2A").type()).isEqualTo(ColumnType.CATEGORY);
    assertThat(column("t", "1 km", "2 mi", "3 km", "4 mi").type()).isEqualTo(ColumnType.CATEGORY);
    Column ranges = column("t", "85-90", "97-102", "46-51");
    assertThat(ranges.type()).isEqualTo(ColumnType.CATEGORY);
    assertThat(ranges.note())
        .isEqualTo(
            "column \"x\": cells such as \"85-90\" look like numbers, but in a form that is not"
                + " read (lists, ranges, fractions, telephone numbers); it is taken for a"
                + " category");
  }

  @Test
  void namesANumberThatMayMeanMissing() {
    String[] cells = new String[60];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = i % 10 == 3 ? "-999" : "0." + (10 + i);
    }
    assertThat(column("t", cells).note())
        .isEqualTo(
            "column \"x\": -999 in 6 cells is far from the other numbers; if it means that the"
                + " value is missing, say --missing -999");
    StringBuilder text = new StringBuilder("x,y\n");
    for (String cell : cells) {
      text.append(cell).append(",t\n");
    }
    Column named =
        Csv.parse(
                "t.csv",
                text.toString(),
                CsvOptions.DEFAULT.withMissing(java.util.Set.of("-999.0")))
            .column("x");
    assertThat(named.isMissing(3)).isTrue();
    assertThat(named.note()).isNull();
  }

  @Test
  void keepsTheTextsOfLabels() {
    Column codes =
        Csv.parse("t", "x,c\n0.5,007\n1.5,42\n2.5,1.10\n", CsvOptions.DEFAULT).column("c");
    assertThat(List.of(codes.text(0), codes.text(1), codes.text(2)))
        .containsExactly("007", "42", "1.10");
    Column countries =
        Csv.parse("t", "x,c\n0.5,NA\n1.5,BW\n2.5,ZA\n3.5,NL\n", CsvOptions.DEFAULT).column("c");
    assertThat(countries.text(0)).as("Namibia").isEqualTo("NA");
    Column ids =
        Csv.parse("t", "x,c\n0.5,9007199254740993\n1.5,9007199254740992\n", CsvOptions.DEFAULT)
            .column("c");
    assertThat(ids.text(0)).isEqualTo("9007199254740993");
    assertThat(ids.text(1)).isEqualTo("9007199254740992");
  }

  @Test
  void readsPlainNumbersFromBytesAsTheJvmDoes() {
    Random random = new Random(7);
    PlainNumber plain = new PlainNumber();
    for (int i = 0; i < 20_000; i++) {
      String text =
          switch (i % 5) {
            case 0 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
            case 1 -> Long.toString(random.nextLong());
            case 2 -> Double.toString(random.nextGaussian());
            case 3 -> random.nextInt(100_000) + "." + random.nextInt(1_000_000);
            default -> random.nextInt(1000) + "e" + (random.nextInt(60) - 30);
          };
      double expected = Double.parseDouble(text);
      byte[] bytes = ("," + text + ",").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      double value = plain.read(bytes, 1, bytes.length - 1);
      if (Double.isFinite(expected)) {
        assertThat(value).as(text).isEqualTo(expected);
        assertThat(NumberForm.PLAIN.parse(text)).as(text).isEqualTo(expected);
      }
    }
    for (String bad :
        List.of("", "-", ".", "1.2.3", "e5", "1e", "1e+", "0x1", "1 2", "12a", "--1")) {
      byte[] bytes = bad.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      assertThat(plain.read(bytes, 0, bytes.length)).as(bad).isNaN();
    }
  }

  private static Column columnOf(String text) {
    return Csv.parse("t", text, CsvOptions.DEFAULT).columns().getFirst();
  }

  @Test
  void takesDigitsOfOneWidthThatBeginWithZerosForCodes() {
    Column zip = columnOf("zip,x\n01234,1\n02345,2\n12345,3\n01234,4\n");
    assertThat(zip.type()).isEqualTo(ColumnType.CATEGORY);
    assertThat(zip.values()).containsExactly("01234", "02345", "12345");
    assertThat(zip.note())
        .isEqualTo(
            "column \"zip\": digits that begin with zeros, as \"01234\" does, are taken for codes;"
                + " --type \"zip=number\" takes them for numbers");
    assertThat(columnOf("month,x\n01,1\n02,2\n12,3\n").note()).isNull();
    assertThat(columnOf("part,x\n01,1\n75,2\n95,3\n").note())
        .isEqualTo(
            "column \"part\": numbers that begin with zeros, such as codes, are read as numbers;"
                + " --type \"part=category\" takes them for categories");
    assertThat(columnOf("v,x\n0.5,1\n0.25,2\n").type()).isEqualTo(ColumnType.NUMBER);
    assertThat(columnOf("v,x\n=\"007\",1\n=\"012\",2\n").text(0)).isEqualTo("007");
    assertThat(columnOf("v,x\n=\"49\",1\n=\"50\",2\n").number(1)).isEqualTo(50);
  }

  @Test
  void saysThatCodesMayHaveBeenReadAsExponents() {
    assertThat(columnOf("room,x\n2E9,1\n3E1,2\n").note())
        .isEqualTo(
            "column \"room\": texts such as \"2E9\" are read as numbers with exponents; --type"
                + " \"room=category\" takes them for codes");
    assertThat(columnOf("v,x\n1E5,1\n2.5E3,2\n").note()).isNull();
    assertThat(columnOf("v,x\n1e-5,1\n2e+3,2\n").note()).isNull();
  }

  @Test
  void takesListsInCellsForTexts() {
    Column pairs = columnOf("at,x\n\"1,10\",1\n\"2,7\",2\n\"3,120\",3\n");
    assertThat(pairs.type()).isEqualTo(ColumnType.CATEGORY);
    assertThat(pairs.note())
        .isEqualTo(
            "column \"at\": cells such as \"1,10\" look like numbers, but in a form that is not"
                + " read (lists, ranges, fractions, telephone numbers); it is taken for a"
                + " category");
    assertThat(columnOf("at,x\n\"1,62,251\",1\n\"11,3,252\",2\n").type())
        .isEqualTo(ColumnType.CATEGORY);
    assertThat(columnOf("at,x\n\"1,5\",1\n\"2,25\",2\n\"3,05\",3\n").number(2)).isEqualTo(3.05);
    assertThat(columnOf("at,x\n\"1,50\",1\n\"2,25\",2\n").number(0)).isEqualTo(1.5);
    assertThat(columnOf("at,x\n\"12,34,567\",1\n\"1,234\",2\n").number(0)).isEqualTo(1234567);
    assertThat(columnOf("at,x\n\"1,234,567\",1\n\"2,234\",2\n").number(0)).isEqualTo(1234567);
  }

  @Test
  void refusesTwoDecimalMarksInOneColumn() {
    BadInput.refused(
        () -> columnOf("p\n1,5\n1.5\n2,5\n2.5\n"),
        "t: column \"p\": 2 cells such as \"1,5\" have a decimal comma, and 2 cells such as \"1.5\""
            + " a decimal point; correct one kind, or --decimal . or --decimal , with --type"
            + " COLUMN=number takes the other kind as missing");
    CsvOptions said =
        CsvOptions.DEFAULT.withDecimal(',').withTypes(java.util.Map.of("p", ColumnType.NUMBER));
    Column p = Csv.parse("t", "p\n1,5\n1.5\n2,5\n2.5\n", said).column("p");
    assertThat(p.number(0)).isEqualTo(1.5);
    assertThat(p.isMissing(1)).isTrue();
  }

  @Test
  void saysThatOtherCellsHaveTheNumberOfALimit() {
    assertThat(columnOf("years,x\n<1,1\n1,2\n5,3\n>20,4\n20,5\n").note())
        .isEqualTo(
            "column \"years\": 2 cells such as \"<1\" give limits, taken as the number itself,"
                + " which other cells have too");
  }

  @Test
  void keepsWordsForMissingValuesThatAreWrittenAsTheOthers() {
    assertThat(columnOf("name,x\nHill,1\nNull,2\nLake,3\nMoor,4\n").values()).contains("Null");
    assertThat(columnOf("name,x\nAnn,1\nNan,2\nEve,3\nBob,4\n").values()).contains("Nan");
    assertThat(columnOf("port,x\nNAN,1\nFRA,2\nCDG,3\nJFK,4\n").values()).contains("NAN");
    Column kind = columnOf("kind,x\nattached,1\nNA,2\ndetached,3\nNA,4\n");
    assertThat(kind.isMissing(1)).isTrue();
    assertThat(kind.note()).isEqualTo("column \"kind\": \"NA\" is taken as missing");
    assertThat(columnOf("v\tx\n8.1\t1\n:\t2\n: c\t3\n").isMissing(2)).isTrue();
  }
}
