package org.supvisors.rpc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.xmlrpc.XmlRpcException;
import org.apache.xmlrpc.client.XmlRpcClientException;
import org.apache.xmlrpc.client.XmlRpcHttpTransportException;

/** Posts requests to one server, over connections that are kept alive and shared by all threads and clients. */
final class HttpExchange {

    private static final int OK = 200;
    // each has a thread and descriptors of its own, which only the garbage collector ends: one per connect time-out
    private static final Map<Duration, HttpClient> SHARED = new ConcurrentHashMap<>();

    private final URI uri;
    private final String authorization;
    private final long maxAnswerSize;
    private final HttpClient http;

    /**
     * @param userName null or empty for none; it may not hold a colon
     * @param connectTimeout zero for no limit
     * @param maxAnswerSize in bytes
     */
    HttpExchange(URI uri, String userName, String password, Duration connectTimeout, long maxAnswerSize) {
        this.uri = uri;
        this.authorization = basic(userName == null ? "" : userName, password == null ? "" : password);
        this.maxAnswerSize = maxAnswerSize;
        this.http = SHARED.computeIfAbsent(connectTimeout, HttpExchange::client);
    }

    private static HttpClient client(Duration connectTimeout) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(new CurrentProxies());
        return (connectTimeout.isZero() ? builder : builder.connectTimeout(connectTimeout)).build();
    }

    /**
     * Posts a request and returns the whole answer.
     *
     * @param timeout from the sending of the request to the last byte of the answer; zero for no limit
     * @throws XmlRpcException with code 0: {@code linkedException} is the I/O error, or the class is
     *         {@link XmlRpcHttpTransportException} when the HTTP status is not 200
     */
    byte[] post(byte[] body, Duration timeout) throws XmlRpcException {
        CompletableFuture<HttpResponse<byte[]>> pending = http.sendAsync(request(body), this::bodyOf);
        HttpResponse<byte[]> response = await(pending, timeout);
        if (response.statusCode() != OK) {
            int status = response.statusCode();
            throw new XmlRpcHttpTransportException(status, "", uri + ": HTTP status " + status);
        }
        return response.body();
    }

    private HttpRequest request(byte[] body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("Accept", "text/xml")
                .POST(BodyPublishers.ofByteArray(body));
        if (!authorization.isEmpty()) {
            builder.header("Authorization", authorization);
        }
        return builder.build();
    }

    private BodySubscriber<byte[]> bodyOf(ResponseInfo info) {
        return info.statusCode() == OK ? new LimitedBody(maxAnswerSize) : BodySubscribers.replacing(new byte[0]);
    }

    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> pending, Duration timeout) throws XmlRpcException {
        try {
            return timeout.isZero() ? pending.get() : pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw failure(new HttpTimeoutException("no answer within " + timeout.toMillis() + " ms"));
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw failure(e);
        }
    }

    private XmlRpcException failure(Throwable cause) {
        String reason = cause.getMessage();
        if (reason == null) {
            reason = cause instanceof ConnectException ? "connection refused, or name unknown" : cause.getClass().getSimpleName();
        }
        return new XmlRpcClientException(uri + ": " + reason, cause);
    }

    private static String basic(String userName, String password) {
        if (userName.isEmpty() && password.isEmpty()) {
            return "";
        }
        byte[] credentials = (userName + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    /** The proxies that the application has chosen last: a shared client may be older than that choice. */
    private static final class CurrentProxies extends ProxySelector {

        @Override
        public List<Proxy> select(URI uri) {
            ProxySelector current = ProxySelector.getDefault();
            return current == null ? List.of(Proxy.NO_PROXY) : current.select(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException error) {
            ProxySelector current = ProxySelector.getDefault();
            if (current != null) {
                current.connectFailed(uri, address, error);
            }
        }
    }
}
