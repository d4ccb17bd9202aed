package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How tables are written, found out or given. */
class DialectTest {
  @TempDir Path folder;

  private static Table parse(String... lines) {
    return parse(CsvOptions.DEFAULT, lines);
  }

  private static Table parse(CsvOptions options, String... lines) {
    return Csv.parse("t.csv", String.join("\n", lines) + "\n", options);
  }

  private static List<Double> numbers(Table table, String column) {
    Column c = table.column(column);
    return java.util.stream.IntStream.range(0, table.rows()).mapToObj(c::number).toList();
  }

  private Table bytes(String text, Charset charset) throws IOException {
    Path file = folder.resolve("t.csv");
    Files.write(file, text.getBytes(charset));
    return Csv.read(file);
  }

  @Test
  void findsSeparators() {
    assertThat(parse("a,b", "1,x", "2,y").dialect().separator()).isEqualTo(',');
    assertThat(parse("a;b", "1,5;x", "2,5;y").dialect().separator()).isEqualTo(';');
    assertThat(parse("a\tb", "1\tx y", "2\ty z").dialect().separator()).isEqualTo('\t');
    assertThat(parse("a|b", "1|x", "2|y").dialect().separator()).isEqualTo('|');
    Table blanks = parse("  18.4   6   134.0  \t\"make a\"", "  9.39  8   84.5  \t\"make b\"");
    assertThat(blanks.dialect().separator()).isEqualTo(' ');
    assertThat(blanks.columnNames()).containsExactly("c1", "c2", "c3", "c4");
    assertThat(blanks.column("c4").text(1)).isEqualTo("make b");
    Table moments = parse("when;x", "2024-01-01 10:00:00;5", "2024-01-02 11:00:00;6");
    assertThat(moments.columnNames()).containsExactly("when", "x");
    Table texts = parse("label,text", "a,\"one; two; three\"", "b,\"one; two\"", "a,\"x\"");
    assertThat(texts.dialect().separator()).isEqualTo(',');
    Table listed = parse("tags,x", "a|b|c,1", "b|c,2", "c|a,3");
    assertThat(listed.columnNames()).containsExactly("tags", "x");
  }

  @Test
  void obeysASeparatorLine() {
    for (String first : List.of("sep=;", "\"sep=;\"", "SEP=;")) {
      Table table = parse(first, "a;b", "1;2", "3;4");
      assertThat(table.columnNames()).as(first).containsExactly("a", "b");
      assertThat(table.notes()).isEmpty();
    }
  }

  @Test
  void findsQuotesAndEscapes() {
    assertThat(parse("a,b", "\"x \"\"y\"\", z\",1", "w,2").column("a").text(0))
        .isEqualTo("x \"y\", z");
    Table backslash = parse("a,b", "\"x \\\"y, z\\\" w\",1", "v,2", "\"\\\"u, t\\\"\",3");
    assertThat(backslash.dialect().escape()).isEqualTo('\\');
    assertThat(backslash.column("a").text(0)).isEqualTo("x \"y, z\" w");
    assertThat(backslash.column("a").text(2)).isEqualTo("\"u, t\"");
    Table single = parse("a,b", "'x, y',1", "z,2", "'w, v',3");
    assertThat(single.dialect().quote()).isEqualTo('\'');
    assertThat(single.column("a").text(0)).isEqualTo("x, y");
    assertThat(parse("a,b", "it's,1", "that's,2").dialect().quote()).isEqualTo('"');
    assertThat(parse("a,b", "\"A\" grade,1", "B,2").column("a").text(0)).isEqualTo("\"A\" grade");
    assertThat(parse("a,b", "6\" pipe,1", "B,2").column("a").text(0)).isEqualTo("6\" pipe");
    assertThat(parse("a,b", "\"two\nlines\",1", "B,2").column("a").text(0)).isEqualTo("two\nlines");
    refused(
        () -> parse("a,t,c", "0,x,0", "1,\"x,1", "2,x,2", "3,x,3", "4,x\",4"),
        "t.csv:3: a quoted cell goes on over 2 lines that look like rows; close it, or say --quote"
            + " none where quotes are ordinary characters");
    String wide = "1 ".repeat(200_000);
    assertThat(parse("id,pix", "0,\"" + wide + "\"", "1,\"" + wide + "\"").rows()).isEqualTo(2);
    assertThat(
            parse(CsvOptions.DEFAULT.withoutQuotes(), "a,b", "\"x,1", "B\",2").column("a").text(0))
        .isEqualTo("\"x");
  }

