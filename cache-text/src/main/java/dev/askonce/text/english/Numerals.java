package dev.askonce.text.english;

import dev.askonce.engine.decision.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads numbers: words as digits, multipliers and units into one value, so that {@code 1 day}
 * equals {@code 24 hours}, and {@code 25k} equals {@code twenty-five thousand}.
 */
final class Numerals {
  private record Unit(String dimension, BigDecimal factor) {}

  private static final Pattern DECIMAL = Pattern.compile("[0-9]+(\\.[0-9]+)?");
  private static final Map<String, Integer> WORDS = new HashMap<>();
  private static final Map<String, BigDecimal> MULTIPLIERS = new HashMap<>();
  private static final Map<String, Unit> UNITS = new HashMap<>();
  private static final Set<String> ORDINAL_ENDINGS = Set.of("st", "nd", "rd", "th");
  private static final Map<String, String> CURRENCIES =
      Map.of("$", "dollar", "€", "euro", "£", "pound", "¥", "yen", "₹", "rupee", "%", "percent");

  static {
    String[] small = {
      "two",
      "three",
      "four",
      "five",
      "six",
      "seven",
      "eight",
      "nine",
      "ten",
      "eleven",
      "twelve",
      "thirteen",
      "fourteen",
      "fifteen",
      "sixteen",
      "seventeen",
      "eighteen",
      "nineteen"
    };
    for (int i = 0; i < small.length; i++) {
      WORDS.put(small[i], i + 2);
    }
    String[] tens = {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};
    for (int i = 0; i < tens.length; i++) {
      WORDS.put(tens[i], (i + 2) * 10);
    }
    WORDS.put("zero", 0);
    WORDS.put("dozen", 12);
    String[] ordinals = {
      "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"
    };
    for (int i = 0; i < ordinals.length; i++) {
      WORDS.put(ordinals[i], i + 3);
    }
    multiplier("1000", "k", "thousand", "thousands");
    multiplier("100", "hundred", "hundreds");
    multiplier("100000", "lakh", "lakhs", "lac", "lacs");
    multiplier("1000000", "million", "millions", "mn");
    multiplier("10000000", "crore", "crores");
    multiplier("1000000000", "billion", "billions", "bn");
    unit("time", "0.001", "ms", "millisecond", "milliseconds");
    unit("time", "1", "s", "sec", "secs", "seconds");
    unit("time", "60", "min", "mins", "minute", "minutes");
    unit("time", "3600", "h", "hr", "hrs", "hour", "hours");
    unit("time", "86400", "day", "days");
    unit("time", "604800", "week", "weeks");
    unit("months", "1", "month", "months");
    unit("months", "12", "year", "years", "yr", "yrs");
    unit("length", "0.001", "mm", "millimeter", "millimeters");
    unit("length", "0.01", "cm", "centimeter", "centimeters", "centimetre", "centimetres");
    unit("length", "1", "meter", "meters", "metre", "metres");
    unit("length", "1000", "km", "kms", "kilometer", "kilometers", "kilometre", "kilometres");
    unit("length", "0.0254", "inch", "inches");
    unit("length", "0.3048", "ft", "foot", "feet");
    unit("length", "1609.344", "mile", "miles");
    unit("mass", "0.001", "g", "gram", "grams");
    unit("mass", "1", "kg", "kgs", "kilo", "kilos", "kilogram", "kilograms");
    unit("mass", "0.45359237", "lb", "lbs");
    unit("volume", "0.001", "ml", "milliliter", "milliliters");
    unit("volume", "1", "liter", "liters", "litre", "litres");
    unit("data", "1", "kb", "kilobyte", "kilobytes");
    unit("data", "1000", "mb", "megabyte", "megabytes");
    unit("data", "1000000", "gb", "gigabyte", "gigabytes");
    unit("data", "1000000000", "tb", "terabyte", "terabytes");
    unit("dollar", "1", "dollar", "dollars", "usd", "bucks");
    unit("dollar", "0.01", "cent", "cents");
    unit("euro", "1", "euro", "euros", "eur");
    unit("pound", "1", "pound", "pounds", "gbp");
    unit("rupee", "1", "rupee", "rupees", "rs", "inr");
    unit("yen", "1", "yen", "jpy");
    unit("percent", "1", "percent", "pct");
    unit("degree", "1", "degree", "degrees");
  }

  private Numerals() {}

  private static void multiplier(String value, String... words) {
    for (String word : words) {
      MULTIPLIERS.put(word, new BigDecimal(value));
    }
  }

  private static void unit(String dimension, String factor, String... words) {
    for (String word : words) {
      UNITS.put(word, new Unit(dimension, new BigDecimal(factor)));
    }
  }

  /** {@return the words with each number, its multipliers and its unit as one} */
  static List<Word> read(List<Word> words) {
    List<Word> read = new ArrayList<>(words.size());
    int at = 0;
    while (at < words.size()) {
      BigDecimal value = value(words.get(at));
      String currency = CURRENCIES.get(words.get(at).form());
      if (value == null && currency != null && at + 1 < words.size()) {
        value = value(words.get(at + 1));
        at += value == null ? 0 : 1;
      }
      if (value == null) {
        Word word = words.get(at++);
        read.add(currency == null ? word : plain(currency));
        continue;
      }
      at++;
      boolean small = value.compareTo(BigDecimal.TEN) > 0 && value.intValue() % 10 == 0;
      if (small && words.get(at - 1).kind() == Kind.WORD && at < words.size()) {
        BigDecimal ones = value(words.get(at));
        if (ones != null && ones.compareTo(BigDecimal.TEN) < 0) {
          value = value.add(ones);
          at++;
        }
      }
      while (at < words.size() && MULTIPLIERS.containsKey(words.get(at).form())) {
        value = value.multiply(MULTIPLIERS.get(words.get(at++).form()));
      }
      if (at < words.size() && ORDINAL_ENDINGS.contains(words.get(at).form())) {
        at++;
      }
      String dimension = currency == null ? "" : currency;
      BigDecimal base = value;
      if (at < words.size() && dimension.isEmpty()) {
        Word next = words.get(at);
        Unit unit = UNITS.get(CURRENCIES.getOrDefault(next.form(), next.form()));
        if (unit != null) {
          base = value.multiply(unit.factor());
          dimension = unit.dimension();
          at++;
        }
      }
      read.add(number(plain(value), plain(base), dimension));
    }
    return read;
  }

  /** {@return the value of a number or number word, or null} */
  private static BigDecimal value(Word word) {
    if (word.kind() == Kind.NUMBER) {
      return DECIMAL.matcher(word.form()).matches() ? new BigDecimal(word.form()) : null;
    }
    Integer value = WORDS.get(word.form());
    return value == null ? null : BigDecimal.valueOf(value);
  }

  private static Word plain(String form) {
    return new Word(form, Stemmer.stem(form), Kind.WORD, Set.of(), false);
  }

  private static String plain(BigDecimal value) {
    return value.stripTrailingZeros().toPlainString();
  }

  private static Word number(String value, String base, String dimension) {
    return new Word(value, base + " " + dimension, Kind.NUMBER, Set.of(), false);
  }
}
