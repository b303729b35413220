package org.supvisors.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.params.provider.MethodSource;
import org.supvisors.common.ProcessState;
import org.supvisors.common.SupervisorConfigInfo;
import org.supvisors.common.SupervisorConfigUpdates;
import org.supvisors.common.SupervisorExecutionStatus;
import org.supvisors.common.SupervisorFaults;
import org.supvisors.common.SupervisorLogResult;
import org.supvisors.common.SupervisorProcessInfo;
import org.supvisors.common.SupervisorState;
import org.supvisors.testing.StubServer;

class SupervisorXmlRpcTest {

    private static final Map<String, Object> WEB = process("web", "api", 20, "RUNNING");
    private static final Map<String, Object> SOLO = process("solo", "solo", 200, "FATAL");
    private static final Map<String, Object> GOOD = outcome("web", "api", 80);
    private static final Map<String, Object> BAD = outcome("web", "cache", 103);
    private static final Map<String, Object> CONFIG = Map.of("group", "web", "name", "api", "inuse", true, "autostart", false,
            "process_prio", 999, "group_prio", 12);

    /** A call, what must go to the server, what the server says, and what must come back. */
    @FunctionalInterface
    interface Invocation {
        Object of(SupervisorXmlRpc supervisor) throws XmlRpcException;
    }

    static final class Row {
        final String method;
        final List<Object> params;
        final Object answer;
        final Object expected;
        final Invocation invocation;

        Row(Invocation invocation, Object answer, Object expected, String method, Object... params) {
            this.invocation = invocation;
            this.answer = answer;
            this.expected = expected;
            this.method = method;
            this.params = List.of(params);
        }

        @Override
        public String toString() {
            return method + params;
        }
    }

