package org.supvisors.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.xmlrpc.XmlRpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.supvisors.common.DistributionRule;
import org.supvisors.common.ProcessState;
import org.supvisors.common.StartingFailureStrategy;
import org.supvisors.common.StartingStrategy;
import org.supvisors.common.SupvisorsApplicationRules;
import org.supvisors.common.SupvisorsDistributionInfo;
import org.supvisors.common.SupvisorsProcessInfo;
import org.supvisors.common.SupvisorsProcessRules;
import org.supvisors.testing.StubServer;

/** Rules and predictions: what a server may leave out, what other servers send, and what is sent to all of them. */
class SupvisorsRulesTest {

    private static HashMap<String, Object> with(Map<String, ?> struct, Object... keysAndValues) {
        HashMap<String, Object> changed = new HashMap<>(struct);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            changed.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return changed;
    }

    private static SupvisorsApplicationRules applicationRules(Map<String, ?> struct) throws Exception {
        try (StubServer server = StubServer.giving(struct)) {
            return new SupvisorsXmlRpc(server.client()).getApplicationRules("web");
        }
    }

    @Test
    void applicationWithoutIdentifiers() throws Exception {
        Map<String, Object> rules = Map.of("application_name", "web", "managed", true, "distribution", "ALL_INSTANCES",
                "start_sequence", 2, "status_formula", "");
        SupvisorsApplicationRules without = applicationRules(rules);
        assertEquals(List.of(), without.getIdentifiers());
        assertSame(DistributionRule.ALL_INSTANCES, without.getDistribution());
        assertEquals(2, without.getStartSequence());
        assertEquals("", without.getStatusFormula());
        assertEquals("web", without.getName());
        assertEquals(List.of("*"), applicationRules(with(rules, "identifiers", List.of("*"))).getIdentifiers());
        assertThrows(UnsupportedOperationException.class, () -> without.getIdentifiers().clear());
    }

    @Test
    void applicationThatIsNotManaged() throws Exception {
        SupvisorsApplicationRules rules = applicationRules(Map.of("application_name", "web", "managed", false));
        assertEquals(false, rules.isManaged());
        assertEquals(List.of(), rules.getIdentifiers());
        for (Object absent : new Object[] {rules.getDistribution(), rules.getStartSequence(), rules.getStopSequence(),
            rules.getStartingStrategy(), rules.getStartingFailureStrategy(), rules.getRunningFailureStrategy(),
            rules.getStatusFormula()}) {
            assertNull(absent);
        }
        assertEquals("SupvisorsApplicationRules(application_name=web, managed=false, distribution=null, identifiers=[], "
                + "start_sequence=null, stop_sequence=null, starting_strategy=null, starting_failure_strategy=null, "
                + "running_failure_strategy=null, status_formula=null)", rules.toString());
    }

    @Test
    void namesOfANewerServer() throws Exception {
        SupvisorsApplicationRules rules = applicationRules(Map.of("application_name", "web", "managed", true,
                "distribution", "SINGLE_RACK", "starting_strategy", "LUCKY", "starting_failure_strategy", "STOP"));
        assertNull(rules.getDistribution());
        assertNull(rules.getStartingStrategy());
        assertSame(StartingFailureStrategy.STOP, rules.getStartingFailureStrategy());
    }

    /** Supvisors 0.19 says expected_loading, its documentation says loading, and both are right. */
    @Test
    void loadingByEitherName() throws Exception {
        Map<String, Object> rules = Map.of("application_name", "web", "process_name", "api");
        try (StubServer server = StubServer.giving(List.of(with(rules, "loading", 5),
                with(rules, "process_name", "db", "expected_loading", 6),
                with(rules, "process_name", "log", "loading", 7, "expected_loading", 7, "identifiers", List.of("b", "a"))))) {
            HashMap<String, SupvisorsProcessRules> all = new SupvisorsXmlRpc(server.client()).getProcessRules("web:*");
            assertEquals(List.of("web:*"), server.lastCall().params());
            assertEquals(List.of("web:api", "web:db", "web:log"), new ArrayList<>(all.keySet()));
            assertEquals(List.of(5, 6, 7), all.values().stream().map(SupvisorsProcessRules::getExpectedLoading).toList());
            assertEquals(List.of("b", "a"), all.get("web:log").getIdentifiers());
            assertEquals(List.of(), all.get("web:api").getIdentifiers());
            assertNull(all.get("web:db").getLoading());
            assertNull(all.get("web:db").isRequired());
        }
    }

