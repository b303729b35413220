package org.supvisors.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.xmlrpc.XmlRpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.supvisors.testing.StubServer;
import org.supvisors.testing.XmlRpcText;

/** Answers that are wrong, by accident or not: always an XmlRpcException, and nothing else happens. */
class HostileAnswerTest {

    private static final String HEAD = "<?xml version='1.0'?>";
    private static final String EXTENSIONS = "xmlns:ex='http://ws.apache.org/xmlrpc/namespaces/extensions'";

    /** Tells when it is read from its serialised form, as a gadget would act. */
    static final class Gadget extends RuntimeException {
        private static final long serialVersionUID = 1;
        static boolean awake;

        private void readObject(ObjectInputStream stream) throws IOException, ClassNotFoundException {
            stream.defaultReadObject();
            awake = true;
        }
    }

    private static Object call(String answer) throws Exception {
        try (StubServer server = new StubServer(call -> answer)) {
            return server.client().rpcCall("a.b", null, Object.class);
        }
    }

    private static XmlRpcException refused(String answer) {
        return assertThrows(XmlRpcException.class, () -> call(answer));
    }

    private static String response(String value) {
        return HEAD + "<methodResponse><params><param>" + value + "</param></params></methodResponse>";
    }

    private static String gadget() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(new Gadget());
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    @Test
    void causeOfAFaultIsNotDeserialised() throws Exception {
        Gadget.awake = false;
        XmlRpcException fault = refused(HEAD + "<methodResponse><fault><value><struct>"
                + "<member><name>faultCode</name><value><int>30</int></value></member>"
                + "<member><name>faultString</name><value>FAILED</value></member>"
                + "<member><name>faultCause</name><value><base64>" + gadget() + "</base64></value></member>"
                + "</struct></value></fault></methodResponse>");
        assertFalse(Gadget.awake);
        assertEquals(30, fault.code);
        assertEquals("FAILED", fault.getMessage());
    }

    @Test
    void serialisedValueIsRefused() throws Exception {
        Gadget.awake = false;
        refused(HEAD + "<methodResponse " + EXTENSIONS + "><params><param><value><ex:serializable>" + gadget()
                + "</ex:serializable></value></param></params></methodResponse>");
        assertFalse(Gadget.awake);
    }

    @Test
    void externalEntityIsNotFetched() throws Exception {
        try (StubServer prey = new StubServer(call -> "secret")) {
            String url = "http://127.0.0.1:" + prey.port() + "/x";
            refused(HEAD + "<!DOCTYPE r [<!ENTITY x SYSTEM '" + url + "'>]>" + response("<value>&x;</value>").substring(HEAD.length()));
            refused(HEAD + "<!DOCTYPE r SYSTEM '" + url + "'>" + response("<value>a</value>").substring(HEAD.length()));
            assertEquals(List.of(), prey.calls);
        }
    }

    @Test
    void internalEntityIsRefused() {
        refused(HEAD + "<!DOCTYPE r [<!ENTITY x 'boom'>]>" + response("<value>&x;</value>").substring(HEAD.length()));
    }

    @Test
    void endlessNestingIsRefused() throws Exception {
        int depth = 20_000;
        refused(response("<value><array><data>".repeat(depth) + "</data></array></value>".repeat(depth)));
        Object nested = call(response("<value><array><data>".repeat(50) + "</data></array></value>".repeat(50)));
        assertEquals(1, ((Object[]) nested).length);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "not xml",
        "<methodResponse/>",
        "<methodResponse><params/></methodResponse>",
        "<html><body>hello</body></html>",
        "<methodResponse><params><param><value><int>many</int></value></param></params></methodResponse>",
        "<methodResponse><params><param><value><what>1</what></value></param></params></methodResponse>",
        "<methodResponse><params><param><value><i8>1</i8></value></param></params></methodResponse>",
        "<methodResponse><params><param><value><struct><name>a</name></struct></value></param></params></methodResponse>",
        "<methodResponse><params><param><value><struct><member><value>a</value></member></struct></value></param></params>"
            + "</methodResponse>",
        "<methodResponse><params><param><value>cut",
        "<methodResponse><fault><value>not a struct</value></fault></methodResponse>",
        "<methodResponse><fault><value><struct><member><name>faultCode</name><value>30</value></member></struct></value></fault>"
            + "</methodResponse>"})
    void malformedAnswerIsAnXmlRpcException(String answer) {
        PrintStream console = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        XmlRpcException error;
        try {
            error = refused(answer);
        } finally {
            System.setErr(console);
        }
        assertEquals(0, error.code);
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void otherTypeThanExpectedIsAnXmlRpcException() throws Exception {
        try (StubServer server = StubServer.giving("text")) {
            XmlRpcException error = assertThrows(XmlRpcException.class,
                    () -> server.client().rpcCall("a.b", null, Integer.class));
            assertEquals("a.b has returned String instead of Integer", error.getMessage());
        }
    }

    @Test
    void structKeepsTheOrderOfTheServer() throws Exception {
        Map<String, Object> sent = new LinkedHashMap<>();
        for (int i = 40; i > 0; i--) {
            sent.put("key <" + i + ">", Map.of("inside", i));
        }
        Object received = call(XmlRpcText.answer(sent));
        assertEquals(HashMap.class.cast(received), sent);
        assertEquals(new ArrayList<>(sent.keySet()), new ArrayList<>(((Map<?, ?>) received).keySet()));
    }

    @Test
    void emptyStructAndTextsAreRead() throws Exception {
        assertEquals(Map.of(), call(response("<value><struct></struct></value>")));
        assertEquals(Map.of("", ""), call(response("<value>\n<struct>\n<member>\n<name/>\n<value/>\n</member>\n</struct>\n</value>")));
        assertEquals("a < b", call(response("<value><string>a &lt; b</string></value>")));
        assertTrue(((Object[]) call(response("<value><array><data/></array></value>"))).length == 0);
    }
}