  @Test
  void passesOverPreamblesAndComments() {
    Table title = parse("Flats sold in 2023", "", "area,rent", "65.7,800", "55.1,700");
    assertThat(title.columnNames()).containsExactly("area", "rent");
    assertThat(title.notes())
        .containsExactly(
            "line 1 (\"Flats sold in 2023\") is passed over as no part of the table; --skip-lines"
                + " says otherwise");
    Table padded = parse("Flats sold in 2023,,", ",,", "area,rent,zone", "65.7,800,a", "55.1,7,b");
    assertThat(padded.columnNames()).containsExactly("area", "rent", "zone");
    Table comments =
        parse("# station 4", "# unit: m2, kg", "area,rent", "65.7,800", "# moved", "55.1,700");
    assertThat(comments.columnNames()).containsExactly("area", "rent");
    assertThat(comments.rows()).isEqualTo(2);
    assertThat(parse("#id,size", "1,0.5", "2,0.7").columnNames()).containsExactly("id", "size");
    assertThat(parse(CsvOptions.DEFAULT.withComment(';'), "a,b", "1,2", "; no row", "3,4").rows())
        .isEqualTo(2);
    assertThat(parse(CsvOptions.DEFAULT.withSkipLines(2), "1,2", "3,4", "a,b", "5,6").columnNames())
        .containsExactly("a", "b");
    assertThat(parse("area,rent", "m2,EUR", "65.7,800", "55.1,700", "45.2,650").notes())
        .containsExactly("line 2 (\"m2, EUR\") holds units and is passed over");
  }

  @Test
  void findsHeaders() {
    assertThat(parse("v1,v2,,,", "ham,\"go, now\",,,", "spam,win,,,").columnNames())
        .containsExactly("v1", "v2");
    assertThat(parse("height,,label", "1.5,2,yes", "1.7,3,no").columnNames())
        .containsExactly("height", "c2", "label");
    assertThat(parse(",height,label", "0,1.5,yes", "1,1.7,no").columnNames())
        .containsExactly("c1", "height", "label");
    assertThat(parse("country,1990,1991,1992", "A,1,2,3", "B,4,5,6").columnNames())
        .containsExactly("country", "1990", "1991", "1992");
    Table named = parse("a b", "r1 1.5 2", "r2 1.7 3");
    assertThat(named.columnNames())
        .as("the header lacks the rows' names")
        .containsExactly("c1", "a", "b");
    assertThat(named.notes())
        .containsExactly(
            "the first column has no name in the header: it is taken for the names of rows");
    refused(
        () -> parse("temp,hum", "21,5,40", "20,1,45", "19,8,50"),
        "t.csv:2: 3 cells, but the header has 2; every row needs the same number (quote a cell that"
            + " contains \",\")");
    assertThat(parse(",0,1,2", "0,4.5,1.2,7", "1,3.5,2.2,6").columnNames())
        .containsExactly("c1", "0", "1", "2");
    assertThat(parse("a,b,c", "1,2,3,,", "4,5,6,,").columnNames()).containsExactly("a", "b", "c");
    assertThat(parse("id,tags", "0,a;b;c", "1,a;b;d", "2,a;c;d").columnNames())
        .containsExactly("id", "tags");
    Table target =
        parse(
            CsvOptions.DEFAULT.withExpected(List.of("colour")),
            "size,colour",
            "big,red",
            "size,blue",
            "big,red");
    assertThat(target.columnNames()).as("the target's name proves it").contains("colour");
    assertThat(parse("1.5,yes", "1.7,no").columnNames()).containsExactly("c1", "c2");
  }

  @Test
  void passesOverTrailingSeparatorsAndRowsWithoutValues() {
    for (String header : List.of("a,b,", "a,b")) {
      Table table = parse(header, "1,2,", "3,4,", ",,", "5,6,");
      assertThat(table.columnNames()).containsExactly("a", "b");
      assertThat(numbers(table, "b")).containsExactly(2.0, 4.0, 6.0);
      assertThat(table.notes())
          .containsExactly(
              "a row without any value is passed over",
              "every row ends with separators too many, which are passed over");
    }
    assertThat(parse("a,b,", "1,2", "3,4").columnNames()).containsExactly("a", "b");
    refused(
        () -> parse("a,b", "1,2", "3,4,5"),
        "t.csv:3: 3 cells, but the header has 2; every row needs the same number (quote a cell that"
            + " contains \",\")");
    refused(
        () -> parse("a,b,remark", "1,2,ok", "3,4", "5,6", "7,8"),
        "t.csv:3: 2 cells, but the header has 3; every row needs the same number (quote a cell that"
            + " contains \",\")");
  }

