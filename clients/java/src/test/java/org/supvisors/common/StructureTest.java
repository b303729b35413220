package org.supvisors.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StructureTest {

    private static HashMap<String, Object> struct(Object... keysAndValues) {
        HashMap<String, Object> struct = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            struct.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return struct;
    }

    @Test
    void equalityIsThatOfWhatIsRead() {
        SupvisorsProcessInfo one = new SupvisorsProcessInfo(struct("process_name", "api", "identifiers", new Object[] {"a"}));
        SupvisorsProcessInfo same = new SupvisorsProcessInfo(struct("identifiers", List.of("a"), "process_name", "api", "x", 1));
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        assertNotEquals(one, new SupvisorsProcessInfo(struct("process_name", "api", "identifiers", List.of("b"))));
        assertNotEquals(new SupvisorsStatus(struct()), new SupvisorsStateModes(struct()));
        assertNotEquals(one, null);
    }

    @Test
    void textNamesTheClassAndTheFields() {
        assertEquals("SupvisorsStrategies(auto-fencing=true, starting=CONFIG, conciliation=null, supvisors_failure=RESYNC)",
                new SupvisorsStrategies(struct("auto-fencing", 1, "starting", "CONFIG", "conciliation", "MAGIC",
                        "supvisors_failure", "RESYNC")).toString());
        assertEquals("SupvisorsNetworkInfo(identifier=null, nick_identifier=null, host_id=null, http_port=null, stereotypes=[], "
                + "network=null)", new SupvisorsNetworkInfo(struct()).toString());
        assertEquals("SupervisorState(statename=null)", new SupervisorState(null).toString());
    }

    @Test
    void nothingChangesAfterConstruction() {
        List<Object> identifiers = new ArrayList<>(List.of("a"));
        HashMap<String, Object> struct = struct("identifiers", identifiers, "process_name", "api");
        SupvisorsProcessInfo info = new SupvisorsProcessInfo(struct);
        identifiers.add("b");
        struct.put("process_name", "other");
        assertEquals(List.of("a"), info.getIdentifiers());
        assertEquals("api", info.getProcessName());
        assertThrows(UnsupportedOperationException.class, () -> info.getIdentifiers().add("c"));

        SupvisorsStatus status = new SupvisorsStatus(struct("instance_states", Map.of("i", "RUNNING")));
        status.getInstanceStates().clear();
        assertEquals(Map.of("i", SupvisorsInstanceState.RUNNING), status.getInstanceStates());
    }

    @Test
    void instanceStatesAreConstantsInTheOrderOfTheServer() {
        HashMap<String, SupvisorsInstanceState> states = new SupvisorsStatus(struct("instance_states",
                struct("z:1", "RUNNING", "a:1", "ISOLATED", "m:1", "HIBERNATING"))).getInstanceStates();
        assertEquals(List.of("z:1", "a:1", "m:1"), new ArrayList<>(states.keySet()));
        SupvisorsInstanceState state = states.get("z:1");
        assertEquals(SupvisorsInstanceState.RUNNING, state);
        assertNull(states.get("m:1"));
    }

    @Test
    void nameOfAStateWinsOverItsCode() {
        assertEquals(SupvisorsState.OPERATION, new SupvisorsStatus(struct("fsm_statename", "OPERATION", "fsm_statecode", 2)).getState());
        assertEquals(SupvisorsState.ELECTION, new SupvisorsStatus(struct("fsm_statename", "NEW", "fsm_statecode", 2)).getState());
        assertNull(new SupvisorsStatus(struct("fsm_statename", "NEW", "fsm_statecode", 99)).getState());
    }

    @Test
    void identifierNames() {
        assertEquals("<nick>h:1", new SupvisorsIdentifier("h:1", "nick").getName());
        assertEquals("h:1", new SupvisorsIdentifier("h:1", new String("h:1")).getName());
        assertEquals("h:1", new SupvisorsIdentifier("h:1", null).getName());
        assertEquals("h:1", new SupvisorsIdentifier("h:1", "").getName());
        assertEquals("", new SupvisorsIdentifier(null, null).getName());
        assertEquals(new SupvisorsIdentifier("h:1", "nick"),
                new SupvisorsIdentifier(struct("identifier", "h:1", "nick_identifier", "nick")));
    }

    @Test
    void namesOfTheElements() {
        assertEquals("web:api", new SupvisorsProcessInfo(struct("application_name", "web", "process_name", "api")).getName());
        assertEquals("solo", new SupvisorsProcessInfo(struct("application_name", "solo", "process_name", "solo")).getName());
        assertEquals("web:api", new SupvisorsLocalProcessInfo(struct("group", "web", "name", "api")).getName());
        assertEquals("web", new SupvisorsApplicationInfo(struct("application_name", "web")).getName());
        assertEquals("h:1", new SupvisorsInstanceInfo(struct("identifier", "h:1", "nick_identifier", "n")).getName());
        assertEquals("h:1", new SupvisorsStateModes(struct("identifier", "h:1", "nick_identifier", "n")).getName());
        assertEquals("<n>h:1", new SupvisorsStateModes(struct("identifier", "h:1", "nick_identifier", "n"))
                .getSupvisorsIdentifier().getName());
        assertEquals("<n>h:1", new SupvisorsInstanceInfo(struct("identifier", "h:1", "nick_identifier", "n"))
                .getSupvisorsIdentifier().getName());
    }

    @Test
    void timesInWholeSecondsAndExact() {
        SupvisorsInstanceInfo instance = new SupvisorsInstanceInfo(struct("remote_time", 1795353706.75, "local_time", 1795353707));
        assertEquals(1795353706, instance.getRemoteTime());
        assertEquals(1795353706.75, instance.getRemotePosixTime());
        assertEquals(1795353707, instance.getLocalTime());
        assertEquals(1795353707.0, instance.getLocalPosixTime());
        SupvisorsLocalProcessInfo process = new SupvisorsLocalProcessInfo(struct("now", 1795353706.75));
        assertEquals(1795353706, process.getNow());
        assertEquals(1795353706.75, process.getPosixNow());
    }
}