    @SuppressWarnings("deprecation")
    static Stream<Row> rows() {
        List<Map<String, Object>> outcomes = List.of(GOOD, BAD);
        Map<String, Object> outcomesByName = Map.of("web:api", new SupervisorExecutionStatus(new HashMap<>(GOOD)),
                "web:cache", new SupervisorExecutionStatus(new HashMap<>(BAD)));
        List<Object> tail = List.of("text", 60, true);
        SupervisorLogResult tailed = new SupervisorLogResult(tail.toArray());
        List<Object> updates = List.of(List.of(List.of("a"), List.of("c1", "c2"), List.of()));
        SupervisorConfigUpdates updated = new SupervisorConfigUpdates(new Object[] {updates.get(0)});
        return Stream.of(
            new Row(s -> s.getAPIVersion(), "3.0", "3.0", "getAPIVersion"),
            new Row(s -> s.getVersion(), "3.0", "3.0", "getVersion"),
            new Row(s -> s.getSupervisorVersion(), "4.3.0", "4.3.0", "getSupervisorVersion"),
            new Row(s -> s.getIdentification(), "sv01", "sv01", "getIdentification"),
            new Row(s -> s.getState().getState(), Map.of("statecode", 1, "statename", "RUNNING"),
                    SupervisorState.State.RUNNING, "getState"),
            new Row(s -> s.getState().getState(), Map.of("statecode", -1), SupervisorState.State.SHUTDOWN, "getState"),
            new Row(s -> s.getPID(), 13876, 13876, "getPID"),
            new Row(s -> s.readLog(0, 20), "log", "log", "readLog", 0, 20),
            new Row(s -> s.readMainLog(-5, 0), "log", "log", "readMainLog", -5, 0),
            new Row(s -> s.clearLog(), true, true, "clearLog"),
            new Row(s -> s.shutdown(), true, true, "shutdown"),
            new Row(s -> s.restart(), true, true, "restart"),
            new Row(s -> s.getProcessInfo("web:api"), WEB, new SupervisorProcessInfo(new HashMap<>(WEB)), "getProcessInfo", "web:api"),
            new Row(s -> s.getAllProcessInfo(), List.of(WEB, SOLO),
                    Map.of("web:api", new SupervisorProcessInfo(new HashMap<>(WEB)),
                            "solo", new SupervisorProcessInfo(new HashMap<>(SOLO))), "getAllProcessInfo"),
            new Row(s -> s.startProcess("web:api"), true, true, "startProcess", "web:api"),
            new Row(s -> s.stopProcess("web:*"), outcomes, false, "stopProcess", "web:*"),
            new Row(s -> s.startProcessGroup("web"), outcomes, outcomesByName, "startProcessGroup", "web"),
            new Row(s -> s.stopProcessGroup("web"), outcomes, outcomesByName, "stopProcessGroup", "web"),
            new Row(s -> s.startAllProcesses(), outcomes, outcomesByName, "startAllProcesses"),
            new Row(s -> s.stopAllProcesses(), outcomes, outcomesByName, "stopAllProcesses"),
            new Row(s -> s.startProcess("web:api", false), true, true, "startProcess", "web:api", false),
            new Row(s -> s.startProcess("web:*", true), List.of(GOOD), true, "startProcess", "web:*", true),
            new Row(s -> s.startProcess("web:*", true), outcomes, false, "startProcess", "web:*", true),
            new Row(s -> s.stopProcess("web:api", true), true, true, "stopProcess", "web:api", true),
            new Row(s -> s.stopProcess("web:*", true), outcomes, false, "stopProcess", "web:*", true),
            new Row(s -> s.startProcessGroup("web", true), outcomes, outcomesByName, "startProcessGroup", "web", true),
            new Row(s -> s.stopProcessGroup("web", false), outcomes, outcomesByName, "stopProcessGroup", "web", false),
            new Row(s -> s.startAllProcesses(false), outcomes, outcomesByName, "startAllProcesses", false),
            new Row(s -> s.stopAllProcesses(true), outcomes, outcomesByName, "stopAllProcesses", true),
            new Row(s -> s.signalProcess("web:api", "HUP"), true, true, "signalProcess", "web:api", "HUP"),
            new Row(s -> s.signalProcess("web:*", "HUP"), outcomes, false, "signalProcess", "web:*", "HUP"),
            new Row(s -> s.signalProcessGroup("web", "HUP"), outcomes, outcomesByName, "signalProcessGroup", "web", "HUP"),
            new Row(s -> s.signalAllProcesses("HUP"), outcomes, outcomesByName, "signalAllProcesses", "HUP"),
            new Row(s -> s.sendProcessStdin("web:api", "x\n"), true, true, "sendProcessStdin", "web:api", "x\n"),
            new Row(s -> s.sendRemoteCommEvent("kind", "data"), true, true, "sendRemoteCommEvent", "kind", "data"),
            new Row(s -> s.getAllConfigInfo(), List.of(CONFIG),
                    Map.of("web:api", new SupervisorConfigInfo(new HashMap<>(CONFIG))), "getAllConfigInfo"),
            new Row(s -> s.reloadConfig(), updates, updated, "reloadConfig"),
            new Row(s -> s.addProcessGroup("web"), true, true, "addProcessGroup", "web"),
            new Row(s -> s.removeProcessGroup("web"), true, true, "removeProcessGroup", "web"),
            new Row(s -> s.readProcessStdoutLog("web:api", 0, 9), "out", "out", "readProcessStdoutLog", "web:api", 0, 9),
            new Row(s -> s.readProcessLog("web:api", 0, 9), "out", "out", "readProcessLog", "web:api", 0, 9),
            new Row(s -> s.readProcessStderrLog("web:api", 0, 9), "err", "err", "readProcessStderrLog", "web:api", 0, 9),
            new Row(s -> s.tailProcessStdoutLog("web:api", 0, 9), tail, tailed, "tailProcessStdoutLog", "web:api", 0, 9),
            new Row(s -> s.tailProcessLog("web:api", 0, 9), tail, tailed, "tailProcessLog", "web:api", 0, 9),
            new Row(s -> s.tailProcessStderrLog("web:api", 0, 9), tail, tailed, "tailProcessStderrLog", "web:api", 0, 9),
            new Row(s -> s.clearProcessLogs("web:api"), true, true, "clearProcessLogs", "web:api"),
            new Row(s -> s.clearProcessLog("web:api"), true, true, "clearProcessLog", "web:api"),
            new Row(s -> s.clearAllProcessLogs(), outcomes, outcomesByName, "clearAllProcessLogs"));
    }

