package org.supvisors.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contracts of the repository, that of Supvisors and that of supervisord, and values made from their types. */
final class Contract {

    static final JsonNode API = read("api.json");
    static final JsonNode SUPERVISORD = read("supervisord.json");

    /** Both use some enumerations; they must agree on them. */
    private static final JsonNode BOTH = both("enums", "structures");

    /** The outcomes of supervisord are codes of faults, which its contract does not tell as an enumeration. */
    private static final int SUCCESS = 80;

    private Contract() {
    }

    private static JsonNode read(String name) {
        File file = new File(System.getProperty("basedir", "."), "../../contract/" + name);
        try {
            return new ObjectMapper().readTree(file);
        } catch (java.io.IOException e) {
            throw new UncheckedIOException("the contract is not at " + file, e);
        }
    }

    private static JsonNode both(String... parts) {
        ObjectNode both = new ObjectMapper().createObjectNode();
        for (String part : parts) {
            ObjectNode merged = both.putObject(part);
            for (JsonNode contract : List.of(API, SUPERVISORD)) {
                contract.get(part).properties().forEach(entry -> {
                    JsonNode other = merged.putIfAbsent(entry.getKey(), entry.getValue());
                    if (other != null && !other.equals(entry.getValue())) {
                        throw new IllegalStateException("the contracts differ: " + part + " " + entry.getKey());
                    }
                });
            }
        }
        return both;
    }

    static List<String> names(String part) {
        List<String> names = new ArrayList<>();
        BOTH.get(part).fieldNames().forEachRemaining(names::add);
        return names;
    }

    static List<JsonNode> fields(String structure) {
        List<JsonNode> fields = new ArrayList<>();
        BOTH.get("structures").get(structure).get("fields").forEach(fields::add);
        return fields;
    }

    /** The members of an enumeration: name to value. */
    static Map<String, Integer> members(String enumeration) {
        Map<String, Integer> members = new LinkedHashMap<>();
        BOTH.get("enums").get(enumeration).properties().forEach(entry -> members.put(entry.getKey(), entry.getValue().asInt()));
        return members;
    }

    /** A value of the type of a field or of a result; values of different names differ. */
    static Object sample(String name, JsonNode type) {
        switch (type.get("type").asText()) {
            case "string":
                return text(name, type);
            case "boolean|array":
                return true;
            case "int":
            case "int|string":
                if ("status".equals(name)) {
                    return SUCCESS;
                }
                return type.has("enum") ? lastMember(type).getValue() : Integer.valueOf(1 + Math.floorMod(name.hashCode(), 50_000));
            case "double":
                return Math.floorMod(name.hashCode(), 50_000) + 0.25;
            case "boolean":
                return true;
            case "array":
                return arrayOf(name, type);
            case "struct":
                return structOf(name, type);
            default:
                throw new IllegalArgumentException("not a type of the contract: " + type);
        }
    }

    /** Two elements, or one for each rank that has a meaning of its own. */
    private static List<Object> arrayOf(String name, JsonNode type) {
        List<Object> items = new ArrayList<>();
        if (type.has("elements")) {
            type.get("elements").forEach(element -> items.add(sample(name + items.size(), element)));
            return items;
        }
        for (String suffix : List.of("1", "2")) {
            if (type.has("structure")) {
                items.add(struct(type.get("structure").asText(), suffix));
            } else if (type.get("items").isObject()) {
                items.add(sample(name + suffix, type.get("items")));
            } else {
                items.add("int".equals(type.get("items").asText()) ? (Object) Integer.valueOf(suffix) : text(name + " " + suffix, type));
            }
        }
        return items;
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
