package io.restpipe.pipe.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restpipe.event.ParameterException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlParametersTest {

  private enum Color {
    RED,
    Green,
    dark_blue {
      @Override
      public String toString() {
        return "navy";
      }
    }
  }

  /** One method for each kind of declaration. */
  @SuppressWarnings("unused")
  private interface Declared {
    void aString(String value);

    void aByte(byte value);

    void aShort(Short value);

    void anInt(int value);

    void aLong(long value);

    void aFloat(float value);

    void aDouble(Double value);

    void anInteger(BigInteger value);

    void aDecimal(BigDecimal value);

    void aBoolean(boolean value);

    void aChar(char value);

    void anEnum(Color value);

    void aUuid(UUID value);

    void aPath(Path value);

    void anInstant(Instant value);

    void aDuration(Duration value);

    void aPeriod(Period value);

    void aDate(LocalDate value);

    void aTime(LocalTime value);

    void aDateTime(LocalDateTime value);

    void anOffsetTime(OffsetTime value);

    void anOffsetDateTime(OffsetDateTime value);

    void aZonedDateTime(ZonedDateTime value);

    void aYear(Year value);

    void aMonth(YearMonth value);

    void aDay(MonthDay value);

    void aZone(ZoneId value);

    void anOffset(ZoneOffset value);

    void none();

    void many(String... values);

    void manyInts(int first, int... rest);

    void array(Color[] values);

    void optional(String first, Optional<Integer> second, Optional<String> third);

    void optionalAndMany(Optional<Integer> first, long... rest);

    void misplacedOptional(Optional<String> first, String second);

    void misplacedArray(String[] first, String second);

    void unknown(Object value);

    void unknownOptional(Optional<List<String>> value);

    void unknownArray(Thread... values);
  }

  private static Method method(String name) {
    return Arrays.stream(Declared.class.getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Object[] convert(String name, String... given) {
    var problems = new ArrayList<String>();
    UrlParameters parameters = UrlParameters.of(method(name), 0, problems);
    assertThat(problems).isEmpty();
    var arguments = new Object[parameters.count()];
    parameters.convert(List.of(given), arguments, 0);
    return arguments;
  }

  private static Object one(String name, String given) {
    return convert(name, given)[0];
  }

  private static List<String> problems(String name) {
    var problems = new ArrayList<String>();
    UrlParameters.of(method(name), 0, problems);
    return problems;
  }

  @Test
  void every_type_is_converted() {
    assertThat(one("aString", " ä ")).isEqualTo(" ä ");
    assertThat(one("aByte", "-128")).isEqualTo((byte) -128);
    assertThat(one("aShort", "32767")).isEqualTo((short) 32767);
    assertThat(one("anInt", "-7")).isEqualTo(-7);
    assertThat(one("aLong", "9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(one("aFloat", "1.5e3")).isEqualTo(1500f);
    assertThat(one("aDouble", "-.5")).isEqualTo(-0.5);
    assertThat(one("anInteger", "1" + "0".repeat(40))).isEqualTo(BigInteger.TEN.pow(40));
    assertThat(one("aDecimal", "1.20")).isEqualTo(new BigDecimal("1.20"));
    assertThat(one("aBoolean", "true")).isEqualTo(true);
    assertThat(one("aBoolean", "false")).isEqualTo(false);
    assertThat(one("aChar", "ä")).isEqualTo('ä');
    assertThat(one("anEnum", "RED")).isEqualTo(Color.RED);
    assertThat(one("anEnum", "green")).isEqualTo(Color.Green);
    assertThat(one("anEnum", "DARK_BLUE")).isEqualTo(Color.dark_blue);
    var uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    assertThat(one("aUuid", uuid)).isEqualTo(UUID.fromString(uuid));
    assertThat(one("anInstant", "2026-01-31T12:00:00Z"))
        .isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
    assertThat(one("aDuration", "PT1M30S")).isEqualTo(Duration.ofSeconds(90));
    assertThat(one("aPeriod", "P1M")).isEqualTo(Period.ofMonths(1));
    assertThat(one("aDate", "2026-01-31")).isEqualTo(LocalDate.of(2026, 1, 31));
    assertThat(one("aTime", "12:00")).isEqualTo(LocalTime.NOON);
    assertThat(one("aDateTime", "2026-01-31T12:00"))
        .isEqualTo(LocalDateTime.of(2026, 1, 31, 12, 0));
    assertThat(one("anOffsetTime", "12:00+01:00")).isEqualTo(OffsetTime.parse("12:00+01:00"));
    assertThat(one("anOffsetDateTime", "2026-01-31T12:00+01:00"))
        .isEqualTo(OffsetDateTime.parse("2026-01-31T12:00+01:00"));
    assertThat(one("aZonedDateTime", "2026-01-31T12:00+01:00[Europe/Berlin]"))
        .isEqualTo(ZonedDateTime.parse("2026-01-31T12:00+01:00[Europe/Berlin]"));
    assertThat(one("aYear", "2026")).isEqualTo(Year.of(2026));
    assertThat(one("aMonth", "2026-01")).isEqualTo(YearMonth.of(2026, 1));
    assertThat(one("aDay", "--01-31")).isEqualTo(MonthDay.of(1, 31));
    assertThat(one("aZone", "Europe/Berlin")).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(one("anOffset", "+01:00")).isEqualTo(ZoneOffset.ofHours(1));
  }

  @ParameterizedTest
  @CsvSource({
    "aByte, 128",
    "aShort, 40000",
    "anInt, 2147483648",
    "anInt, ''",
    "anInt, ' 1'",
    "anInt, 1.0",
    "anInt, 0x10",
    "anInt, 1_000",
    "aLong, 9223372036854775808",
    "aLong, 1L",
    "aFloat, 1e39",
    "aFloat, 1f",
    "aDouble, NaN",
    "aDouble, Infinity",
    "aDouble, 1d",
    "aDouble, 0x1p3",
    "aDouble, ' 1'",
    "aDouble, ''",
    "aDouble, 1e999",
    "anInteger, 1.5",
    "aDecimal, 1e999999999",
    "aDecimal, -1e-999999999",
    "aDecimal, one",
    "aBoolean, TRUE",
    "aBoolean, 1",
    "aBoolean, ''",
    "aChar, ab",
    "aChar, ''",
    "anEnum, navy",
    "anEnum, ''",
    "aUuid, 1-1-1-1-1",
    "aUuid, 0f8fad5b-d9cb-469f-a165-70867728950g",
    "anInstant, yesterday",
    "aDate, 2026-02-30",
    "aTime, 25:00",
    "aDuration, 1m",
    "aZone, Nowhere/Land",
  })
  void what_does_not_fit_is_refused_with_the_signature(String method, String text) {
    assertThatThrownBy(() -> one(method, text))
        .isInstanceOf(ParameterException.class)
        .hasMessageStartingWith(method + "(")
        .hasMessageContaining("): parameter 1 must be ")
        .hasMessageEndingWith('"' + text + '"');
  }

  @Test
  void an_overlong_number_is_refused_and_not_repeated() {
    assertThatThrownBy(() -> one("anInteger", "9".repeat(100_000)))
        .hasMessageContaining("(100000 characters)")
        .extracting(failure -> failure.getMessage().length())
        .satisfies(length -> assertThat((int) length).isLessThan(250));
    assertThatThrownBy(() -> one("aDecimal", "9".repeat(1001)))
        .isInstanceOf(ParameterException.class);
    assertThatThrownBy(() -> one("aDouble", "9".repeat(1001)))
        .isInstanceOf(ParameterException.class);
  }

  @Test
  void messages_name_what_is_expected() {
    assertThatThrownBy(() -> one("anInt", "x"))
        .hasMessage("anInt(int): parameter 1 must be an int: \"x\"");
    assertThatThrownBy(() -> one("anEnum", "x"))
        .hasMessage("anEnum(Color): parameter 1 must be one of RED, Green, dark_blue: \"x\"");
    assertThatThrownBy(() -> one("anInstant", "x"))
        .hasMessageContaining("an Instant such as 2026-01-31T12:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a.txt", ".hidden", "...", "a~", "a b", "ä€😀", "-rf", "a:b", "a..b"})
  void a_plain_file_name_is_a_path(String name) {
    assertThat(one("aPath", name)).isEqualTo(Path.of(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", "~", "~root", "/", "/etc", "a/b", "../a", "a/..", "..\\a", "a\\b", "C:\\a",
        "a\0b", "a\nb", "\u007f", "a/"
      })
  void any_other_path_is_refused(String name) {
    assertThatThrownBy(() -> one("aPath", name)).isInstanceOf(ParameterException.class);
  }

  @Property
  void a_path_never_leaves_its_folder(@ForAll String name) {
    Path folder = Path.of("/srv/files");
    try {
      Path resolved = folder.resolve((Path) one("aPath", name)).normalize();
      assertThat(resolved.getParent()).isEqualTo(folder);
    } catch (ParameterException refused) {
      assertThat(refused).hasMessageContaining("a plain file name");
    }
  }

  @Test
  void an_array_takes_the_rest() {
    assertThat((String[]) one("many", "a")).containsExactly("a");
    assertThat((String[]) convert("many")[0]).isEmpty();
    assertThat((String[]) convert("many", "a", "", "b")[0]).containsExactly("a", "", "b");
    assertThat((int[]) convert("manyInts", "1", "2", "3")[1]).containsExactly(2, 3);
    assertThat((int[]) convert("manyInts", "1")[1]).isEmpty();
    assertThat((Color[]) convert("array", "red", "RED")[0]).containsExactly(Color.RED, Color.RED);
    assertThatThrownBy(() -> convert("manyInts", "1", "2", "x"))
        .hasMessage("manyInts(int, int...): parameter 3 must be an int: \"x\"");
  }

  @Test
  void optional_parameters_may_be_left_out() {
    assertThat(convert("optional", "a")).containsExactly("a", Optional.empty(), Optional.empty());
    assertThat(convert("optional", "a", "1"))
        .containsExactly("a", Optional.of(1), Optional.empty());
    assertThat(convert("optional", "a", "1", "b"))
        .containsExactly("a", Optional.of(1), Optional.of("b"));
    assertThat(convert("optionalAndMany")[0]).isEqualTo(Optional.empty());
    assertThat((long[]) convert("optionalAndMany", "1", "2")[1]).containsExactly(2L);
  }

  @Test
  void a_wrong_number_is_told_with_the_right_one() {
    assertThatThrownBy(() -> convert("none", "")).hasMessage("none() takes 0 parameters, got 1");
    assertThatThrownBy(() -> convert("anInt")).hasMessage("anInt(int) takes 1 parameter, got 0");
    assertThatThrownBy(() -> convert("manyInts"))
        .hasMessage("manyInts(int, int...) takes at least 1 parameter, got 0");
    assertThatThrownBy(() -> convert("optional", "a", "1", "b", "c"))
        .hasMessage(
            "optional(String, Optional<Integer>, Optional<String>) takes 1 to 3 parameters, got 4");
  }

  @Test
  void declarations_that_no_url_can_satisfy_are_problems_at_start() {
    assertThat(problems("unknown"))
        .singleElement()
        .asString()
        .contains(
            "unknown(Object): parameter 1 is a java.lang.Object", "make the method non-public");
    assertThat(problems("unknownOptional")).hasSize(1);
    assertThat(problems("unknownArray")).hasSize(1);
    assertThat(problems("misplacedArray")).hasSize(1);
    assertThat(problems("misplacedOptional"))
        .singleElement()
        .asString()
        .contains("parameter 2 comes after an Optional");
  }

  @Property
  void numbers_come_back_as_they_were_written(
      @ForAll int anInt, @ForAll long aLong, @ForAll double aDouble) {
    assertThat(one("anInt", Integer.toString(anInt))).isEqualTo(anInt);
    assertThat(one("aLong", Long.toString(aLong))).isEqualTo(aLong);
    assertThat(one("aDouble", Double.toString(aDouble))).isEqualTo(aDouble);
  }
}
