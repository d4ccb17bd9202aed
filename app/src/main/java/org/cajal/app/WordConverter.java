package org.cajal.app;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads one of a few words, upper and lower case alike, and names them all where another one is
 * given.
 *
 * @param words the constants, whose texts in lower case are the words
 */
record WordConverter<E extends Enum<E>>(Class<E> words) implements ITypeConverter<E> {
  /** Makes a command and its subcommands read all enumerations of this package so. */
  static void register(CommandLine line) {
    add(line, ModelName.class);
    add(line, OptimizerName.class);
    add(line, ScheduleName.class);
    add(line, DataOptions.TaskName.class);
    add(line, DataOptions.SplitName.class);
    add(line, org.cajal.data.ColumnType.class);
    add(line, org.cajal.data.DateForm.class);
  }

  private static <E extends Enum<E>> void add(CommandLine line, Class<E> words) {
    line.registerConverter(words, new WordConverter<>(words));
  }

  @Override
  public E convert(String value) {
    for (E constant : words.getEnumConstants()) {
      if (constant.toString().equalsIgnoreCase(value)) {
        return constant;
      }
    }
    String known =
        String.join(
            ", ",
            Arrays.stream(words.getEnumConstants())
                .map(c -> c.toString().toLowerCase(Locale.ROOT))
                .toList());
    throw new TypeConversionException("'" + value + "' is none of " + known);
  }
}
