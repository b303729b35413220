package org.supvisors.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.supvisors.rpc.SupervisorXmlRpcClient;

/** A small HTTP server on a free local port that records what it receives and answers what the test says. */
public final class StubServer implements AutoCloseable {

    /** What was received. */
    public static final class Call {
        public final HttpExchange http;
        public final String body;

        Call(HttpExchange http) throws IOException {
            this.http = http;
            this.body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return http.getRequestHeaders().getFirst(name);
        }

        public String method() {
            return (String) request().get(0);
        }

        public List<Object> params() {
            return request().subList(1, request().size());
        }

        private List<Object> request() {
            try {
                return XmlRpcText.request(body);
            } catch (Exception e) {
                throw new AssertionError("not an XML-RPC request: " + body, e);
            }
        }
    }

    /** Makes the body of an answer; null if it has answered by itself. */
    @FunctionalInterface
    public interface Answers {
        String answer(Call call) throws Exception;
    }

    static {
        // headers and body are sent one after the other: each answer on a kept connection would cost 40 ms
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    public final List<Call> calls = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public StubServer(Answers answers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                Call call = new Call(exchange);
                calls.add(call);
                String body = answers.answer(call);
                if (body != null) {
                    send(exchange, 200, body);
                }
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                send(exchange, 500, e.toString());
            }
        });
        server.start();
    }

    /** A server that always gives the same value. */
    public static StubServer giving(Object value) throws IOException {
        return new StubServer(call -> XmlRpcText.answer(value));
    }

    public static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    public SupervisorXmlRpcClient client() throws IOException {
        return new SupervisorXmlRpcClient(server.getAddress().getHostString(), port());
    }

    public Call lastCall() {
        return calls.get(calls.size() - 1);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
