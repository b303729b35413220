package org.supvisors.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contract of the repository, and values made from its types. */
final class Contract {

    static final JsonNode API = read();

    private Contract() {
    }

    private static JsonNode read() {
        File file = new File(System.getProperty("basedir", "."), "../../contract/api.json");
        try {
            return new ObjectMapper().readTree(file);
        } catch (java.io.IOException e) {
            throw new UncheckedIOException("the contract is not at " + file, e);
        }
    }

    static List<String> names(String part) {
        List<String> names = new ArrayList<>();
        API.get(part).fieldNames().forEachRemaining(names::add);
        return names;
    }

    static List<JsonNode> fields(String structure) {
        List<JsonNode> fields = new ArrayList<>();
        API.get("structures").get(structure).get("fields").forEach(fields::add);
        return fields;
    }

    static JsonNode method(String name) {
        return API.get("methods").get(name);
    }

    /** The members of an enumeration: name to value. */
    static Map<String, Integer> members(String enumeration) {
        Map<String, Integer> members = new LinkedHashMap<>();
        API.get("enums").get(enumeration).properties().forEach(entry -> members.put(entry.getKey(), entry.getValue().asInt()));
        return members;
    }

    /** A value of the type of a field or of a result; values of different names differ. */
    static Object sample(String name, JsonNode type) {
        switch (type.get("type").asText()) {
            case "string":
                return text(name, type);
            case "int":
                return type.has("enum") ? lastMember(type).getValue() : Integer.valueOf(1 + Math.floorMod(name.hashCode(), 50_000));
            case "double":
                return Math.floorMod(name.hashCode(), 50_000) + 0.25;
            case "boolean":
                return true;
            case "array":
                JsonNode structure = type.get("structure");
                return structure == null ? List.of(text(name + " 1", type), text(name + " 2", type))
                        : List.of(struct(structure.asText(), "1"), struct(structure.asText(), "2"));
            case "struct":
                return structOf(name, type);
            default:
                throw new IllegalArgumentException("not a type of the contract: " + type);
        }
    }

    private static Object structOf(String name, JsonNode type) {
        if (!type.has("values")) {
            return struct(type.get("structure").asText(), "");
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (String key : List.of("z", "key", "a")) {
            map.put(key, type.has("structure") ? struct(type.get("structure").asText(), key) : text(name, type));
        }
        return map;
    }

    private static String text(String name, JsonNode type) {
        return type.has("enum") ? lastMember(type).getKey() : name + " text";
    }

    private static Map.Entry<String, Integer> lastMember(JsonNode type) {
        List<Map.Entry<String, Integer>> members = new ArrayList<>(members(type.get("enum").asText()).entrySet());
        return members.get(members.size() - 1);
    }

    /** A structure with all its fields; two with different suffixes differ by their texts. */
    static Map<String, Object> struct(String structure, String suffix) {
        Map<String, Object> struct = new LinkedHashMap<>();
        for (JsonNode field : fields(structure)) {
            String name = field.get("name").asText();
            Object value = sample(name, field);
            boolean plainText = value instanceof String && !field.has("enum");
            struct.put(name, plainText ? value + suffix : value);
        }
        return struct;
    }
}
