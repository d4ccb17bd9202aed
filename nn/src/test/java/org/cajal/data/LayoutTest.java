package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands around and between the rows of a table, and what is no table. */
class LayoutTest {
  @TempDir Path folder;

  private static Table parse(String text) {
    return Csv.parse("t.csv", text, CsvOptions.DEFAULT);
  }

  private static Table parse(String text, String expected) {
    return Csv.parse("t.csv", text, CsvOptions.DEFAULT.withExpected(List.of(expected)));
  }

  private static final String ROWS = "north,1,2.5\nsouth,2,3.5\neast,3,4.5\nwest,4,5.5\n";

  @Test
  void passesOverWhatStandsBelowTheRows() {
    Table t = parse("area,n,v\n" + ROWS + "\nSource: Office of Numbers, 2024\n* provisional\n");
    assertThat(t.rows()).isEqualTo(4);
    assertThat(t.notes())
        .containsExactly(
            "lines 7 to 8 (\"Source: Office of Numbers, 2024\", …) are passed over as no part of"
                + " the table");
    assertThat(parse("area,n,v\n" + ROWS + "(4 rows affected)\n").notes())
        .containsExactly("line 6 (\"(4 rows affected)\") is passed over as no part of the table");
    assertThat(parse("area,n,v\n" + ROWS + "\"Made on 2024-01-01 by hand\",,\n").notes())
        .containsExactly(
            "line 6 (\"Made on 2024-01-01 by hand\") is passed over as no part of the table");
  }

  @Test
  void refusesShortRowsAmongTheOthers() {
    refused(
        () -> parse("area,n,v\nSource: the office\n" + ROWS),
        "t.csv:2: 1 cell, but the header has 3; every row needs the same number (quote a cell that"
            + " contains \",\")");
    refused(
        () -> parse("area,n,v\n" + ROWS + "north,9\n"),
        "t.csv:6: 2 cells, but the header has 3; every row needs the same number (quote a cell that"
            + " contains \",\")");
    refused(
        () -> parse("area,n,v\n" + ROWS + "Note: cut\nmid,,\n"),
        "t.csv:6: 1 cell, but the header has 3; every row needs the same number (quote a cell that"
            + " contains \",\")");
  }

  @Test
  void passesOverARowOfSums() {
    for (String word : List.of("Total", "TOTAL:", "Summe", "Total général", "合计")) {
      Table t = parse("area,n,v\n" + ROWS + word + ",10,16.0\n");
      assertThat(t.rows()).isEqualTo(4);
      assertThat(t.notes()).containsExactly("line 6 (\"" + word + "\") is passed over as a sum");
    }
    assertThat(parse("area,n,v\nTotal,10,16.0\n" + ROWS + "Total,10,16.0\n").rows())
        .as("a value that comes back")
        .isEqualTo(6);
    assertThat(parse("n,total\n1,a\n2,b\n3,a\n4,Total\n").rows())
        .as("the last cell of a row is no name of it")
        .isEqualTo(4);
  }

  @Test
  void passesOverARepeatedHeader() {
    Table t = parse("area,n,v\n" + ROWS + "area,n,v\n" + ROWS + "\uFEFFarea,n,v\n" + ROWS);
    assertThat(t.rows()).isEqualTo(12);
    assertThat(t.notes()).containsExactly("2 lines repeat the header and are passed over");
    assertThat(parse("area,n,v\n" + ROWS + "area,n,v\n" + ROWS).notes())
        .containsExactly("line 6 repeats the header and is passed over");
    assertThat(Csv.parse("t", "word\nword\nother\n", CsvOptions.DEFAULT.withHeader(true)).rows())
        .as("a single column")
        .isEqualTo(2);
  }

  @Test
  void passesOverRulers() {
    Table markdown = parse("| area | n |\n|------|--:|\n| north | 1 |\n| south | 2 |\n");
    assertThat(markdown.column("n").number(1)).isEqualTo(2);
    assertThat(markdown.rows()).isEqualTo(2);
    Table boxed = parse("+----+---+\n| id | n |\n+----+---+\n| a | 1 |\n| b | 2 |\n+----+---+\n");
    assertThat(boxed.column("id").text(1)).isEqualTo("b");
    assertThat(boxed.rows()).isEqualTo(2);
    Table sql = parse(" id | n\n----+---\n a | 1\n b | 2\n(2 rows)\n");
    assertThat(sql.column("n").number(0)).isEqualTo(1);
    assertThat(parse("x\n1\n---\n3\n").rows()).as("a mark for missing values").isEqualTo(3);
  }