    @Test
    void conflictsAreByNamespec() throws Exception {
        Map<String, Object> process = Map.of("application_name", "web", "process_name", "api", "identifiers", List.of("a:1", "b:1"));
        try (StubServer server = StubServer.giving(List.of(process))) {
            HashMap<String, SupvisorsProcessInfo> conflicts = new SupvisorsXmlRpc(server.client()).getConflicts();
            assertEquals(List.of("a:1", "b:1"), conflicts.get("web:api").getIdentifiers());
            assertEquals("supvisors.get_conflicts", server.lastCall().method());
        }
    }

    @Test
    void predictionsKeepTheOrderOfTheServer() throws Exception {
        Map<String, Object> first = Map.of("application_name", "web", "process_name", "z", "state", "FATAL",
                "forced_reason", "a:1: no resource", "running_identifiers", List.of());
        Map<String, Object> second = Map.of("application_name", "web", "process_name", "web", "state", "EXITED",
                "forced_reason", "", "running_identifiers", List.of("a:1"));
        Map<String, Object> future = Map.of("application_name", "web", "process_name", "a", "state", "HIBERNATING");
        try (StubServer server = StubServer.giving(List.of(first, second, future))) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            HashMap<String, SupvisorsDistributionInfo> infos = supvisors.testStartApplication(StartingStrategy.LOCAL, "web");
            assertEquals(List.of(StartingStrategy.LOCAL.ordinal(), "web"), server.lastCall().params());
            assertEquals(List.of("web:z", "web", "web:a"), new ArrayList<>(infos.keySet()));
            assertEquals(infos, supvisors.testStartProcess(StartingStrategy.CONFIG, "web:*"));
            assertEquals(List.of(0, "web:*"), server.lastCall().params());
            assertSame(ProcessState.FATAL, infos.get("web:z").getState());
            assertEquals("a:1: no resource", infos.get("web:z").getForcedReason());
            assertEquals(List.of(), infos.get("web:z").getRunningIdentifiers());
            assertEquals(List.of("a:1"), infos.get("web").getRunningIdentifiers());
            assertNull(infos.get("web:a").getState());
            assertNull(infos.get("web:a").getForcedReason());
        }
    }

    @Test
    void anyProcessIsNamed() throws Exception {
        try (StubServer server = StubServer.giving("web:api")) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            assertEquals("web:api", supvisors.startAnyProcess(StartingStrategy.LESS_LOADED, "^web:"));
            assertEquals(List.of(1, "^web:"), server.lastCall().params());
            assertEquals("web:api", supvisors.startAnyProcess(StartingStrategy.LESS_LOADED, "^web:", "-x", false));
            assertEquals(List.of(1, "^web:", "-x", false), server.lastCall().params());
        }
    }

    @Test
    void strategyIsMandatory() throws Exception {
        try (StubServer server = StubServer.giving(true)) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            for (Executable call : List.<Executable>of(
                    () -> supvisors.testStartApplication(null, "web"),
                    () -> supvisors.testStartProcess(null, "web:api"),
                    () -> supvisors.restartApplication(null, "web", false),
                    () -> supvisors.restartProcess(null, "web:api", "", false),
                    () -> supvisors.startAnyProcess(null, "web"))) {
                assertThrows(NullPointerException.class, call);
            }
            assertEquals(0, server.calls.size());
        }
    }

    @Test
    void anAnswerOfAnotherTypeIsAnXmlRpcException() throws Exception {
        try (StubServer server = StubServer.giving(true)) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            assertThrows(XmlRpcException.class, () -> supvisors.startAnyProcess(StartingStrategy.CONFIG, "web"));
            assertThrows(XmlRpcException.class, () -> supvisors.getApplicationRules("web"));
            assertThrows(XmlRpcException.class, supvisors::getConflicts);
        }
    }
}
