package org.supvisors.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.xmlrpc.XmlRpcException;
import org.apache.xmlrpc.client.XmlRpcHttpTransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.supvisors.testing.StubServer;
import org.supvisors.testing.XmlRpcText;

@Timeout(60)
class HttpTransportTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static SupervisorXmlRpcClient client(StubServer server, String user, String password) throws Exception {
        return new SupervisorXmlRpcClient("127.0.0.1", server.port(), user, password);
    }

    private static SupervisorXmlRpcClient impatient(StubServer server) throws Exception {
        return new SupervisorXmlRpcClient("127.0.0.1", server.port(), "", "", Duration.ofSeconds(5), SHORT);
    }

    @ParameterizedTest
    @CsvSource({"toto,p@$$w0rd", "toto,a:b/c?d#e%20", "é,ü€", "toto,''", "'',secret"})
    void credentialsGoToTheHeader(String user, String password) throws Exception {
        try (StubServer server = StubServer.giving("x")) {
            client(server, user, password).rpcCall("a.b", null, String.class);
            String header = server.lastCall().header("Authorization");
            String decoded = new String(Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
            assertEquals(user + ":" + password, decoded);
            assertEquals("/RPC2", server.lastCall().http.getRequestURI().toString());
        }
    }

    @Test
    void noCredentialsNoHeader() throws Exception {
        try (StubServer server = StubServer.giving("x")) {
            new SupervisorXmlRpcClient("127.0.0.1", server.port()).rpcCall("a.b", null, String.class);
            client(server, "", "").rpcCall("a.b", null, String.class);
            client(server, null, null).rpcCall("a.b", null, String.class);
            assertEquals(3, server.calls.size());
            server.calls.forEach(call -> assertNull(call.header("Authorization")));
        }
    }

    @Test
    void requestIsPlainHttp11AndXmlRpc() throws Exception {
        try (StubServer server = StubServer.giving("x")) {
            server.client().rpcCall("ns.method", new Object[] {"<é&>", 3, true, 2.5, new Object[] {"a"}}, String.class);
            StubServer.Call call = server.lastCall();
            assertEquals("HTTP/1.1", call.http.getProtocol());
            assertNull(call.header("Upgrade"));
            assertNull(call.header("Accept-Encoding"));
            assertEquals(call.body.getBytes(StandardCharsets.UTF_8).length, Integer.parseInt(call.header("Content-Length")));
            assertEquals("ns.method", call.method());
            assertEquals(List.of("<é&>", 3, true, 2.5, List.of("a")), call.params());
        }
    }

    @Test
    void connectionIsKeptAlive() throws Exception {
        try (StubServer server = StubServer.giving("x")) {
            SupervisorXmlRpcClient client = server.client();
            client.rpcCall("a.b", null, String.class);
            client.rpcCall("a.b", null, String.class);
            assertEquals(server.calls.get(0).http.getRemoteAddress(), server.calls.get(1).http.getRemoteAddress());
        }
    }

    @Test
    void threadsShareAClient() throws Exception {
        try (StubServer server = new StubServer(call -> XmlRpcText.answer(call.params().get(0)))) {
            SupervisorXmlRpcClient client = server.client();
            List<Callable<List<String>>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                String name = "thread-" + thread;
                tasks.add(() -> {
                    List<String> wrong = new ArrayList<>();
                    for (int i = 0; i < 25; i++) {
                        String sent = name + "/" + i;
                        String received = client.rpcCall("a.echo", new Object[] {sent}, String.class);
                        if (!sent.equals(received)) {
                            wrong.add(sent + " -> " + received);
                        }
                    }
                    return wrong;
                });
            }
            ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
            try {
                for (Future<List<String>> result : threads.invokeAll(tasks)) {
                    assertEquals(List.of(), result.get());
                }
            } finally {
                threads.shutdownNow();
            }
            assertEquals(200, server.calls.size());
        }
    }

    @Test
    void faultKeepsCodeAndText() throws Exception {
        try (StubServer server = new StubServer(call -> XmlRpcText.fault(102, "NOT_MANAGED: <web> & more"))) {
            XmlRpcException fault = assertThrows(XmlRpcException.class, () -> server.client().rpcCall("a.b", null, String.class));
            assertSame(XmlRpcException.class, fault.getClass());
            assertEquals(102, fault.code);
            assertEquals("NOT_MANAGED: <web> & more", fault.getMessage());
            assertNull(fault.linkedException);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 500, 302, 204})
    void otherStatusIsATransportError(int status) throws Exception {
        try (StubServer server = new StubServer(call -> {
            call.http.getResponseHeaders().add("Location", "/elsewhere");
            StubServer.send(call.http, status, "");
            return null;
        })) {
            XmlRpcHttpTransportException error = assertThrows(XmlRpcHttpTransportException.class,
                    () -> client(server, "toto", "bad").rpcCall("a.b", null, String.class));
            assertEquals(status, error.getStatusCode());
            assertEquals(0, error.code);
            assertEquals(1, server.calls.size());
            assertTrue(error.getMessage().contains(String.valueOf(status)), error.getMessage());
            assertTrue(!error.getMessage().contains("bad"), error.getMessage());
        }
    }

    @Test
    void refusedConnectionIsLinked() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        SupervisorXmlRpcClient client = new SupervisorXmlRpcClient("127.0.0.1", port);
        XmlRpcException error = assertThrows(XmlRpcException.class, () -> client.rpcCall("a.b", null, String.class));
        assertEquals(0, error.code);
        assertInstanceOf(ConnectException.class, error.linkedException);
        assertTrue(error.getMessage().startsWith("http://127.0.0.1:" + port + "/RPC2: "), error.getMessage());
        assertTrue(!error.getMessage().endsWith("null"), error.getMessage());
    }

    @Test
    void silentServerTimesOut() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (StubServer server = new StubServer(call -> {
            over.await();
            return null;
        })) {
            XmlRpcException error = assertThrows(XmlRpcException.class, () -> impatient(server).rpcCall("a.b", null, String.class));
            assertInstanceOf(HttpTimeoutException.class, error.linkedException);
            assertEquals(0, error.code);
            over.countDown();
        }
    }

    @Test
    void bodyThatNeverEndsTimesOutToo() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (StubServer server = new StubServer(call -> {
            call.http.sendResponseHeaders(200, 0);
            call.http.getResponseBody().write("<?xml version='1.0'?>".getBytes(StandardCharsets.UTF_8));
            call.http.getResponseBody().flush();
            over.await();
            return null;
        })) {
            XmlRpcException error = assertThrows(XmlRpcException.class, () -> impatient(server).rpcCall("a.b", null, String.class));
            assertInstanceOf(HttpTimeoutException.class, error.linkedException);
            over.countDown();
        }
    }

    /** The held call is already there when a limited one starts, and still there when that one has timed out. */
    @Test
    void heldCallOutlivesTheTimeout() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (StubServer server = new StubServer(call -> {
            received.countDown();
            over.await();
            return XmlRpcText.answer(true);
        })) {
            SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(impatient(server));
            CompletableFuture<Boolean> held = CompletableFuture.supplyAsync(() -> {
                try {
                    return supvisors.stopApplication("web", true);
                } catch (XmlRpcException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertTrue(received.await(30, TimeUnit.SECONDS));
            XmlRpcException error = assertThrows(XmlRpcException.class, () -> supvisors.stopApplication("web", false));
            assertInstanceOf(HttpTimeoutException.class, error.linkedException);
            assertTrue(!held.isDone());
            over.countDown();
            assertEquals(true, held.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void interruptionEndsTheCall() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (StubServer server = new StubServer(call -> {
            over.await();
            return null;
        })) {
            Thread.currentThread().interrupt();
            XmlRpcException error = assertThrows(XmlRpcException.class, () -> server.client().rpcCall("a.b", null, String.class));
            assertInstanceOf(InterruptedException.class, error.linkedException);
            assertTrue(Thread.interrupted());
            over.countDown();
        }
    }

    @Test
    void largeAnswerIsRefused() throws Exception {
        try (StubServer server = StubServer.giving("x".repeat(100_000))) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/RPC2");
            byte[] request = "<x/>".getBytes(StandardCharsets.UTF_8);
            HttpExchange limited = new HttpExchange(uri, "", "", Duration.ZERO, 99_999);
            XmlRpcException error = assertThrows(XmlRpcException.class, () -> limited.post(request, Duration.ZERO));
            assertInstanceOf(IOException.class, error.linkedException);
            assertTrue(error.getMessage().contains("larger than 99999 bytes"), error.getMessage());

            int size = XmlRpcText.answer("x".repeat(100_000)).length();
            HttpExchange enough = new HttpExchange(uri, "", "", Duration.ZERO, size);
            assertEquals(size, enough.post(request, Duration.ZERO).length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65536})
    void portOutOfRangeIsRefused(int port) {
        assertThrows(MalformedURLException.class, () -> new SupervisorXmlRpcClient(port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a host", "under_score", "a@b", "a/b"})
    void addressThatMakesNoUrlIsRefused(String address) {
        assertThrows(MalformedURLException.class, () -> new SupervisorXmlRpcClient(address, 60000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]", "10.0.0.1", "host.example.org", "localhost"})
    void addressForms(String address) throws Exception {
        new SupervisorXmlRpcClient(address, 60000);
    }
}