  @Test
  void takesTheQuotesOffWholeLines() {
    Table t = parse("a;b;c\n\"GP;\"\"F\"\";18\"\n\"MS;\"\"x;y\"\";17\"\n");
    assertThat(t.column("a").text(0)).isEqualTo("GP");
    assertThat(t.column("b").text(1)).isEqualTo("x;y");
    assertThat(t.column("c").number(1)).isEqualTo(17);
    assertThat(t.notes())
        .containsExactly(
            "2 lines from line 2 on stand in quotes as a whole, which are taken off; --quote none"
                + " leaves them");
    assertThat(parse("\"a,b,c\"\n\"1,x,3\"\n\"2,y,4\"\n").columnNames())
        .containsExactly("a", "b", "c");
    assertThat(parse("name\n\"Hill, Ann\"\n\"Lake, Bob\"\n").columns())
        .as("cells with a comma")
        .hasSize(1);
    assertThat(parse("name\n\"a \"\"b\"\"\"\n\"c \"\"d\"\"\"\n").column("name").text(0))
        .isEqualTo("a \"b\"");
  }

  @Test
  void readsLinesOfOneCell() {
    Table numbers = parse("value\n62,1\n27,2\n-89,3\n");
    assertThat(numbers.columns()).hasSize(1);
    assertThat(numbers.column("value").number(2)).isEqualTo(-89.3);
    assertThat(parse("value\n62,1\n27,2\n-89,3\n", "value").column("value").number(0))
        .isEqualTo(62.1);
    assertThat(parse("name\nAnn Hill\nBob Lake\nEve Moor\n").column("name").text(0))
        .isEqualTo("Ann Hill");
    assertThat(parse("Ann Hill\nBob Lake\nEve Moor\nAnn Hill\n").columns()).hasSize(1);
    assertThat(parse("comment\ngood, but late\nbad, and late\n").column("comment").text(1))
        .isEqualTo("bad, and late");
    assertThat(parse("x\n1\n\n2\n\n\n3\n\n").notes())
        .containsExactly("3 empty lines among the rows are passed over");
    assertThat(parse("62,1\n27,2\n89,3\n").notes())
        .containsExactly(
            "two columns of whole numbers; if each line is one number with a decimal comma, say"
                + " --separator ';'");
    assertThat(parse("12,345\n7,2\n89,13\n").notes()).isEmpty();
    assertThat(parse("x y\n1 2\n3 4\n").columns()).as("blanks between numbers").hasSize(2);
  }

  @Test
  void findsOrNamesRareSeparators() {
    assertThat(parse("a~b~c\n1~x~2.5\n2~y~3.5\n").column("c").number(1)).isEqualTo(3.5);
    assertThat(parse("a^b^c\n1^x^2.5\n2^y^3.5\n").columns()).hasSize(3);
    refused(
        () -> parse("1::Toy (1995)::3\n2::Heat (1996)::4\n"),
        "t.csv: every line has 2 times \"::\" between its cells; one character is expected: replace"
            + " it by a tab, for example");
    refused(
        () -> parse("a||b\n1||2\n3||4\n"),
        "t.csv: every line has 1 times \"||\" between its cells; one character is expected: replace"
            + " it by a tab, for example");
    assertThat(parse("a/b/c\n1/x/2\n2/y/3\n").notes())
        .containsExactly("one column; if the 2 \"/\" of each line divide cells, say --separator /");
  }

  @Test
  void takesAFirstRowForAHeaderThoughOneOfItsNamesIsAValue() {
    Table t = parse("bruises,class,odor\nbruises,p,n\nno,e,a\nbruises,e,n\nno,p,a\n");
    assertThat(t.columnNames()).containsExactly("bruises", "class", "odor");
    assertThat(parse("Ann,Hill,red\nBob,Lake,blue\nEve,Moor,red\n").rows())
        .as("nothing tells the first row from the others")
        .isEqualTo(3);
    assertThat(parse("a,x\nx,y\ny,x\nx,x\n", "x").columnNames()).containsExactly("a", "x");
  }

