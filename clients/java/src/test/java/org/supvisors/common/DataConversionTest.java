package org.supvisors.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.supvisors.testing.LogCapture;

class DataConversionTest {

    /** A class of a user, which takes any structure that has a name. */
    public static final class Named implements SupvisorsAnyInfo {
        private final String name;

        public Named(HashMap<?, ?> struct) {
            name = Objects.requireNonNull(struct.get("name"), "no name").toString();
        }

        @Override
        public String getName() {
            return name;
        }
    }

    /** Another one, which is made of anything and fails later. */
    public static final class Nameless implements SupvisorsAnyInfo {

        public Nameless(HashMap<?, ?> struct) {
            assertNull(struct.get("name"));
        }

        @Override
        public String getName() {
            throw new NullPointerException("nameless");
        }
    }

    @Test
    void arrayToMapKeepsOrderAndLeavesOutWhatItCannotRead() {
        Object[] array = {Map.of("name", "z"), new HashMap<>(Map.of("name", "a")), "odd", Map.of("other", 1), Map.of("name", "m")};
        try (LogCapture log = new LogCapture(DataConversion.class)) {
            HashMap<String, Named> map = DataConversion.arrayToMap(array, Named.class);
            assertEquals(List.of("z", "a", "m"), new ArrayList<>(map.keySet()));
            assertEquals("a", map.get("a").getName());
            assertEquals(2, log.at(Level.WARNING).size());
        }
    }

    /** What is handled is told in one line; its stack trace is for those who ask for details. */
    @Test
    void whatIsLeftOutIsLoggedWithoutStackTrace() {
        try (LogCapture log = new LogCapture(DataConversion.class)) {
            DataConversion.arrayToMap(new Object[] {"odd", null, Map.of("other", 1)}, Named.class);
            List<LogRecord> lines = log.at(Level.WARNING);
            assertEquals("not a Named, left out: odd: it is not a structure", lines.get(0).getMessage());
            assertEquals("not a Named, left out: null: it is not a structure", lines.get(1).getMessage());
            assertEquals("not a Named, left out: {other=1}: java.lang.NullPointerException: no name", lines.get(2).getMessage());
            assertEquals(3, lines.size());
            lines.forEach(line -> assertNull(line.getThrown()));
            assertEquals("no name", log.at(Level.FINE).get(0).getThrown().getMessage());
        }
    }

    @Test
    void elementWithoutANameIsLeftOut() {
        try (LogCapture log = new LogCapture(DataConversion.class)) {
            assertEquals(Map.of(), DataConversion.arrayToMap(new Object[] {Map.of()}, Nameless.class));
            assertEquals("not a Nameless, left out: {}: java.lang.NullPointerException: nameless", log.records.get(0).getMessage());
        }
    }

    @Test
    void arrayToMapNeedsAConstructor() {
        assertThrows(IllegalArgumentException.class, () -> DataConversion.arrayToMap(new Object[0], SupvisorsAnyInfo.class));
    }

    @Test
    void arraysToLists() {
        assertEquals(Arrays.asList("a", "1", "2.5", null), DataConversion.arrayToStringList(new Object[] {"a", 1, 2.5, null}));
        assertEquals(Arrays.asList(1f, 2.5f, 3f, null), DataConversion.arrayToFloatList(new Object[] {1, 2.5, "3", "x"}));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"p,p,p", "g:p,g,p", "g:*,g,-", "g:,g,-", "p:p,p,p", "*,*,*"})
    void namespecIsSplit(String namespec, String group, String process) {
        assertArrayEquals(new String[] {group, process}, DataConversion.namespecToStrings(namespec));
    }

    @Test
    void namespecWithTwoColonsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> DataConversion.namespecToStrings("a:b:c"));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"p,p,p", "g,p,g:p", "g,-,g:*", "-,p,p", "-,-,-"})
    void namespecIsJoined(String group, String process, String namespec) {
        assertEquals(namespec, DataConversion.stringsToNamespec(group, process));
    }

    @Test
    void timestampsAreLocalDates() {
        int timestamp = (int) LocalDateTime.of(2026, 2, 3, 4, 5, 6).atZone(ZoneId.systemDefault()).toEpochSecond();
        assertEquals("\"2026-02-03 04:05:06\"", DataConversion.timestampToDate(timestamp));
        assertEquals("\"2026-02-03 04:05:06\"", DataConversion.timestampToDate(timestamp + 0.9));
        for (Double none : Arrays.asList(0.0, -1.0, Double.NaN, null)) {
            assertEquals("0", DataConversion.timestampToDate(none));
        }
        assertEquals("0", DataConversion.timestampToDate(0));
        assertEquals("0", DataConversion.timestampToDate((Integer) null));
    }

    @Test
    void argumentsAreQuoted() {
        assertEquals("", DataConversion.argumentsToString(List.of()));
        assertEquals("''", DataConversion.argumentsToString(List.of("")));
        assertEquals("-x=1,2 user@host:/a_b.c+d%e", DataConversion.argumentsToString(List.of("-x=1,2", "user@host:/a_b.c+d%e")));
        assertEquals("'two words' 'é' 'it'\"'\"'s' '\"' '\\' '$HOME' '*' ';' '#' '\n'", DataConversion.argumentsToString(
                List.of("two words", "é", "it's", "\"", "\\", "$HOME", "*", ";", "#", "\n")));
        assertThrows(NullPointerException.class, () -> DataConversion.argumentsToString(Arrays.asList("a", null)));
    }
}
