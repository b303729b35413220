package org.supvisors.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldCallsTest {

    @Test
    void deferredMethodsOfTheContractAreHeldUnlessToldNotToWait() throws Exception {
        check("supvisors", contract("api.json").get("methods"));
        check("supervisor", contract("supervisord.json").get("namespaces").get("supervisor"));
    }

    private static JsonNode contract(String name) throws Exception {
        return new ObjectMapper().readTree(new File(System.getProperty("basedir", "."), "../../contract/" + name));
    }

    /** Without a parameter {@code wait}, the answer of a deferred method is always held. */
    private static void check(String namespace, JsonNode methods) {
        methods.properties().forEach(method -> {
            String name = namespace + "." + method.getKey();
            boolean deferred = method.getValue().get("deferred").asBoolean();
            List<Object> args = new ArrayList<>();
            int wait = -1;
            for (JsonNode param : method.getValue().get("params")) {
                if ("wait".equals(param.get("name").asText())) {
                    wait = args.size();
                }
                args.add("x");
            }
            assertEquals(deferred, HeldCalls.isHeld(name), name);
            if (wait >= 0) {
                args.set(wait, true);
                assertTrue(HeldCalls.isHeld(name, args.toArray()), name);
                args.set(wait, false);
                assertFalse(HeldCalls.isHeld(name, args.toArray()), name);
                assertTrue(HeldCalls.isHeld(name, args.subList(0, wait).toArray()), name);
            }
        });
    }

    @Test
    void methodsOfSupervisor() {
        assertTrue(HeldCalls.isHeld("supervisor.startProcess", "p"));
        assertTrue(HeldCalls.isHeld("supervisor.stopProcess", "p", true));
        assertFalse(HeldCalls.isHeld("supervisor.stopProcess", "p", false));
        assertTrue(HeldCalls.isHeld("supervisor.startAllProcesses"));
        assertFalse(HeldCalls.isHeld("supervisor.stopAllProcesses", false));
        assertFalse(HeldCalls.isHeld("supervisor.stopProcessGroup", "g", false));
        assertTrue(HeldCalls.isHeld("supervisor.startProcessGroup", "g", true));
        assertTrue(HeldCalls.isHeld("supervisor.clearAllProcessLogs"));
        assertFalse(HeldCalls.isHeld("supervisor.signalAllProcesses", "HUP"));
        assertFalse(HeldCalls.isHeld("supervisor.signalProcessGroup", "g", "HUP"));
        assertFalse(HeldCalls.isHeld("supervisor.getState"));
        assertFalse(HeldCalls.isHeld("unknown"));
    }

    @Test
    void methodsThatRestart() {
        assertTrue(HeldCalls.isHeld("supvisors.restart_sequence"));
        assertFalse(HeldCalls.isHeld("supvisors.restart_sequence", false));
        assertTrue(HeldCalls.isHeld("supvisors.start_any_process", 0, "regex", "args"));
        assertFalse(HeldCalls.isHeld("supvisors.restart"));
        assertFalse(HeldCalls.isHeld("supvisors.test_start_process", 0, "p"));
    }

    @Test
    void multicallIsHeldWhenOneOfItsCallsIs() {
        Object state = SystemXmlRpc.createCall("supervisor.getState", null);
        Object stop = SystemXmlRpc.createCall("supvisors.stop_process", new Object[] {"p"});
        Object order = SystemXmlRpc.createCall("supvisors.stop_process", new Object[] {"p", false});
        assertFalse(multicall(state, order));
        assertTrue(multicall(state, stop));
        assertFalse(multicall());
        assertFalse(multicall("odd", 3));
        assertFalse(HeldCalls.isHeld("system.multicall"));
    }

    private static boolean multicall(Object... calls) {
        return HeldCalls.isHeld("system.multicall", (Object) calls);
    }
}
