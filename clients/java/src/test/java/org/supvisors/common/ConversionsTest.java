package org.supvisors.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers and booleans come as int, long, double or text, according to the server or to the test that makes them. */
class ConversionsTest {

    @Test
    void integers() {
        for (Object five : List.of(5, 5L, 5.0, 5.0f, (short) 5, "5", " 5 ", "5.0", 5.9)) {
            assertEquals(5, Conversions.toInteger(five), five.getClass() + " " + five);
        }
        assertEquals(-3, Conversions.toInteger(-3.5));
        assertEquals(Integer.MAX_VALUE, Conversions.toInteger("2147483647"));
        assertEquals(Integer.MIN_VALUE, Conversions.toInteger(-2147483648L));
        for (Object none : Arrays.asList(null, "", "five", true, List.of(), 2147483648L, -1e300, "1e300", Double.NaN)) {
            assertNull(Conversions.toInteger(none), String.valueOf(none));
        }
    }

    @Test
    void doubles() {
        for (Object five : List.of(5, 5L, 5.0, 5.0f, "5", "5.0", "5e0")) {
            assertEquals(5.0, Conversions.toDouble(five), five.getClass() + " " + five);
        }
        assertEquals(0.1, Conversions.toDouble("0.1"));
        assertEquals(Double.NaN, Conversions.toDouble(Double.NaN));
        for (Object none : Arrays.asList(null, "", "five", true, Map.of())) {
            assertNull(Conversions.toDouble(none), String.valueOf(none));
        }
    }

    @Test
    void booleans() {
        for (Object yes : List.of(true, 1, 1L, 0.5, "1", "true", "True")) {
            assertEquals(true, Conversions.toBoolean(yes), yes.getClass() + " " + yes);
        }
        for (Object no : List.of(false, 0, 0L, 0.0, "0", "false", "False")) {
            assertEquals(false, Conversions.toBoolean(no), no.getClass() + " " + no);
        }
        for (Object none : Arrays.asList(null, "", "maybe", List.of())) {
            assertNull(Conversions.toBoolean(none), String.valueOf(none));
        }
    }

    @Test
    void lists() {
        assertEquals(List.of("a", "1"), Conversions.toTexts(new Object[] {"a", 1}));
        assertEquals(List.of("a", "1"), Conversions.toTexts(List.of("a", 1)));
        assertEquals(List.of(), Conversions.toTexts(null));
        assertEquals(List.of(), Conversions.toTexts("text"));
        assertEquals(Arrays.asList(0, 2, null), Conversions.toIntegers(new Object[] {0, "2", "x"}));
        assertEquals(List.of(), Conversions.toIntegers("none"));
    }
}