    private static Map<String, Object> process(String group, String name, int state, String stateName) {
        return Map.ofEntries(Map.entry("group", group), Map.entry("name", name), Map.entry("state", state),
                Map.entry("statename", stateName), Map.entry("description", "pid 12"), Map.entry("start", 1795353706),
                Map.entry("stop", 1795353704), Map.entry("now", 1795353947), Map.entry("spawnerr", "none"),
                Map.entry("exitstatus", 3), Map.entry("logfile", "/log"), Map.entry("stdout_logfile", "/out"),
                Map.entry("stderr_logfile", "/err"), Map.entry("pid", 12));
    }

    private static Map<String, Object> outcome(String group, String name, int status) {
        return Map.of("group", group, "name", name, "status", status, "description", "OK");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void callGoesAndAnswerComesBack(Row row) throws Exception {
        try (StubServer server = StubServer.giving(row.answer)) {
            Object result = row.invocation.of(new SupervisorXmlRpc(server.client()));
            assertEquals("supervisor." + row.method, server.lastCall().method());
            assertEquals(row.params, server.lastCall().params());
            assertEquals(row.expected, result);
        }
    }

    @Test
    void everyMethodIsInTheTable() {
        Set<String> tested = rows().map(row -> row.method).collect(Collectors.toCollection(TreeSet::new));
        Set<String> all = Arrays.stream(SupervisorXmlRpc.class.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .map(method -> method.getName()).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(all, tested);
    }

    @Test
    void mapsKeepTheOrderOfTheServer() throws Exception {
        List<Object> sent = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 30; i > 0; i--) {
            sent.add(process("web", "p" + i, 0, "STOPPED"));
            names.add("web:p" + i);
        }
        try (StubServer server = StubServer.giving(sent)) {
            assertEquals(names, new ArrayList<>(new SupervisorXmlRpc(server.client()).getAllProcessInfo().keySet()));
        }
    }

    @Test
    @SuppressWarnings("deprecation")
    void processIsRead() {
        SupervisorProcessInfo info = new SupervisorProcessInfo(new HashMap<>(WEB));
        assertEquals("web:api", info.getName());
        assertEquals("api", info.getProcessName());
        assertEquals("web", info.getGroupName());
        assertEquals("pid 12", info.getDescription());
        assertEquals(1795353706, info.getStartTime());
        assertEquals(1795353704, info.getStopTime());
        assertEquals(1795353947, info.getCurrentTime());
        assertEquals(ProcessState.RUNNING, info.getState());
        assertEquals("none", info.getSpawnError());
        assertEquals(3, info.getExitStatus());
        assertEquals("/log", info.getLogFile());
        assertEquals("/out", info.getStdoutLogFile());
        assertEquals("/err", info.getStderrLogFile());
        assertEquals(12, info.getPID());
    }

    @Test
    void outcomeIsRead() {
        SupervisorExecutionStatus outcome = new SupervisorExecutionStatus(new HashMap<>(BAD));
        assertEquals("web:cache", outcome.getName());
        assertEquals("cache", outcome.getProcessName());
        assertEquals("web", outcome.getGroupName());
        assertEquals("OK", outcome.getDescription());
        assertEquals(SupervisorFaults.DISABLED, outcome.getStatus());
    }

    @Test
    void configurationIsRead() {
        SupervisorConfigInfo info = new SupervisorConfigInfo(new HashMap<>(CONFIG));
        assertEquals("web:api", info.getName());
        assertEquals("api", info.getProcessName());
        assertEquals("web", info.getGroupName());
        assertEquals(true, info.isInUse());
        assertEquals(false, info.isAutoStart());
        assertEquals(999, info.getProcessPriority());
        assertEquals(12, info.getGroupPriority());
    }

    @Test
    void arraysAreRead() {
        SupervisorLogResult tail = new SupervisorLogResult(new Object[] {"text", 60, true});
        assertEquals("text", tail.getBytes());
        assertEquals(60, tail.getOffset());
        assertEquals(true, tail.getOverflow());
        SupervisorConfigUpdates updates = new SupervisorConfigUpdates(
                new Object[] {new Object[] {new Object[] {"a"}, new Object[] {"c"}, new Object[] {"r1", "r2"}}});
        assertEquals(List.of("a"), updates.getAdded());
        assertEquals(List.of("c"), updates.getChanged());
        assertEquals(List.of("r1", "r2"), updates.getRemoved());
        assertEquals(List.of(), new SupervisorConfigUpdates(new Object[0]).getAdded());
    }
}
