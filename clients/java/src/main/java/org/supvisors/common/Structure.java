package org.supvisors.common;

import java.util.Map;
import java.util.stream.Collectors;

/** Base of the data classes: two of the same class are equal when all they have read is equal. */
abstract class Structure {

    private final Map<String, Object> values;

    Structure(StructReader reader) {
        values = reader.values();
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && getClass() == other.getClass() && values.equals(((Structure) other).values);
    }

    @Override
    public final int hashCode() {
        return values.hashCode();
    }

    @Override
    public final String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", ", getClass().getSimpleName() + "(", ")"));
    }
}
