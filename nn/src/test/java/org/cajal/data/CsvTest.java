package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTest {
  @TempDir Path folder;

  private static Table parse(String text) {
    return Csv.parse("t.csv", text, CsvOptions.DEFAULT);
  }

  private static List<ColumnType> types(Table table) {
    return table.columns().stream().map(Column::type).toList();
  }

  @Test
  void findsHeaderAndTypes() {
    Table t =
        parse(
            "size,colour,ok,day\n"
                + "1.5,red,yes,2024-02-29\n"
                + "-2e3,blue,no,2024-03-01\n"
                + ".5,red,yes,2024-03-02\n");
    assertThat(t.columnNames()).containsExactly("size", "colour", "ok", "day");
    assertThat(types(t))
        .containsExactly(
            ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.BOOLEAN, ColumnType.DATE);
    assertThat(t.columns().get(0).number(1)).isEqualTo(-2000);
    assertThat(t.columns().get(1).text(1)).isEqualTo("blue");
    assertThat(t.columns().get(2).number(1)).isZero();
    assertThat(t.columns().get(2).text(0)).isEqualTo("yes");
    assertThat(t.columns().get(3).number(1)).isEqualTo(1709251200.0);
  }

  @Test
  void namesColumnsByNumberWhereThereIsNoHeader() {
    Table t = parse("5.1,a\n4.9,b\n");
    assertThat(t.columnNames()).containsExactly("c1", "c2");
    assertThat(t.rows()).isEqualTo(2);
    assertThat(parse("red,big\nred,small\nblue,big\n").rows())
        .as("first line occurs again")
        .isEqualTo(3);
    assertThat(parse("colour,size\nred,small\nblue,big\n").rows()).isEqualTo(2);
    assertThat(Csv.parse("t", "a,b\nc,d\n", CsvOptions.DEFAULT.withHeader(false)).rows())
        .isEqualTo(2);
    assertThat(Csv.parse("t", "1,2\n3,4\n", CsvOptions.DEFAULT.withHeader(true)).columnNames())
        .containsExactly("1", "2");
  }

  @Test
  void findsTheSeparatorAndDecimalCommas() {
    Table semicolon = parse("x;y\n1,5;2\n-0,25;3\n");
    assertThat(semicolon.columns().get(0).number(1)).isEqualTo(-0.25);
    assertThat(parse("x\ty\n1,5\t2\n2,5\t3\n").columns().get(0).number(0)).isEqualTo(1.5);
    assertThat(parse("x|y\n1|2\n").columns()).hasSize(2);
    assertThat(Csv.parse("t", "a:b\n1:2\n", CsvOptions.DEFAULT.withSeparator(':')).columns())
        .hasSize(2);
    assertThat(types(parse("x,y\n1.234.5,2\n1.2,3\n")).getFirst()).isEqualTo(ColumnType.CATEGORY);
  }

  @Test
  void readsQuotesLineEndsBlanksAndEmptyLines() {
    Table t =
        parse(
            "name, \"the, size\" ,n\r\n"
                + "\"A \"\"b\"\", c\",  1 ,x\r\n\r\n"
                + "\"two\n"
                + "lines\",2,y\r\n"
                + "\"A \"\"b\"\", c\",3,x\r\n");
    assertThat(t.columnNames()).containsExactly("name", "the, size", "n");
    assertThat(t.columns().get(0).values()).containsExactly("A \"b\", c", "two\nlines");
    assertThat(t.columns().get(1).number(0)).isEqualTo(1);
    assertThat(t.rows()).isEqualTo(3);
    assertThat(t.place(2)).isEqualTo("t.csv:6");
    assertThat(parse("a,b\r1,2\r3,4\r").rows()).isEqualTo(2);
    Table plain =
        Csv.parse(
            "t",
            "ham\t\"Hi\" he said\nspam\t\"Win\n",
            CsvOptions.DEFAULT.withoutQuotes().withHeader(false));
    assertThat(plain.columns().get(1).text(1)).isEqualTo("\"Win");
  }

  @Test
  void readsAByteOrderMarkAndGzip() throws IOException {
    Path marked = folder.resolve("marked.csv");
    Files.writeString(marked, "\uFEFFx,y\n1,ä\n2,ö\n");
    assertThat(Csv.read(marked).columnNames()).containsExactly("x", "y");
    assertThat(Csv.read(marked).columns().get(1).text(1)).isEqualTo("ö");
    Path packed = folder.resolve("t.csv.gz");
    Files.write(packed, IdxTest.gzip("x,y\n1,2\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(Csv.read(packed).rows()).isEqualTo(1);
  }

  @Test
  void readsMissingValues() {
    Table t = parse("x,c\n1,a\n?,\nNA,NaN\n,n/a\nnull,b\n<NA>,a\n#N/A,b\n");
    Column x = t.columns().get(0);
    Column c = t.columns().get(1);
    assertThat(x.type()).isEqualTo(ColumnType.NUMBER);
    for (int r = 1; r < 7; r++) {
      assertThat(x.isMissing(r)).isTrue();
    }
    assertThat(c.isMissing(1) && c.isMissing(2) && c.isMissing(3)).isTrue();
    assertThat(c.values()).containsExactly("a", "b");
    Table own =
        Csv.parse(
            "t", "x,c\n1,a\n-,b\nnan,a\n", CsvOptions.DEFAULT.withMissing(Set.of("-", "nan")));
    assertThat(own.columns().get(0).isMissing(2)).isTrue();
  }

  @Test
  void repeatedAndBlankNamesAreMadeUnique() {
    assertThat(
            Csv.parse("t", ",a,a,\n1,2,3,4\n", CsvOptions.DEFAULT.withHeader(true)).columnNames())
        .containsExactly("c1", "a", "a_2", "c4");
  }

  @Test
  void leavesOutIdentifiersAndSaysSo() {
    StringBuilder text = new StringBuilder("n,customer_id,a,b,remark\n");
    for (int i = 1; i <= 30; i++) {
      text.append(
          String.format(Locale.ROOT, "%d,%d,%d,%d,remark %d%n", i, 7 * i + 1000, i % 3, i % 5, i));
    }
    Table t = parse(text.toString());
    assertThat(types(t))
        .containsExactly(
            ColumnType.IDENTIFIER,
            ColumnType.IDENTIFIER,
            ColumnType.NUMBER,
            ColumnType.NUMBER,
            ColumnType.IGNORED);
    assertThat(t.columns().stream().map(Column::note).filter(n -> n != null))
        .containsExactly(
            "column \"n\" is left out: it counts the rows; --type COLUMN=number makes it an input",
            "column \"customer_id\" is left out: it names the rows (30 different values in 30"
                + " cells); --type COLUMN=number makes it an input",
            "column \"remark\" is left out: 30 different texts in 30 cells");
    Table forced =
        Csv.parse(
            "t",
            text.toString(),
            CsvOptions.DEFAULT.withTypes(Map.of("n", ColumnType.NUMBER, "a", ColumnType.CATEGORY)));
    assertThat(types(forced).subList(0, 3))
        .containsExactly(ColumnType.NUMBER, ColumnType.IDENTIFIER, ColumnType.CATEGORY);
  }

  @ParameterizedTest
  @CsvSource({
    "EmployeeNumber, IDENTIFIER",
    "CLIENTNUM, IDENTIFIER",
    "Compound No., IDENTIFIER",
    "RowNumber, IDENTIFIER",
    "userid, IDENTIFIER",
    "phone_no, IDENTIFIER",
    "number, NUMBER",
    "population, NUMBER",
    "year, NUMBER",
    "paid, NUMBER",
    "NumberOfOrders, NUMBER",
    "piano, NUMBER"
  })
  void takesRisingNumbersWithGapsForIdsByTheirName(String name, ColumnType type) {
    StringBuilder text = new StringBuilder("a,b," + name + "\n");
    for (int i = 0; i < 40; i++) {
      text.append(i % 3).append(',').append(i % 7).append(',').append(3 * i + i % 2).append('\n');
    }
    assertThat(parse(text.toString()).columns().get(2).type()).isEqualTo(type);
    CsvOptions said = CsvOptions.DEFAULT.withTypes(Map.of(name, ColumnType.NUMBER));
    assertThat(Csv.parse("t", text.toString(), said).columns().get(2).type())
        .isEqualTo(ColumnType.NUMBER);
    String repeated = text.toString().replace(",6\n", ",9\n").replace(",12\n", ",9\n");
    assertThat(parse(repeated).columns().get(2).type())
        .as("values that repeat")
        .isEqualTo(ColumnType.NUMBER);
  }

  @Test
  void tellsFreeTextFromCodes() {
    String[] words = {"good", "bad", "parcel", "late", "came", "box", "torn", "nice"};
    StringBuilder text = new StringBuilder("code,mail,note,often,y\n");
    for (int i = 0; i < 40; i++) {
      text.append(String.format(Locale.ROOT, "A/5 %d,u%d@example.org,", 7 * i + 1000, i));
      text.append(words[i % 8]).append(' ').append(words[i / 8]).append(' ').append("it was ");
      text.append(i).append(",a text of ").append(i % 3).append(" words,").append(i % 2);
      text.append('\n');
    }
    Table t = parse(text.toString());
    assertThat(types(t))
        .containsExactly(
            ColumnType.IGNORED,
            ColumnType.IGNORED,
            ColumnType.TEXT,
            ColumnType.CATEGORY,
            ColumnType.NUMBER);
    assertThat(t.column("mail").note())
        .isEqualTo("column \"mail\" is left out: 40 different texts in 40 cells");
    assertThat(t.column("note").note()).isNull();
    StringBuilder chinese = new StringBuilder("评论,y\n");
    for (int i = 0; i < 40; i++) {
      chinese.append("质量很好").append((char) ('一' + i)).append(',').append(i % 2).append('\n');
    }
    assertThat(types(parse(chinese.toString())).getFirst()).isEqualTo(ColumnType.TEXT);
  }

  @Test
  void leavesOutWhatIsEmptyOrIgnored() {
    String text = "a,b,c\n1,,x\n2,,y\n3,,x\n";
    Table t = parse(text);
    assertThat(types(t))
        .containsExactly(ColumnType.NUMBER, ColumnType.IGNORED, ColumnType.CATEGORY);
    assertThat(t.column("b").note()).isEqualTo("column \"b\" is left out: all its cells are empty");
    Table ignored =
        Csv.parse("t", text, CsvOptions.DEFAULT.withTypes(Map.of("a", ColumnType.IGNORED)));
    assertThat(ignored.column("a").type().isInput()).isFalse();
    assertThat(ignored.column("a").text(1)).isEqualTo("2");
    assertThat(ignored.column("a").number(1)).isEqualTo(2);
  }

  @Test
  void headersThatNameRowsAreKnown() {
    for (String name :
        List.of(
            "id",
            "ID",
            "PassengerId",
            "orderID",
            "order_id",
            "Order ID",
            "ID number",
            "id_no",
            "PID")) {
      assertThat(firstType(name)).as(name).isEqualTo(ColumnType.IDENTIFIER);
    }
    for (String name : List.of("humid", "paid", "idle", "price", "acid", "Humid")) {
      assertThat(firstType(name)).as(name).isEqualTo(ColumnType.NUMBER);
    }
  }

  private static ColumnType firstType(String name) {
    StringBuilder text = new StringBuilder(name + ",a,b,y\n");
    for (int i = 0; i < 30; i++) {
      text.append(i * 7 % 30 + 100)
          .append(',')
          .append(i % 3)
          .append(',')
          .append(i % 5)
          .append(',')
          .append(i % 2)
          .append('\n');
    }
    return parse(text.toString()).columns().getFirst().type();
  }

  @Test
  void aCountingColumnThatIsAllThereIsStaysANumber() {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 50; i++) {
      text.append(i).append(',').append(i * i + 0.5).append('\n');
    }
    assertThat(types(parse(text.toString()))).containsExactly(ColumnType.NUMBER, ColumnType.NUMBER);
  }

  @Test
  void readsDatesInTheFormThatFitsAllCells() {
    assertThat(parse("d,x\n13/01/2024,1\n02/01/2024,2\n").columns().get(0).dateForm())
        .isEqualTo(DateForm.DAY_MONTH_YEAR);
    Column unclear = parse("d,x\n03/01/2024,1\n02/01/2024,2\n").columns().get(0);
    assertThat(unclear.dateForm()).isEqualTo(DateForm.MONTH_DAY_YEAR);
    assertThat(unclear.note())
        .isEqualTo(
            "column \"d\": dates such as \"03/01/2024\" are read month first; --dates"
                + " d=day-month-year reads them otherwise");
    Column told =
        Csv.parse(
                "t.csv",
                "d,x\n03/01/2024,1\n02/01/2024,2\n",
                CsvOptions.DEFAULT.withDateForms(Map.of("d", DateForm.DAY_MONTH_YEAR)))
            .columns()
            .get(0);
    assertThat(told.type()).isEqualTo(ColumnType.DATE);
    assertThat(told.number(0)).isEqualTo(DateForm.YEAR_MONTH_DAY.parse("2024-01-03"));
    refused(
        () ->
            Csv.parse(
                "t.csv",
                "day,x\n03/01/2024,1\n",
                CsvOptions.DEFAULT.withDateForms(Map.of("dy", DateForm.DAY_MONTH_YEAR))),
        "t.csv: a form of dates is given for no column \"dy\"; there are \"day\", \"x\"");
  }

  @Test
  void numbersAreNoJavaLiterals() {
    for (String bad :
        List.of(
            "1d", "1f", "0x1p3", "1_000", "1e", "e5", "--1", "+", "1 2", "", ".", "1,5", "NaN")) {
      assertThat(Cells.number(bad, false)).as(bad).isNaN();
    }
    assertThat(Cells.number("+1.5E-3", false)).isEqualTo(0.0015);
    assertThat(Cells.number("1e999", false)).isInfinite();
  }

  @Test
  void refusesARaggedRow() {
    refused(
        () -> parse("a,b,c\n1,2,3\n\n4,5\n"),
        "t.csv:4: 2 cells, but the header has 3; every row needs the same number (quote a cell"
            + " that contains \",\")");
    refused(
        () -> parse("a\tb\n1\t2\n1\t2\n1\t2\t3\n"),
        "t.csv:4: 3 cells, but the header has 2; every row needs the same number (quote a cell"
            + " that contains a tab)");
  }

  @Test
  void takesNumbersThatAreNotFiniteAsMissingAndSaysSo() {
    for (String cell : List.of("inf", "-Infinity", "∞", "1e400")) {
      Column column = parse("a,b\n1,2\n3," + cell + "\n5,6\n").column("b");
      assertThat(column.number(1)).as(cell).isNaN();
      assertThat(column.note())
          .isEqualTo(
              "column \"b\": 1 cell such as \""
                  + cell
                  + "\" in line 3 is not finite and taken as missing");
    }
    Column nan = parse("a,b\n1,2\nNaN,4\n").column("a");
    assertThat(nan.isMissing(1)).isTrue();
    assertThat(nan.note()).isNull();
  }

  @Test
  void moreDamageNeverGivesLessComplaint() {
    for (int step : new int[] {50, 15, 11}) {
      Column column = parse(damaged(step)).column("b");
      assertThat(column.type()).isEqualTo(ColumnType.NUMBER);
      assertThat(column.note())
          .startsWith("column \"b\": ")
          .contains("(\"x0\" in line 2, \"x" + step + "\" in line " + (step + 2) + ", ")
          .endsWith(" are not numbers and taken as missing");
    }
    for (int step : new int[] {9, 5, 3, 2}) {
      refused(
          () -> parse(damaged(step)),
          "t.csv: column \"b\": "
              + (149 / step + 1)
              + " cells (\"x0\" in line 2, \"x"
              + step
              + "\" in line "
              + (step + 2)
              + ", \"x"
              + 2 * step
              + "\" in line "
              + (2 * step + 2)
              + ", …) are not numbers, but "
              + (150 - (149 / step + 1))
              + " of the 150 are; correct them, or --missing TEXT names a mark for missing values,"
              + " --type \"b=number\" takes them as missing, --type \"b=category\" takes all as"
              + " categories");
    }
  }

  /** Numbers of which every so many is none. */
  private static String damaged(int step) {
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < 150; i++) {
      text.append(i * 1.5).append(i % step == 0 ? ",x" + i : "," + i * 0.1).append('\n');
    }
    return text.toString();
  }

  @Test
  void takesAnEmptyColumnOfAGivenTypeAsMissing() {
    for (ColumnType type : List.of(ColumnType.NUMBER, ColumnType.BOOLEAN, ColumnType.DATE)) {
      CsvOptions options = CsvOptions.DEFAULT.withTypes(Map.of("b", type));
      for (String cell : List.of("", "?", "inf")) {
        String text = "a;b\n1,5;" + cell + "\n2,5;" + cell + "\n";
        Column column = Csv.parse("t.csv", text, options.withDecimal(',')).column("b");
        assertThat(column.type()).isEqualTo(type);
        assertThat(column.isMissing(0)).as(type + " " + cell).isTrue();
      }
    }
  }

  @Test
  void refusesCellsThatAreNotOfTheTypeGiven() {
    refused(
        () ->
            Csv.parse(
                "t.csv",
                "a,b\n1,x\n",
                CsvOptions.DEFAULT.withTypes(Map.of("b", ColumnType.NUMBER))),
        "t.csv:2: column \"b\": \"x\" is not a number; correct it, or leave the cell empty where"
            + " the value is missing");
    refused(
        () ->
            Csv.parse(
                "t.csv",
                "a,b\n1,x\n",
                CsvOptions.DEFAULT.withTypes(Map.of("b", ColumnType.BOOLEAN))),
        "t.csv:2: column \"b\": \"x\" is not true or false; correct it, or leave the cell empty"
            + " where the value is missing");
    refused(
        () ->
            Csv.parse(
                "t.csv", "a,b\n1,x\n", CsvOptions.DEFAULT.withTypes(Map.of("b", ColumnType.DATE))),
        "t.csv:2: column \"b\": \"x\" is not a date; correct it, or leave the cell empty where the"
            + " value is missing");
    refused(
        () ->
            Csv.parse(
                "t.csv",
                "age,b\n1,x\n",
                CsvOptions.DEFAULT.withTypes(Map.of("aeg", ColumnType.DATE))),
        "t.csv: a type is given for no column \"aeg\"; there are \"age\", \"b\"");
  }

  private void refusedBytes(byte[] bytes, String line) throws IOException {
    Path path = Files.write(folder.resolve("bad.csv"), bytes);
    refused(() -> Csv.read(path), path + line);
  }

  @Test
  void refusesWhatIsNoTable() throws IOException {
    refusedBytes(new byte[0], ": the file is empty; a table with at least one row is expected");
    refusedBytes(
        "\n \n".getBytes(StandardCharsets.UTF_8),
        ": the file has no rows; a table with at least one row is expected");
    refusedBytes(
        "a,b\n".getBytes(StandardCharsets.UTF_8),
        ": only a header line, no rows; a table with at least one row is expected");
    refusedBytes(
        new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10},
        ": not a CSV table but an image; a folder of images is trained on by its name");
    refusedBytes(
        new byte[] {'a', ',', 1, '\n'},
        ": not a CSV table: it holds the byte 0x01 at offset 2, which no text has");
    refusedBytes(
        new byte[] {'P', 'K', 3, 4, 20, 0},
        ": not a CSV table but a zip archive or a spreadsheet; save the table as CSV");
    refusedBytes(
        "{\"a\": 1}".getBytes(StandardCharsets.UTF_8),
        ": not a CSV table but JSON; save the table as CSV");
    refusedBytes(
        "<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8),
        ": not a CSV table but HTML or XML; save the table as CSV");
    refusedBytes(
        "a,b\n1,2\n1,\"open\n3,4\n".getBytes(StandardCharsets.UTF_8),
        ":3: a quote opens a cell that is never closed; close it, or say --quote none where quotes"
            + " are ordinary characters");
    Path none = folder.resolve("none.csv");
    refused(() -> Csv.read(none), none + ": no such file; check the path");
    refused(() -> Csv.read(folder), folder + ": is a folder; a file is expected");
  }

  @Test
  void findsColumnsByNameNumberAndWord() {
    Table t = parse("sepal,petal,species\n1,2,a\n3,4,b\n");
    assertThat(t.column("petal").name()).isEqualTo("petal");
    assertThat(t.column("last").name()).isEqualTo("species");
    assertThat(t.column("-1").name()).isEqualTo("species");
    assertThat(t.column("1").name()).isEqualTo("sepal");
    refused(
        () -> t.column("speces"),
        "t.csv: no column \"speces\"; there are \"species\", \"sepal\", \"petal\"");
    refused(
        () -> t.column("4"), "t.csv: no column number 4; there are 3, 1 to 3 (or -1 for the last)");
    refused(
        () -> t.column("0"), "t.csv: no column number 0; there are 3, 1 to 3 (or -1 for the last)");
    refused(
        () -> parse("aaa,bbb,ccc,abb\n1,2,3,4\n").column("abc"),
        "t.csv: no column \"abc\"; the nearest of the 4 are \"abb\", \"aaa\", \"bbb\"");
  }

  @Test
  void readsTheRealTables() {
    Table iris = Csv.read(RealData.file("tabular/iris.csv"));
    assertThat(iris.rows()).isEqualTo(150);
    assertThat(iris.column("last").values())
        .containsExactly("Iris-setosa", "Iris-versicolor", "Iris-virginica");
    Table wdbc = Csv.read(RealData.file("tabular/wdbc.csv"));
    assertThat(wdbc.columns().get(0).type()).isEqualTo(ColumnType.IDENTIFIER);
    assertThat(wdbc.columns().stream().filter(c -> c.type() == ColumnType.NUMBER)).hasSize(30);
    Table cancer = Csv.read(RealData.file("tabular/breast-cancer-wisconsin.data"));
    assertThat(cancer.columns().get(0).type()).isEqualTo(ColumnType.IDENTIFIER);
    Table titanic = Csv.read(RealData.file("tabular/titanic-train.csv"));
    assertThat(titanic.columns().stream().filter(c -> !c.type().isInput()).map(Column::name))
        .containsExactly("PassengerId", "Ticket", "Cabin");
    assertThat(titanic.column("Name").type()).isEqualTo(ColumnType.TEXT);
    Table adult = Csv.read(RealData.file("tabular/adult-train.csv"));
    assertThat(adult.rows()).isEqualTo(32_561);
    int missing = 0;
    for (Column column : adult.columns()) {
      for (int r = 0; r < adult.rows(); r++) {
        missing += column.isMissing(r) ? 1 : 0;
      }
    }
    assertThat(missing).isEqualTo(4262);
    Table ames = Csv.read(RealData.file("tabular/ames-housing.tsv"));
    assertThat(ames.columns()).hasSize(82);
    assertThat(ames.columns().stream().filter(c -> !c.type().isInput()).map(Column::name))
        .containsExactly("Order", "PID");
    assertThat(Csv.read(RealData.file("tabular/california-housing.csv")).rows()).isEqualTo(20_640);
    assertThat(Csv.read(RealData.file("digits/optdigits.tra")).rows()).isEqualTo(3823);
    Table bikes = Csv.read(RealData.file("tabular/bike-sharing-day.csv"));
    assertThat(bikes.column("dteday").dateForm()).isEqualTo(DateForm.DAY_MONTH_YEAR);
    assertThat(Csv.read(RealData.file("timeseries/monthly-sunspots.csv")).columns().get(0).type())
        .isEqualTo(ColumnType.DATE);
  }
}
