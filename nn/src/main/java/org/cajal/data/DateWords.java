package org.cajal.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words in dates: names of months and weekdays in English, German, French, Spanish, Italian,
 * Portuguese and Dutch, and names of zones. A table of its own, as a run-time image may hold no
 * locale's data but English.
 */
final class DateWords {
  /** The names of each month, without accents. */
  private static final String[] MONTHS = {
    "january januar janvier enero gennaio janeiro januari janner jan janv ene gen",
    "february februar fevrier febrero febbraio fevereiro februari feber feb febr fev fevr",
    "march marz maerz mars marzo marco maart mar mrz mrt",
    "april avril abril aprile apr avr abr",
    "may mai mayo maggio maio mei mag",
    "june juni juin junio giugno junho jun giu",
    "july juli juillet julio luglio julho jul juil lug",
    "august aout agosto augustus aug ago",
    "september septembre septiembre setiembre settembre setembro sep sept set",
    "october oktober octobre octubre ottobre outubro oct okt ott out",
    "november novembre noviembre novembro nov",
    "december dezember decembre diciembre dicembre dezembro dec dez dic"
  };

  private static final String WEEKDAYS =
      "monday tuesday wednesday thursday friday saturday sunday"
          + " mon tue tues wed thu thur thurs fri sat sun"
          + " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
          + " mo di mi do fr sa so"
          + " lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim"
          + " lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom"
          + " lunedi martedi mercoledi giovedi venerdi sabato domenica gio"
          + " segunda terca quarta quinta sexta seg ter qua qui sex"
          + " maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo";

  private static final Set<String> FILLERS =
      Set.of("of", "de", "del", "den", "le", "at", "um", "a", "el");

  private static final Map<String, Integer> MONTH_NUMBERS = new HashMap<>();
  private static final Set<String> WEEKDAY_NAMES = new HashSet<>();

  /** Offsets in seconds of names that mean one zone nearly everywhere. */
  private static final Map<String, Integer> ZONES = new HashMap<>();

  static {
    for (int m = 0; m < MONTHS.length; m++) {
      for (String name : words(MONTHS[m])) {
        MONTH_NUMBERS.put(name, m + 1);
      }
    }
    for (String name : words(WEEKDAYS)) {
      WEEKDAY_NAMES.add(name);
    }
    String zones =
        "Z=0 UTC=0 GMT=0 UT=0 WET=0 WEST=1 BST=1 CET=1 MEZ=1 CEST=2 MESZ=2 EET=2 EEST=3 MSK=3"
            + " AST=-4 ADT=-3 EST=-5 EDT=-4 CST=-6 CDT=-5 MST=-7 MDT=-6 PST=-8 PDT=-7 AKST=-9"
            + " AKDT=-8 HST=-10 JST=9 KST=9 AWST=8 AEST=10 AEDT=11 NZST=12 NZDT=13 SAST=2";
    for (String zone : words(zones)) {
      int equals = zone.indexOf('=');
      ZONES.put(
          zone.substring(0, equals), Integer.parseInt(zone, equals + 1, zone.length(), 10) * 3600);
    }
  }

  private DateWords() {}

  private static Iterable<String> words(String list) {
    Set<String> out = new HashSet<>();
    int start = 0;
    for (int i = 0; i <= list.length(); i++) {
      if (i == list.length() || list.charAt(i) == ' ') {
        out.add(list.substring(start, i));
        start = i + 1;
      }
    }
    return out;
  }

  /** A word in lower case and without the accents of the names of months and weekdays. */
  static String plain(String text, int start, int end) {
    boolean ready = true;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      ready &= c >= 'a' && c <= 'z';
    }
    String word = text.substring(start, end);
    if (ready) {
      return word;
    }
    StringBuilder out = new StringBuilder(word.toLowerCase(Locale.ROOT));
    for (int i = 0; i < out.length(); i++) {
      char plain =
          switch (out.charAt(i)) {
            case 'ä', 'á', 'à', 'â', 'ã' -> 'a';
            case 'é', 'è', 'ê', 'ë' -> 'e';
            case 'í', 'ì', 'î' -> 'i';
            case 'ó', 'ô', 'ö' -> 'o';
            case 'û', 'ü', 'ú', 'ù' -> 'u';
            case 'ç' -> 'c';
            default -> out.charAt(i);
          };
      out.setCharAt(i, plain);
    }
    return out.toString();
  }

  /** The month of a name without accents, 1 to 12, or 0. */
  static int month(String word) {
    return MONTH_NUMBERS.getOrDefault(word, 0);
  }

  static boolean isWeekday(String word) {
    return WEEKDAY_NAMES.contains(word);
  }

  /** Whether a word stands between the parts of a date and means nothing by itself. */
  static boolean isFiller(String word) {
    return FILLERS.contains(word);
  }

  /** The offset of a zone in seconds, or null. */
  static @Nullable Integer zone(String upperCase) {
    return ZONES.get(upperCase);
  }
}
