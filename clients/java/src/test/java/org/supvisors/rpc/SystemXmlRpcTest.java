package org.supvisors.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.supvisors.common.SupervisorCallResult;
import org.supvisors.common.SupervisorProcessInfo;
import org.supvisors.common.SupervisorState;
import org.supvisors.testing.StubServer;

class SystemXmlRpcTest {

    @Test
    void listMethods() throws Exception {
        List<String> names = List.of("supervisor.getState", "system.listMethods");
        try (StubServer server = StubServer.giving(names)) {
            assertEquals(names, new SystemXmlRpc(server.client()).listMethods());
            assertEquals("system.listMethods", server.lastCall().method());
            assertEquals(List.of(), server.lastCall().params());
        }
    }

    @Test
    void methodHelp() throws Exception {
        try (StubServer server = StubServer.giving("help\ntext")) {
            assertEquals("help\ntext", new SystemXmlRpc(server.client()).methodHelp("a.b"));
            assertEquals("system.methodHelp", server.lastCall().method());
            assertEquals(List.of("a.b"), server.lastCall().params());
        }
    }

    @Test
    void methodSignature() throws Exception {
        try (StubServer server = StubServer.giving(List.of("int", "string"))) {
            assertEquals(List.of("int", "string"), new SystemXmlRpc(server.client()).methodSignature("a.b"));
            assertEquals("system.methodSignature", server.lastCall().method());
            assertEquals(List.of("a.b"), server.lastCall().params());
        }
    }

    @Test
    void multicall() throws Exception {
        Map<String, Object> fault = Map.of("faultCode", 10, "faultString", "BAD_NAME: x");
        try (StubServer server = StubServer.giving(List.of(fault, "ok", List.of(1)))) {
            Object[] results = new SystemXmlRpc(server.client()).multicall(new Object[] {
                SystemXmlRpc.createCall("a.b", new Object[] {"x", 1}), SystemXmlRpc.createCall("a.c", null)});
            assertEquals("system.multicall", server.lastCall().method());
            assertEquals(List.of(List.of(Map.of("methodName", "a.b", "params", List.of("x", 1)), Map.of("methodName", "a.c"))),
                    server.lastCall().params());
            assertEquals(3, results.length);
            assertEquals(fault, results[0]);
            assertEquals("ok", results[1]);
            assertEquals(1, ((Object[]) results[2])[0]);
        }
    }

    @Test
    void multicallWithTypedResults() throws Exception {
        Map<String, Object> fault = Map.of("faultCode", 10, "faultString", "BAD_NAME: x");
        Map<String, Object> state = Map.of("statecode", 1, "statename", "RUNNING");
        List<Object> processes = List.of(Map.of("group", "web", "name", "b"), Map.of("group", "web", "name", "a"));
        try (StubServer server = StubServer.giving(List.of(fault, "ok", state, processes))) {
            List<SupervisorCallResult> results = new SystemXmlRpc(server.client()).multicall(List.of(
                    SystemXmlRpc.createCall("a.b", new Object[] {"x"}), SystemXmlRpc.createCall("a.c", null)));
            assertEquals("system.multicall", server.lastCall().method());
            assertEquals(List.of(List.of(Map.of("methodName", "a.b", "params", List.of("x")), Map.of("methodName", "a.c"))),
                    server.lastCall().params());

            assertEquals(4, results.size());
            assertEquals("ok", results.get(1).get(String.class));
            assertEquals(SupervisorState.State.RUNNING, results.get(2).getObject(SupervisorState::new).getState());
            assertEquals(List.of("web:b", "web:a"), new ArrayList<>(results.get(3).getMap(SupervisorProcessInfo.class).keySet()));
        }
    }
}
