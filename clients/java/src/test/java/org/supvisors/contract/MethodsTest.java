package org.supvisors.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.xmlrpc.XmlRpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.supvisors.common.SupvisorsNetworkInfo;
import org.supvisors.rpc.SupvisorsXmlRpc;
import org.supvisors.testing.StubServer;
import org.supvisors.testing.XmlRpcText;

class MethodsTest {

    /** The Java names that do not follow from the names of the contract. */
    private static final Map<String, String> JAVA_NAMES = Map.of(
            "get_api_version", "getAPIVersion",
            "get_all_applications_info", "getAllApplicationInfo");

    /** The Java methods that are not in the contract. */
    private static final Set<String> ADDITIONS = Set.of("getNetworkInfos");

    private static final Map<String, Class<?>> JAVA_TYPES = Map.of("string", String.class, "boolean", Boolean.class);

    /** Every method, with every number of arguments that it accepts. */
    static Stream<Arguments> signatures() {
        return Contract.names("methods").stream().flatMap(name -> {
            List<JsonNode> params = params(name);
            long mandatory = params.stream().filter(param -> !param.has("default")).count();
            return Stream.iterate(params.size(), count -> count >= mandatory, count -> count - 1)
                    .map(count -> Arguments.of(name, count));
        });
    }

    private static List<JsonNode> params(String name) {
        List<JsonNode> params = new ArrayList<>();
        Contract.method(name).get("params").forEach(params::add);
        return params;
    }

    private static String javaName(String name) {
        if (JAVA_NAMES.containsKey(name)) {
            return JAVA_NAMES.get(name);
        }
        String[] words = name.split("_");
        return words[0] + Arrays.stream(words).skip(1)
                .map(word -> word.substring(0, 1).toUpperCase() + word.substring(1)).collect(Collectors.joining());
    }

    private static Class<?> javaType(JsonNode param) {
        return param.has("enum") ? Enumerations.BY_NAME.get(param.get("enum").asText()).type
                : JAVA_TYPES.get(param.get("type").asText());
    }

    private static Method javaMethod(String name, int count) throws NoSuchMethodException {
        Class<?>[] types = params(name).stream().limit(count).map(MethodsTest::javaType).toArray(Class<?>[]::new);
        return SupvisorsXmlRpc.class.getMethod(javaName(name), types);
    }

    private static Class<?> returnType(String name) {
        JsonNode returns = Contract.method(name).get("returns");
        switch (returns.get("type").asText()) {
            case "array":
                return "get_network_info".equals(name) ? SupvisorsNetworkInfo.class : HashMap.class;
            case "struct":
                return Structures.BY_NAME.get(returns.get("structure").asText()).type;
            default:
                return JAVA_TYPES.get(returns.get("type").asText());
        }
    }

    @Test
    void classHasNothingElse() {
        Set<String> expected = new TreeSet<>(ADDITIONS);
        Contract.names("methods").forEach(name -> expected.add(javaName(name)));
        Set<String> actual = Arrays.stream(SupvisorsXmlRpc.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())).map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, actual);
    }

    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("signatures")
    void signatureIsThatOfTheContract(String name, int count) throws Exception {
        Method method = javaMethod(name, count);
        assertTrue(Modifier.isPublic(method.getModifiers()));
        assertEquals(returnType(name), method.getReturnType());
        assertEquals(List.of(XmlRpcException.class), List.of(method.getExceptionTypes()));
    }

    /** Against a server: the name and the arguments that go, and the answer that comes back. */
    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("signatures")
    void callCarriesTheContract(String name, int count) throws Exception {
        List<Object> args = new ArrayList<>();
        List<Object> sent = new ArrayList<>();
        for (JsonNode param : params(name).subList(0, count)) {
            if (param.has("enum")) {
                Object[] constants = javaType(param).getEnumConstants();
                args.add(constants[constants.length - 1]);
                sent.add(Enumerations.BY_NAME.get(param.get("enum").asText()).value(constants[constants.length - 1]));
            } else {
                Object value = "boolean".equals(param.get("type").asText()) ? (Object) false : param.get("name").asText() + " é";
                args.add(value);
                sent.add(value);
            }
        }
        JsonNode returns = Contract.method(name).get("returns");
        Object answer = Contract.sample(name, returns);
        try (StubServer server = StubServer.giving(answer)) {
            Object result = javaMethod(name, count).invoke(new SupvisorsXmlRpc(server.client()), args.toArray());
            assertEquals("supvisors." + name, server.lastCall().method());
            assertEquals(sent, server.lastCall().params());
            assertEquals(1, server.calls.size());
            assertResult(name, returns, answer, result);
        }
    }

    private static void assertResult(String name, JsonNode returns, Object answer, Object result) {
        if (!returns.has("structure")) {
            assertEquals(answer, result);
            return;
        }
        Structures.JavaClass<?> javaClass = Structures.BY_NAME.get(returns.get("structure").asText());
        if (!(answer instanceof List)) {
            assertEquals(javaClass.make((Map<?, ?>) answer), result);
            return;
        }
        List<Object> expected = ((List<?>) answer).stream().map(item -> javaClass.make((Map<?, ?>) item)).collect(Collectors.toList());
        assertEquals(2, expected.size());
        if ("get_network_info".equals(name)) {
            assertEquals(expected.get(0), result);
        } else {
            assertEquals(expected, new ArrayList<>(((HashMap<?, ?>) result).values()));
        }
    }

    /** Every fault of every method comes out with its code. */
    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("signatures")
    void faultsComeOut(String name, int count) throws Exception {
        Method method = javaMethod(name, count);
        Object[] args = params(name).subList(0, count).stream().map(MethodsTest::javaType)
                .map(type -> type == String.class ? "x" : type == Boolean.class ? Boolean.FALSE : type.getEnumConstants()[0]).toArray();
        for (JsonNode fault : Contract.method(name).get("faults")) {
            int code = fault.get("code").asInt();
            String text = fault.get("name").asText() + ": " + fault.get("when").asText();
            try (StubServer server = new StubServer(call -> XmlRpcText.fault(code, text))) {
                Throwable thrown = assertThrows(InvocationTargetException.class,
                        () -> method.invoke(new SupvisorsXmlRpc(server.client()), args)).getCause();
                assertEquals(code, ((XmlRpcException) thrown).code);
                assertEquals(text, thrown.getMessage());
            }
        }
    }
}