  @Test
  void readsEncodings() throws IOException {
    String text = "größe;straße\n1,63;Höhe\n1,34;Tür\n";
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_8,
            StandardCharsets.ISO_8859_1,
            StandardCharsets.UTF_16,
            Charset.forName("windows-1252"),
            Charset.forName("UTF-32"))) {
      String marked = charset.name().equals("UTF-32") ? "\uFEFF" + text : text;
      Table table = bytes(marked, charset);
      assertThat(table.columnNames()).as(charset.name()).containsExactly("größe", "straße");
      assertThat(table.column("straße").text(1)).isEqualTo("Tür");
    }
    assertThat(bytes("\uFEFF" + text, StandardCharsets.UTF_16LE).columnNames()).contains("größe");
    assertThat(bytes(text, StandardCharsets.ISO_8859_1).notes())
        .containsExactly(
            "read as windows-1252 (Latin-1), since byte 0xF6 in line 1 is not UTF-8; --encoding"
                + " names another encoding");
    Path file = folder.resolve("c.csv");
    Files.write(file, "цвет;x\nред;1\nсин;2\n".getBytes(Charset.forName("windows-1251")));
    refused(
        () -> Csv.read(file),
        file
            + ":1: neither UTF-8 (byte 0xF6) nor likely Windows-1252; name the encoding with"
            + " --encoding, such as windows-1251, Shift_JIS or GBK");
    assertThat(Csv.read(file, CsvOptions.DEFAULT.withEncoding("windows-1251")).columnNames())
        .containsExactly("цвет", "x");
    refused(
        () -> Csv.read(file, CsvOptions.DEFAULT.withEncoding("klingon")),
        "--encoding klingon: no such encoding; UTF-8, UTF-16, ISO-8859-1, windows-1252,"
            + " windows-1251, Shift_JIS and many more are known");
    Files.write(file, text.getBytes(StandardCharsets.UTF_16LE));
    refused(
        () -> Csv.read(file),
        file + ": looks like UTF-16 without a byte order mark; say so with --encoding UTF-16LE");
    byte[] mostly = ("ä,b\n" + "ü,ö\n".repeat(30)).getBytes(StandardCharsets.UTF_8);
    mostly[40] = (byte) 0xFF;
    Files.write(file, mostly);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Csv.read(file)).getMessage())
        .startsWith(file + ":")
        .endsWith(
            "though the rest of the file is; correct the line, or name the encoding with"
                + " --encoding");
  }

  @Test
  void readsGzipOfAnyDialect() throws IOException {
    Path file = folder.resolve("t.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("a;b\n1,5;x\n2,5;y\n".getBytes(StandardCharsets.UTF_16));
    }
    assertThat(numbers(Csv.read(file), "a")).containsExactly(1.5, 2.5);
  }

  @Test
  void readsArff() {
    Table table =
        parse(
            "% flats",
            "@RELATION flats",
            "",
            "@attribute 'living area' numeric",
            "@attribute zone {a, 'b c', '1'}",
            "@data",
            "65.7,a",
            "% moved",
            "?,'b c'");
    assertThat(table.columnNames()).containsExactly("living area", "zone");
    assertThat(numbers(table, "living area")).containsExactly(65.7, Double.NaN);
    assertThat(table.column("zone").text(1)).isEqualTo("b c");
    refused(
        () -> parse("@relation x", "@attribute a numeric", "@data", "{0 1.5}"),
        "t.csv: sparse ARFF is not read; save the table with a value for each attribute");
    refused(
        () -> parse("-1 1:65.69 2:64352.2", "1 1:155.62 2:3108.7"),
        "t.csv: looks like the sparse format of LIBSVM (\"-1 1:65.69 2:64352.2\"), which is not"
            + " read; write a table with a column for each feature");
  }

  @Test
  void takesUsualMarksAsMissing() {
    for (String mark :
        List.of(
            "", "NA", "N/A", "#N/A", "NULL", "None", "nan", "NaN", "-", ".", "?", "\\N", "#DIV/0!",
            "#NUM!", "\"\"", "\" \"")) {
      Table table = parse("x,y", "1.5,a", mark + ",b", "2.5,a");
      assertThat(numbers(table, "x")).as(mark).containsExactly(1.5, Double.NaN, 2.5);
      assertThat(table.column("x").note()).as(mark).isNull();
    }
    for (String word : List.of("unknown", "missing", "nil", "inf")) {
      Column x = parse("x,y", "1.5,a", word + ",b", "2.5,a").column("x");
      assertThat(x.isMissing(1)).as(word).isTrue();
      assertThat(x.note()).startsWith("column \"x\": 1 cell such as \"" + word + "\" in line 3");
    }
    Table named =
        parse(CsvOptions.DEFAULT.withMissing(Set.of("Leer")), "x,y", "1.5,a", "LEER,leer");
    assertThat(named.column("x").isMissing(1)).isTrue();
    assertThat(named.column("y").isMissing(1)).isTrue();
    assertThat(parse("x,y", "1.5,None", "2.5,-", "3.5,a").column("y").values())
        .as("in categories they are values")
        .containsExactly("None", "-", "a");
  }

  @Test
  void describesAndKeepsADialect() {
    Table table = parse("x;y;z", "1,5;a;1.234", "2,5;b;2.345");
    assertThat(table.dialect().toString()).isEqualTo("semicolons, decimal comma, UTF-8, header");
    Dialect given =
        Dialect.FOUND_OUT.toBuilder()
            .encoding("windows-1252")
            .separator(' ')
            .quote('\'')
            .escape('\\')
            .header(false)
            .skipLines(2)
            .comment('#')
            .decimal(',')
            .thousands('.')
            .missing(Set.of("-999"))
            .build();
    assertThat(Dialect.fromMap(new PlainData("dialect", given.toMap()))).isEqualTo(given);
    assertThat(Dialect.fromMap(new PlainData("dialect", Dialect.FOUND_OUT.toMap())))
        .isEqualTo(Dialect.FOUND_OUT);
    assertThat(given.toString())
        .isEqualTo(
            "blanks, quotes ', backslash escapes, decimal comma, thousands by points, windows-1252,"
                + " 2 lines skipped, comments after #, no header");
  }

  @Test
  void aModelReadsAsItsTrainingFileWasRead() {
    StringBuilder text = new StringBuilder("flaeche;preis;bezirk\n");
    for (int i = 0; i < 40; i++) {
      text.append(30 + i)
          .append(",5;")
          .append(1 + i / 20)
          .append('.')
          .append(100 + i)
          .append(i % 2 == 0 ? " €;Nord\n" : " €;Süd\n");
    }
    Table table = Csv.parse("t.csv", text.toString(), CsvOptions.DEFAULT);
    assertThat(table.column("preis").number(0)).isEqualTo(1100);
    Preprocessing p =
        Preprocessing.fit(
            table,
            Target.of(table, "preis", null),
            java.util.stream.IntStream.range(0, 40).toArray(),
            Preprocessing.Options.DEFAULT);
    Preprocessing loaded = Preprocessing.fromMap(p.toMap());
    assertThat(loaded).isEqualTo(p);
    float[] map = loaded.transform(java.util.Map.of("flaeche", "65,7", "bezirk", "Nord"));
    assertThat(map)
        .isEqualTo(loaded.transform(java.util.Map.of("flaeche", 65.7, "bezirk", "Nord")));
    Table one =
        Csv.parse("p.csv", "flaeche;preis;bezirk\n65,7;1.234 €;Nord\n", loaded.csvOptions());
    assertThat(one.column("preis").number(0)).isEqualTo(1234);
    assertThat(loaded.transform(one, new int[] {0}).toFloats()).isEqualTo(map);
    Table column = Csv.parse("p.csv", "flaeche\n65,7\n1,5\n", loaded.csvOptions());
    assertThat(numbers(column, "flaeche")).as("one column alone").containsExactly(65.7, 1.5);
    Table single = Csv.parse("p.csv", "flaeche;bezirk\n65,7;Nord\n", loaded.csvOptions());
    assertThat(loaded.transform(single, new int[] {0}).toFloats()).isEqualTo(map);
  }
}
