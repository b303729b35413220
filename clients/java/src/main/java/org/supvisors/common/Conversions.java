package org.supvisors.common;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * Conversions of received values, tolerant to the type that the server or a test has chosen.
 * Whatever cannot be converted becomes null: one odd value never hides the others.
 */
final class Conversions {

    private Conversions() {
    }

    static String toText(Object value) {
        return value == null ? null : value.toString();
    }

    static Integer toInteger(Object value) {
        BigDecimal number = toNumber(value);
        if (number == null) {
            return null;
        }
        long whole = (long) number.doubleValue();
        return whole == (int) whole ? Integer.valueOf((int) whole) : null;
    }

    static Double toDouble(Object value) {
        if (value instanceof Double) {
            return (Double) value;
        }
        BigDecimal number = toNumber(value);
        return number == null ? null : Double.valueOf(number.doubleValue());
    }

    static Boolean toBoolean(Object value) {
        if (value instanceof Boolean) {
            return (Boolean) value;
        }
        if ("true".equalsIgnoreCase(toText(value))) {
            return Boolean.TRUE;
        }
        if ("false".equalsIgnoreCase(toText(value))) {
            return Boolean.FALSE;
        }
        BigDecimal number = toNumber(value);
        return number == null ? null : Boolean.valueOf(number.signum() != 0);
    }

    static List<String> toTexts(Object value) {
        List<String> texts = new ArrayList<>();
        for (Object item : toItems(value)) {
            texts.add(toText(item));
        }
        return Collections.unmodifiableList(texts);
    }

    static List<Integer> toIntegers(Object value) {
        List<Integer> integers = new ArrayList<>();
        for (Object item : toItems(value)) {
            integers.add(toInteger(item));
        }
        return Collections.unmodifiableList(integers);
    }

    static List<?> toItems(Object value) {
        if (value instanceof Object[]) {
            return Arrays.asList((Object[]) value);
        }
        return value instanceof Collection ? new ArrayList<>((Collection<?>) value) : List.of();
    }

    /** Null if the value is not a struct: the constructors of the data classes take a HashMap. */
    static HashMap<?, ?> toStruct(Object value) {
        if (value instanceof HashMap) {
            return (HashMap<?, ?>) value;
        }
        return value instanceof Map ? new HashMap<>((Map<?, ?>) value) : null;
    }

    static <E extends Enum<E>> E withName(Class<E> type, Object name) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        return null;
    }

    static <E extends Enum<E>> E withCode(Class<E> type, ToIntFunction<E> codeOf, Integer code) {
        for (E constant : type.getEnumConstants()) {
            if (Objects.equals(codeOf.applyAsInt(constant), code)) {
                return constant;
            }
        }
        return null;
    }

    private static BigDecimal toNumber(Object value) {
        if (!(value instanceof Number || value instanceof String)) {
            return null;
        }
        try {
            return new BigDecimal(value.toString().trim());
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
