package org.supvisors.common;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Reads a received struct field by field and remembers what it has read.
 * An absent field gives null, or an empty list or map; so does a value that cannot be converted.
 */
final class StructReader {

    private final Map<?, ?> struct;
    private final Map<String, Object> values = new LinkedHashMap<>();

    StructReader(Map<?, ?> struct) {
        this.struct = struct == null ? Map.of() : struct;
    }

    /** A reader of a struct made of an array whose items have a meaning by their rank. */
    static StructReader ofItems(Object array, String... keys) {
        List<?> items = Conversions.toItems(array);
        Map<String, Object> struct = new HashMap<>();
        for (int i = 0; i < keys.length && i < items.size(); i++) {
            struct.put(keys[i], items.get(i));
        }
        return new StructReader(struct);
    }

    /** The fields read so far, in the order of reading. */
    Map<String, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    String text(String key) {
        return read(key, Conversions::toText);
    }

    Integer integer(String key) {
        return read(key, Conversions::toInteger);
    }

    Double real(String key) {
        return read(key, Conversions::toDouble);
    }

    Boolean flag(String key) {
        return read(key, Conversions::toBoolean);
    }

    List<String> texts(String key) {
        return read(key, Conversions::toTexts);
    }

    List<Integer> integers(String key) {
        return read(key, Conversions::toIntegers);
    }

    <E extends Enum<E>> E named(String key, Class<E> type) {
        return read(key, name -> Conversions.withName(type, name));
    }

    <E extends Enum<E>> E coded(String key, Class<E> type, ToIntFunction<E> codeOf) {
        return read(key, code -> Conversions.withCode(type, codeOf, Conversions.toInteger(code)));
    }

    /** A state that travels as a name and as a code; the code serves when the name is absent or unknown. */
    <E extends Enum<E>> E state(String nameKey, String codeKey, Class<E> type, ToIntFunction<E> codeOf) {
        E byName = named(nameKey, type);
        E state = byName != null ? byName : coded(codeKey, type, codeOf);
        values.remove(codeKey);
        values.put(nameKey, state);
        return state;
    }

    <T> T struct(String key, Function<HashMap<?, ?>, T> constructor) {
        return read(key, value -> toObject(value, constructor));
    }

    /** An array of structs; what is not a struct is left out. */
    <T> List<T> listOf(String key, Function<HashMap<?, ?>, T> constructor) {
        return read(key, value -> {
            List<T> items = new ArrayList<>();
            for (Object item : Conversions.toItems(value)) {
                T object = toObject(item, constructor);
                if (object != null) {
                    items.add(object);
                }
            }
            return Collections.unmodifiableList(items);
        });
    }

    <T> LinkedHashMap<String, T> structs(String key, Function<HashMap<?, ?>, T> constructor) {
        return map(key, value -> toObject(value, constructor));
    }

    <E extends Enum<E>> LinkedHashMap<String, E> names(String key, Class<E> type) {
        return map(key, name -> Conversions.withName(type, name));
    }

    private <T> LinkedHashMap<String, T> map(String key, Function<Object, T> conversion) {
        return read(key, value -> {
            LinkedHashMap<String, T> map = new LinkedHashMap<>();
            if (value instanceof Map) {
                ((Map<?, ?>) value).forEach((name, item) -> map.put(Conversions.toText(name), conversion.apply(item)));
            }
            return map;
        });
    }

    private static <T> T toObject(Object value, Function<HashMap<?, ?>, T> constructor) {
        HashMap<?, ?> struct = Conversions.toStruct(value);
        return struct == null ? null : constructor.apply(struct);
    }

    private <T> T read(String key, Function<Object, T> conversion) {
        T value = conversion.apply(struct.get(key));
        values.put(key, value);
        return value;
    }
}
