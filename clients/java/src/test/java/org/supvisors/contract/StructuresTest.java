package org.supvisors.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.supvisors.rpc.SystemXmlRpc;

class StructuresTest {

    /** What is sent, and never received. */
    private static final Set<String> SENT = Set.of("Call");

    static List<String> structures() {
        return Contract.names("structures").stream().filter(name -> !SENT.contains(name)).toList();
    }

    static Stream<Arguments> fields() {
        return structures().stream()
                .flatMap(structure -> Contract.fields(structure).stream()
                        .map(field -> Arguments.of(structure, field.get("name").asText(), field)));
    }

    static Stream<Arguments> enumFields() {
        return fields().filter(arguments -> {
            JsonNode field = (JsonNode) arguments.get()[2];
            return field.has("enum") && !field.has("values");
        });
    }

    /** What the contract says of a value, told in the terms of the contract again. */
    private static Object toContract(Object value, JsonNode type) {
        if (value instanceof Enum) {
            return "code".equals(type.get("as").asText())
                    ? (Object) Enumerations.BY_NAME.get(type.get("enum").asText()).value(value) : ((Enum<?>) value).name();
        }
        if (value instanceof Map) {
            Map<Object, Object> map = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((key, item) -> map.put(key, toContract(item, type)));
            return map;
        }
        if (value instanceof List && type.has("structure")) {
            return ((List<?>) value).stream().map(item -> toStruct(item, type.get("structure").asText())).toList();
        }
        boolean structure = value != null && type.has("structure");
        return structure ? toStruct(value, type.get("structure").asText()) : value;
    }

    private static Map<String, Object> toStruct(Object object, String structure) {
        Map<String, Object> struct = new LinkedHashMap<>();
        for (JsonNode field : Contract.fields(structure)) {
            String name = field.get("name").asText();
            struct.put(name, toContract(Structures.BY_NAME.get(structure).get(object, name), field));
        }
        return struct;
    }

    @Test
    void tableIsTheContract() {
        assertEquals(new HashSet<>(structures()), Structures.BY_NAME.keySet());
    }

    @Test
    void callOfAMulticall() {
        List<String> fields = Contract.fields("Call").stream().map(field -> field.get("name").asText()).toList();
        assertEquals(new HashSet<>(fields), SystemXmlRpc.createCall("a.b", new Object[0]).keySet());
        assertEquals(Set.of("methodName"), SystemXmlRpc.createCall("a.b", null).keySet());
    }

    @ParameterizedTest
    @MethodSource("structures")
    void everyFieldHasAGetter(String structure) {
        List<String> expected = Contract.fields(structure).stream().map(field -> field.get("name").asText()).collect(Collectors.toList());
        assertEquals(expected, new ArrayList<>(Structures.BY_NAME.get(structure).getters.keySet()));
    }

    @ParameterizedTest
    @MethodSource("structures")
    void wholeStructureIsReadBack(String structure) {
        Map<String, Object> sample = Contract.struct(structure, "");
        assertEquals(sample, toStruct(Structures.BY_NAME.get(structure).make(sample), structure));
    }

    /** Alone, so that a code is read when there is no name; absent, so that nothing is invented. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("fields")
    void fieldIsReadBackAlone(String structure, String name, JsonNode field) {
        Structures.JavaClass<?> javaClass = Structures.BY_NAME.get(structure);
        Object sample = Contract.sample(name, field);
        Object alone = javaClass.make(Map.of(name, sample));
        assertEquals(sample, toContract(javaClass.get(alone, name), field));

        Object none = javaClass.make(Map.of());
        assertNotEquals(sample, toContract(javaClass.get(none, name), field));
        assertNotEquals(none, alone);
        assertEquals(javaClass.make(Map.of(name, sample)), alone);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("enumFields")
    void everyMemberOfAnEnumerationIsRead(String structure, String name, JsonNode field) {
        Structures.JavaClass<?> javaClass = Structures.BY_NAME.get(structure);
        Contract.members(field.get("enum").asText()).forEach((member, value) -> {
            Object sample = "code".equals(field.get("as").asText()) ? (Object) value : member;
            assertEquals(sample, toContract(javaClass.get(javaClass.make(Map.of(name, sample)), name), field));
        });
    }

    /** Wrong types and unknown names never throw, in the constructor, the getters or the text. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("fields")
    void oddValueNeverThrows(String structure, String name, JsonNode field) {
        Structures.JavaClass<?> javaClass = Structures.BY_NAME.get(structure);
        for (Object odd : List.of("SOMETHING_NEW", "", -7, 1e300, true, List.of(1, "a"), Map.of("k", "SOMETHING_NEW"),
                new Object[] {2}, new byte[] {1})) {
            Object object = javaClass.make(Map.of(name, odd));
            javaClass.getters.keySet().forEach(getter -> javaClass.get(object, getter));
            assertEquals(javaClass.type.getSimpleName(), object.toString().substring(0, object.toString().indexOf('(')));
        }
    }
}
