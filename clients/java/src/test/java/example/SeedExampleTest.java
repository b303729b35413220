package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.supvisors.testing.StubServer;
import org.supvisors.testing.XmlRpcText;

class SeedExampleTest {

    private static final Map<String, Object> ANSWERS = Map.of(
            "supervisor.getState", Map.of("statecode", 1, "statename", "RUNNING"),
            "supvisors.get_supvisors_state", Map.of("fsm_statecode", 4, "fsm_statename", "OPERATION"));

    /** The stub server is made the proxy of everything, so that the example runs with the address that it is written with. */
    @Test
    void runsAsItIsWritten() throws Exception {
        ProxySelector direct = ProxySelector.getDefault();
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (StubServer server = new StubServer(call -> XmlRpcText.answer(ANSWERS.get(call.method())))) {
            ProxySelector.setDefault(always(server.address()));
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            SeedExample.main(new String[0]);
            System.setOut(console);

            String credentials = Base64.getEncoder().encodeToString("toto:p@$$w0rd".getBytes(StandardCharsets.UTF_8));
            assertEquals(List.of("supervisor.getState", "supvisors.get_supvisors_state"),
                    server.calls.stream().map(StubServer.Call::method).collect(Collectors.toList()));
            for (StubServer.Call call : server.calls) {
                assertEquals("Basic " + credentials, call.header("Authorization"));
                assertEquals("http://10.0.0.1:60000/RPC2", call.http.getRequestURI().toString());
                assertEquals("POST", call.http.getRequestMethod());
                assertEquals(List.of(), call.params());
            }
        } finally {
            System.setOut(console);
            ProxySelector.setDefault(direct);
        }
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().collect(Collectors.toList());
        assertEquals(2, lines.size());
        assertEquals("SupervisorState(statename=RUNNING)", lines.get(0));
        assertEquals("SupvisorsStatus(identifier=null, nick_identifier=null, now_monotonic=null, fsm_statename=OPERATION, "
                + "degraded_mode=null, discovery_mode=null, master_identifier=null, instance_states={}, "
                + "starting_jobs=[], stopping_jobs=[])", lines.get(1));
    }

    private static ProxySelector always(SocketAddress address) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(new Proxy(Proxy.Type.HTTP, address));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress proxy, IOException e) {
                throw new AssertionError(e);
            }
        };
    }
}
