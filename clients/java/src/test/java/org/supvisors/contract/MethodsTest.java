package org.supvisors.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.xmlrpc.XmlRpcException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.supvisors.common.SupervisorConfigUpdates;
import org.supvisors.common.SupervisorLogResult;
import org.supvisors.contract.Namespaces.Namespace;
import org.supvisors.contract.Namespaces.Signature;
import org.supvisors.rpc.SupervisorXmlRpcClient;
import org.supvisors.rpc.SystemXmlRpc;
import org.supvisors.testing.StubServer;
import org.supvisors.testing.XmlRpcText;

/** Every method of every namespace, with every number of arguments that it accepts. */
class MethodsTest {

    /** One server for all tests: it says what the test has put here. */
    private static final AtomicReference<String> ANSWER = new AtomicReference<>();
    private static StubServer server;
    private static SupervisorXmlRpcClient client;

    @BeforeAll
    static void start() throws Exception {
        server = new StubServer(call -> ANSWER.get());
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Namespace> namespaces() {
        return Namespaces.ALL;
    }

    static Stream<Signature> signatures() {
        return Namespaces.ALL.stream().flatMap(Namespace::signatures);
    }

    @ParameterizedTest
    @MethodSource("namespaces")
    void classHasNothingElse(Namespace namespace) {
        Set<String> expected = new TreeSet<>(namespace.additions);
        namespace.methodNames().forEach(name -> expected.add(namespace.javaName(name)));
        Set<String> actual = Arrays.stream(namespace.type.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class).map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, actual);
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void signatureIsThatOfTheContract(Signature signature) throws Exception {
        Method method = signature.javaMethod();
        assertTrue(Modifier.isPublic(method.getModifiers()));
        assertEquals(signature.returnType(), method.getReturnType());
        assertEquals(List.of(XmlRpcException.class), List.of(method.getExceptionTypes()));
    }

    /** Against a server: the name and the arguments that go, and the answer that comes back. */
    @ParameterizedTest
    @MethodSource("signatures")
    void callCarriesTheContract(Signature signature) throws Exception {
        List<Object> sent = new ArrayList<>();
        List<Object> args = arguments(signature, sent);
        JsonNode returns = signature.description().get("returns");
        Object answer = Contract.sample(signature.name(), returns);
        ANSWER.set(XmlRpcText.answer(answer));
        int before = server.calls.size();
        Object result = invoke(signature, args);
        assertEquals(before + 1, server.calls.size());
        assertEquals(signature.namespace() + "." + signature.name(), server.lastCall().method());
        assertEquals(sent, server.lastCall().params());
        assertResult(returns, answer, result);
    }

    /** Every fault of every method comes out with its code. */
    @ParameterizedTest
    @MethodSource("signatures")
    void faultsComeOut(Signature signature) {
        List<Object> args = arguments(signature, new ArrayList<>());
        for (JsonNode fault : signature.description().get("faults")) {
            int code = fault.get("code").asInt();
            String text = fault.get("name").asText() + ": " + fault.get("when").asText();
            ANSWER.set(XmlRpcText.fault(code, text));
            Throwable thrown = assertThrows(InvocationTargetException.class, () -> invoke(signature, args)).getCause();
            assertEquals(code, ((XmlRpcException) thrown).code);
            assertEquals(text, thrown.getMessage());
        }
    }

    private static Object invoke(Signature signature, List<Object> args) throws Exception {
        return signature.javaMethod().invoke(signature.namespace().proxy(client), args.toArray());
    }

    /** The arguments to give, and in `sent` what must be received of them. */
    private static List<Object> arguments(Signature signature, List<Object> sent) {
        List<Object> args = new ArrayList<>();
        for (JsonNode param : signature.params()) {
            Object arg = argument(param);
            args.add(arg);
            sent.add(sent(param, arg));
        }
        return args;
    }

    private static Object argument(JsonNode param) {
        if (param.has("enum")) {
            Object[] constants = Namespaces.javaType(param).getEnumConstants();
            return constants[constants.length - 1];
        }
        switch (param.get("type").asText()) {
            case "boolean":
                return false;
            case "int":
                return -12;
            case "array":
                return new Object[] {SystemXmlRpc.createCall("a.b", new Object[] {"é", 1})};
            default:
                return param.get("name").asText() + " é";
        }
    }

    private static Object sent(JsonNode param, Object arg) {
        if (param.has("enum")) {
            return Enumerations.BY_NAME.get(param.get("enum").asText()).value(arg);
        }
        return arg instanceof Object[] ? List.of(Map.of("methodName", "a.b", "params", List.of("é", 1))) : arg;
    }

    private static void assertResult(JsonNode returns, Object answer, Object result) {
        if (result instanceof SupervisorConfigUpdates) {
            assertEquals(new SupervisorConfigUpdates(((List<?>) answer).toArray()), result);
            assertEquals(((List<?>) ((List<?>) answer).get(0)).get(1), ((SupervisorConfigUpdates) result).getChanged());
        } else if (result instanceof SupervisorLogResult) {
            assertEquals(new SupervisorLogResult(((List<?>) answer).toArray()), result);
        } else if (result instanceof Object[]) {
            assertArrayEquals(((List<?>) answer).toArray(), (Object[]) result);
        } else if (!returns.has("structure") || result instanceof Boolean) {
            assertEquals(answer, result);
        } else {
            assertStructures(Structures.BY_NAME.get(returns.get("structure").asText()), answer, result);
        }
    }

    private static void assertStructures(Structures.JavaClass<?> javaClass, Object answer, Object result) {
        if (!(answer instanceof List)) {
            assertEquals(javaClass.make((Map<?, ?>) answer), result);
            return;
        }
        List<Object> expected = ((List<?>) answer).stream().map(item -> javaClass.make((Map<?, ?>) item)).collect(Collectors.toList());
        assertEquals(2, expected.size());
        if (result instanceof Map) {
            assertEquals(expected, new ArrayList<>(((Map<?, ?>) result).values()));
        } else {
            assertEquals(result instanceof List ? expected : expected.get(0), result);
        }
    }
}
