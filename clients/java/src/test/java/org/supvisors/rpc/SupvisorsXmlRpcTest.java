package org.supvisors.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.xmlrpc.XmlRpcException;
import org.junit.jupiter.api.Test;
import org.supvisors.common.DataConversion;
import org.supvisors.common.LoggerLevels;
import org.supvisors.common.SupvisorsIdentifier;
import org.supvisors.common.SupvisorsInnerProcessInfo;
import org.supvisors.common.SupvisorsInstanceInfo;
import org.supvisors.common.SupvisorsNetworkInfo;
import org.supvisors.testing.LogCapture;
import org.supvisors.testing.StubServer;

/** What the contract does not say: answers of other servers, and answers of newer ones. */
class SupvisorsXmlRpcTest {

    private static final Map<String, Object> FIRST = Map.of("identifier", "10.0.0.1:60000", "nick_identifier", "first");
    private static final Map<String, Object> SECOND = Map.of("identifier", "10.0.0.2:60000", "nick_identifier", "second");

    @Test
    void networkInfoOfSeveralInstances() throws Exception {
        try (StubServer server = StubServer.giving(List.of(SECOND, FIRST))) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            assertEquals("<second>10.0.0.2:60000", supvisors.getNetworkInfo("stereotype").getIdentifier().getName());
            HashMap<String, SupvisorsNetworkInfo> infos = supvisors.getNetworkInfos("stereotype");
            assertEquals(List.of("10.0.0.2:60000", "10.0.0.1:60000"), new ArrayList<>(infos.keySet()));
            assertEquals("supvisors.get_network_info", server.lastCall().method());
            assertEquals(List.of("stereotype"), server.lastCall().params());
        }
    }

    @Test
    void networkInfoOfAnOlderServer() throws Exception {
        try (StubServer server = StubServer.giving(FIRST)) {
            SupvisorsNetworkInfo info = new SupvisorsXmlRpc(server.client()).getNetworkInfo("first");
            assertEquals("10.0.0.1:60000", info.getName());
            assertNull(info.getNetwork());
        }
    }

    @Test
    void networkInfoOfNobody() throws Exception {
        try (StubServer server = StubServer.giving(List.of())) {
            assertThrows(XmlRpcException.class, () -> new SupvisorsXmlRpc(server.client()).getNetworkInfo("first"));
        }
    }

    @Test
    void noMaster() throws Exception {
        try (StubServer server = StubServer.giving(Map.of())) {
            SupvisorsIdentifier master = new SupvisorsXmlRpc(server.client()).getMasterIdentifier();
            assertNull(master.getIdentifier());
            assertNull(master.getNickIdentifier());
            assertEquals("", master.getName());
        }
    }

    @Test
    void oddElementsDoNotHideTheOthers() throws Exception {
        Map<String, Object> future = new HashMap<>(FIRST);
        future.put("statename", "HIBERNATING");
        future.put("statecode", 12);
        future.put("something_new", List.of(1));
        try (StubServer server = StubServer.giving(List.of(future, "odd", SECOND)); LogCapture log = new LogCapture(DataConversion.class)) {
            HashMap<String, SupvisorsInstanceInfo> infos = new SupvisorsXmlRpc(server.client()).getAllInstancesInfo();
            assertEquals(List.of("10.0.0.1:60000", "10.0.0.2:60000"), new ArrayList<>(infos.keySet()));
            assertNull(infos.get("10.0.0.1:60000").getState());
            assertEquals(1, log.records.size());
        }
    }

    @Test
    void innerProcessesOfSeveralInstances() throws Exception {
        List<Object> sent = new ArrayList<>();
        for (Map<String, Object> names : List.of(SECOND, FIRST)) {
            Map<String, Object> process = new HashMap<>(names);
            process.putAll(Map.of("group", "web", "name", "api", "state", 20));
            sent.add(process);
        }
        try (StubServer server = StubServer.giving(sent)) {
            HashMap<String, SupvisorsInnerProcessInfo> infos = new SupvisorsXmlRpc(server.client()).getInnerProcessInfo("all", "web:api");
            assertEquals(List.of("10.0.0.2:60000/web:api", "10.0.0.1:60000/web:api"), new ArrayList<>(infos.keySet()));
            SupvisorsInnerProcessInfo info = infos.get("10.0.0.1:60000/web:api");
            assertEquals("web:api", info.getNamespec());
            assertEquals("<first>10.0.0.1:60000", info.getSupvisorsIdentifier().getName());
        }
    }

    @Test
    void oddCoreIdentifiersAreLeftOut() throws Exception {
        try (StubServer server = StubServer.giving(List.of(SECOND, "odd", FIRST))) {
            List<SupvisorsIdentifier> cores = new SupvisorsXmlRpc(server.client()).getCoreIdentifiers();
            assertEquals(List.of("<second>10.0.0.2:60000", "<first>10.0.0.1:60000"),
                    cores.stream().map(SupvisorsIdentifier::getName).toList());
        }
    }

    @Test
    void everyLevelIsSentAsItsCode() throws Exception {
        try (StubServer server = StubServer.giving(true)) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            for (LoggerLevels level : LoggerLevels.values()) {
                assertEquals(true, supvisors.changeLogLevel(level));
                assertEquals(List.of(level.getLevelCode()), server.lastCall().params());
            }
            assertThrows(NullPointerException.class, () -> supvisors.changeLogLevel(null));
            assertEquals(LoggerLevels.values().length, server.calls.size());
        }
    }

    @Test
    void strategyIsMandatory() throws Exception {
        try (StubServer server = StubServer.giving(true)) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            assertThrows(NullPointerException.class, () -> supvisors.startProcess(null, "web:api", "", false));
            assertEquals(0, server.calls.size());
        }
    }

    @Test
    void nullArgumentIsAnXmlRpcException() throws Exception {
        try (StubServer server = StubServer.giving(true)) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            assertThrows(XmlRpcException.class, () -> supvisors.stopProcess(null, false));
            assertEquals(0, server.calls.size());
        }
    }
}
