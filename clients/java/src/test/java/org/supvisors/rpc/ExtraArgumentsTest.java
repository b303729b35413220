package org.supvisors.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.supvisors.common.StartingStrategy;
import org.supvisors.testing.StubServer;

/** Extra arguments as a text, which goes as it is, and as a list, which is quoted. */
class ExtraArgumentsTest {

    private static final List<String> LIST = List.of("two words", "", "é", "-x");
    private static final String QUOTED = "'two words' '' 'é' -x";
    private static final String TEXT = "two  words \"'\"";

    @Test
    void flagsOfProcesses() throws Exception {
        try (StubServer server = StubServer.giving(true)) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            assertTrue(supvisors.startArgs("a:p", LIST, false));
            assertEquals("supvisors.start_args", server.lastCall().method());
            assertEquals(List.of("a:p", QUOTED, false), server.lastCall().params());
            assertTrue(supvisors.startArgs("a:p", TEXT, true));
            assertEquals(List.of("a:p", TEXT, true), server.lastCall().params());
            assertTrue(supvisors.startProcess(StartingStrategy.LOCAL, "a:*", LIST, true));
            assertEquals("supvisors.start_process", server.lastCall().method());
            assertEquals(List.of(StartingStrategy.LOCAL.ordinal(), "a:*", QUOTED, true), server.lastCall().params());
            assertTrue(supvisors.restartProcess(StartingStrategy.CONFIG, "a:p", List.of(), false));
            assertEquals("supvisors.restart_process", server.lastCall().method());
            assertEquals(List.of(0, "a:p", "", false), server.lastCall().params());
        }
    }

    @Test
    void anyProcess() throws Exception {
        try (StubServer server = StubServer.giving("a:p")) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            assertEquals("a:p", supvisors.startAnyProcess(StartingStrategy.CONFIG, "p", LIST, false));
            assertEquals("supvisors.start_any_process", server.lastCall().method());
            assertEquals(List.of(0, "p", QUOTED, false), server.lastCall().params());
        }
    }

    @Test
    void nothingIsSentWithoutArguments() throws Exception {
        try (StubServer server = StubServer.giving(true)) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(server.client());
            assertThrows(NullPointerException.class, () -> supvisors.startArgs("a:p", (List<String>) null, false));
            assertEquals(0, server.calls.size());
        }
    }
}
