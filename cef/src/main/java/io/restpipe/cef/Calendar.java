package io.restpipe.cef;

/** Dates from days since 1970, without making an object. */
final class Calendar {

  static final int DAY = 86_400_000;

  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  private static final int DAYS_IN_400_YEARS = 146_097;
  private static final int DAYS_IN_100_YEARS = 36_524;
  private static final int DAYS_IN_4_YEARS = 1_461;
  // From March 1 of the year 0 to January 1, 1970: counting from March puts a leap day last.
  private static final int DAYS_TO_1970 = 719_468;

  private Calendar() {}

  /** Writes {@code Nov 21}; the day has two digits. */
  static int writeMonthAndDay(long epochDay, byte[] out, int at) {
    int day = dayOfMarchYear(epochDay);
    int marchMonth = (5 * day + 2) / 153;
    int month = marchMonth < 10 ? marchMonth + 2 : marchMonth - 10;
    int dayOfMonth = day - (153 * marchMonth + 2) / 5 + 1;
    for (int i = 0; i < 3; i++) {
      out[at++] = (byte) MONTHS.charAt(3 * month + i);
    }
    out[at++] = ' ';
    return Bytes.digits(dayOfMonth, 2, out, at);
  }

  static int year(long epochDay) {
    long shifted = epochDay + DAYS_TO_1970;
    int year = (int) (Math.floorDiv(shifted, DAYS_IN_400_YEARS) * 400) + yearOfEra(shifted);
    boolean januaryOrFebruary = (5 * dayOfMarchYear(epochDay) + 2) / 153 >= 10;
    return januaryOrFebruary ? year + 1 : year;
  }

  private static int yearOfEra(long shifted) {
    int day = Math.floorMod(shifted, DAYS_IN_400_YEARS);
    return (day
            - day / (DAYS_IN_4_YEARS - 1)
            + day / DAYS_IN_100_YEARS
            - day / (DAYS_IN_400_YEARS - 1))
        / 365;
  }

  private static int dayOfMarchYear(long epochDay) {
    long shifted = epochDay + DAYS_TO_1970;
    int year = yearOfEra(shifted);
    int dayOfEra = Math.floorMod(shifted, DAYS_IN_400_YEARS);
    return dayOfEra - (365 * year + year / 4 - year / 100);
  }

  /** Writes {@code 07:18:24}. */
  static int writeTime(int millisOfDay, byte[] out, int at) {
    int seconds = millisOfDay / 1000;
    at = Bytes.digits(seconds / 3600, 2, out, at);
    out[at++] = ':';
    at = Bytes.digits(seconds / 60 % 60, 2, out, at);
    out[at++] = ':';
    return Bytes.digits(seconds % 60, 2, out, at);
  }
}
