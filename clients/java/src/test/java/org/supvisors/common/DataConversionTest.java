package org.supvisors.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataConversionTest {

    /** A class of a user, which takes any structure that has a name. */
    public static final class Named implements SupvisorsAnyInfo {
        private final String name;

        public Named(HashMap<?, ?> struct) {
            name = struct.get("name").toString();
        }

        @Override
        public String getName() {
            return name;
        }
    }

    @Test
    void arrayToMapKeepsOrderAndLeavesOutWhatItCannotRead() {
        Object[] array = {Map.of("name", "z"), new HashMap<>(Map.of("name", "a")), "odd", Map.of("other", 1), Map.of("name", "m")};
        HashMap<String, Named> map = DataConversion.arrayToMap(array, Named.class);
        assertEquals(List.of("z", "a", "m"), new ArrayList<>(map.keySet()));
        assertEquals("a", map.get("a").getName());
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
}