  @Test
  void takesYearsAndDaysForNamesOfColumns() {
    assertThat(parse("area,1990,2000,2010\nnorth,1,2,3\nsouth,7,8,9\n").columnNames())
        .containsExactly("area", "1990", "2000", "2010");
    assertThat(parse("area,2024-01-31,2024-02-29,2024-03-31\nnorth,1,2,3\n").columnNames())
        .contains("2024-02-29");
    assertThat(parse("a,1990,1991,1992\nb,1991,1993,1996\n").rows()).isEqualTo(2);
    String bank =
        "\"Source\",\"Indicators\",\n\n\"Updated\",\"2024-01-01\",\n\n"
            + "\"Name\",\"Code\",\"1960\",\"1961\",\"1962\",\n"
            + "\"Aruba\",\"ABW\",\"54\",\"55\",\"56\",\n\"Angola\",\"AGO\",\"\",\"\",\"\",\n"
            + "\"Albania\",\"ALB\",\"16\",\"16\",\"17\",\n";
    assertThat(parse(bank).columnNames()).containsExactly("Name", "Code", "1960", "1961", "1962");
  }

  @Test
  void refusesOtherFormatsByName() throws IOException {
    refusedFile(
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n",
        "a pointer of Git LFS; git lfs pull gets the table");
    refusedFile(
        "-- dump\nCREATE TABLE t (a INT);\nINSERT INTO t VALUES (1),(2);\n",
        "SQL; save the table as CSV");
    refusedFile("[\n  {\"a\": 1},\n  {\"a\": 2}\n]\n", "JSON; save the table as CSV");
    refusedFile("<table><tr><td>1</td></tr></table>\n", "HTML or XML; save the table as CSV");
    refusedFile("PAR1\u0015\u0004", "Parquet; save the table as CSV");
    refusedFile("SQLite format 3\0", "an SQLite database; save the table as CSV");
    refusedFile("BZh91AY&SY", "packed by bzip2; unpack it");
    refusedFile("ARROW1\0\0", "Arrow or Feather; save the table as CSV");
    assertThat(parse("<TICKER>,<CLOSE>\nABC,1\nDEF,2\n").columnNames())
        .containsExactly("<TICKER>", "<CLOSE>");
  }

  private void refusedFile(String content, String kind) throws IOException {
    Path file = folder.resolve("f.csv");
    Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
    refused(() -> Csv.read(file), file + ": not a CSV table but " + kind);
  }

  @Test
  void saysThatLettersMayBeOfAnotherScript() throws IOException {
    Path file = folder.resolve("korean.csv");
    String text = "날짜,기온\n" + "2024-01-01,3.5\n2024-01-02,4.5\n".repeat(20);
    Files.write(file, text.getBytes(Charset.forName("EUC-KR")));
    assertThat(Csv.read(file).notes())
        .containsExactly(
            "read as windows-1252 (Latin-1), since byte 0xB3 in line 1 is not UTF-8, though letters"
                + " beyond ASCII stand together, as in EUC-KR, GBK, Shift_JIS or windows-1251;"
                + " --encoding names another encoding");
    assertThat(Csv.read(file, CsvOptions.DEFAULT.withEncoding("EUC-KR")).columnNames())
        .containsExactly("날짜", "기온");
  }

  @Test
  void passesOverUnitsAndNamesOfGroups() {
    Table logged = parse("Time,Temp,Hum\ns,degC,%\n1,2.5,40\n2,2.6,41\n3,2.7,42\n");
    assertThat(logged.notes())
        .containsExactly("line 2 (\"s, degC, %\") holds units and is passed over");
    assertThat(logged.column("Temp").number(0)).isEqualTo(2.5);
    assertThat(parse("a,b,c\nx,late,late\ny,1,2\nz,late,3\nw,3,4\nv,5,6\n").notes())
        .as("texts that come back are no units")
        .isEmpty();
    Table grouped = parse(",2022,,2023,\nArea,m,f,m,f\nnorth,1,2,3,4\nsouth,5,6,7,8\n");
    assertThat(grouped.columnNames()).containsExactly("Area", "m", "f", "m_2", "f_2");
    assertThat(grouped.notes())
        .containsExactly(
            "line 1 (\"2022  2023\") is passed over as no part of the table; --skip-lines says"
                + " otherwise");
  }

  @Test
  void leavesOutAFirstColumnWithoutANameThatCounts() {
    StringBuilder text = new StringBuilder("\"\",\"x\",\"g\"\n");
    for (int i = 1; i <= 12; i++) {
      text.append('"').append(i).append("\",").append(i * 7 % 5).append(",\"a\"\n");
    }
    assertThat(parse(text.toString()).column("c1").type()).isEqualTo(ColumnType.IDENTIFIER);
    assertThat(parse(text.toString().replace("\"\",", "\"n\",")).column("n").type())
        .as("a column of three with a name")
        .isEqualTo(ColumnType.NUMBER);
  }
}
