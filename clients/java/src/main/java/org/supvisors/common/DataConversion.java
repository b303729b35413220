package org.supvisors.common;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Conversions between what XML-RPC carries and what Java code likes to use. */
public final class DataConversion {

    private static final Logger LOGGER = System.getLogger(DataConversion.class.getName());
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("\"yyyy-MM-dd HH:mm:ss\"");
    private static final Pattern PLAIN_ARGUMENT = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private DataConversion() {
    }

    /**
     * Builds one object per structure of an array.
     * An element that is not a structure, or that the class refuses, is left out and logged as a warning.
     *
     * @param <T> the class of the objects
     * @param array the received structures
     * @param type a class with a public constructor that takes a HashMap
     * @return the objects by name, in the order of the array
     */
    public static <T extends SupvisorsAnyInfo> HashMap<String, T> arrayToMap(Object[] array, Class<T> type) {
        Constructor<T> constructor;
        try {
            constructor = type.getConstructor(HashMap.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " has no public constructor that takes a HashMap", e);
        }
        HashMap<String, T> map = new LinkedHashMap<>();
        for (Object item : array) {
            HashMap<?, ?> struct = Conversions.toStruct(item);
            if (struct == null) {
                leftOut(type, item, "it is not a structure");
                continue;
            }
            try {
                T object = constructor.newInstance(struct);
                map.put(object.getName(), object);
            } catch (InvocationTargetException e) {
                leftOut(type, item, e.getCause());
            } catch (ReflectiveOperationException | NullPointerException e) {
                leftOut(type, item, e);
            }
        }
        return map;
    }

    /** The error is handled: one line tells it, and its stack trace is for those who ask for details. */
    private static void leftOut(Class<?> type, Object item, Throwable cause) {
        leftOut(type, item, cause.toString());
        LOGGER.log(Level.DEBUG, "why an element was left out", cause);
    }

    private static void leftOut(Class<?> type, Object item, String reason) {
        LOGGER.log(Level.WARNING, () -> "not a " + type.getSimpleName() + ", left out: " + item + ": " + reason);
    }

    /**
     * Converts the items of an array to texts.
     *
     * @param array the received items
     * @return a new list of their texts
     */
    public static List<String> arrayToStringList(Object[] array) {
        return new ArrayList<>(Conversions.toTexts(array));
    }

    /**
     * Converts the items of an array to numbers.
     *
     * @param array the received items: numbers or texts
     * @return a new list of numbers, null where an item is not a number
     */
    public static List<Float> arrayToFloatList(Object[] array) {
        List<Float> numbers = new ArrayList<>();
        for (Object item : array) {
            Double number = Conversions.toDouble(item);
            numbers.add(number == null ? null : Float.valueOf(number.floatValue()));
        }
        return numbers;
    }

    /**
     * Splits a namespec.
     *
     * @param namespec {@code group:process}, {@code process}, or {@code group:*}
     * @return the group and the process; the process is null for a whole group
     * @throws IllegalArgumentException if there is more than one colon
     */
    public static String[] namespecToStrings(String namespec) {
        String[] parts = namespec.split(":", -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException("not a namespec: " + namespec);
        }
        String process = parts[parts.length - 1];
        boolean wholeGroup = parts.length == 2 && (process.isEmpty() || "*".equals(process));
        return new String[] {parts[0], wholeGroup ? null : process};
    }

    /**
     * Joins a group and a process into a namespec.
     *
     * @param group the name of the group, may be null
     * @param process the name of the process, null for the whole group
     * @return the name of the process if the group is null or has the same name, {@code group:*} if the process is null,
     *         else {@code group:process}
     */
    public static String stringsToNamespec(String group, String process) {
        if (group == null || group.equals(process)) {
            return process;
        }
        return group + ":" + (process == null ? "*" : process);
    }

    /**
     * Joins the arguments of a command line, quoted so that each of them arrives as it is.
     *
     * @param arguments the arguments, in any characters
     * @return a text that supervisord splits into these arguments
     */
    public static String argumentsToString(List<String> arguments) {
        return arguments.stream().map(DataConversion::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String argument) {
        return PLAIN_ARGUMENT.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\"'\"'") + "'";
    }

    /**
     * Formats a POSIX time in the local time zone.
     *
     * @param timestamp seconds since 1970-01-01 UTC, may be null
     * @return {@code "yyyy-MM-dd HH:mm:ss"}, double quotes included, or {@code 0} if the time is null or not positive
     */
    public static String timestampToDate(Double timestamp) {
        if (timestamp == null || !(timestamp > 0)) {
            return "0";
        }
        return DATE.format(Instant.ofEpochSecond(timestamp.longValue()).atZone(ZoneId.systemDefault()));
    }

    /**
     * Formats a POSIX time in the local time zone.
     *
     * @param timestamp seconds since 1970-01-01 UTC, may be null
     * @return {@code "yyyy-MM-dd HH:mm:ss"}, double quotes included, or {@code 0} if the time is null or not positive
     */
    public static String timestampToDate(Integer timestamp) {
        return timestampToDate(timestamp == null ? null : Double.valueOf(timestamp));
    }
}
