package org.supvisors.rpc;

import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.Duration;
import org.apache.xmlrpc.XmlRpcException;
import org.apache.xmlrpc.client.XmlRpcClient;
import org.apache.xmlrpc.client.XmlRpcClientConfigImpl;
import org.apache.xmlrpc.client.XmlRpcTransportFactory;

/**
 * The connection to one supervisord, shared by {@link SystemXmlRpc}, {@link SupervisorXmlRpc} and {@link SupvisorsXmlRpc}.
 * It may be used by several threads at the same time, and there is nothing to close.
 *
 * <p>A call fails after 5 seconds without connection and 30 seconds without answer. A call that asks the server to wait for
 * the end of the work has no limit on its answer.
 */
public class SupervisorXmlRpcClient {

    /** The default limit on the time taken to connect: 5 seconds. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** The default limit on the time taken to answer: 30 seconds. */
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private static final long MAX_ANSWER_SIZE = 256L << 20;
    private static final int MAX_PORT = 65535;

    private final XmlRpcClient client = new XmlRpcClient();
    private final XmlRpcClientConfigImpl limited = new XmlRpcClientConfigImpl();
    private final XmlRpcClientConfigImpl unlimited = new XmlRpcClientConfigImpl();

    /**
     * Connects to the local host, without authentication.
     *
     * @param port the HTTP port of supervisord, in [1;65535]
     * @throws MalformedURLException if the port is out of range
     */
    public SupervisorXmlRpcClient(int port) throws MalformedURLException {
        this("localhost", port);
    }

    /**
     * Connects without authentication.
     *
     * @param address a host name, an IPv4 address, or an IPv6 address with or without brackets
     * @param port the HTTP port of supervisord, in [1;65535]
     * @throws MalformedURLException if no URL can be made of the address and the port
     */
    public SupervisorXmlRpcClient(String address, int port) throws MalformedURLException {
        this(address, port, null, null);
    }

    /**
     * Connects with HTTP basic authentication. The credentials travel in a header: any character is allowed in the password.
     *
     * @param address a host name, an IPv4 address, or an IPv6 address with or without brackets
     * @param port the HTTP port of supervisord, in [1;65535]
     * @param userName the user name, null or empty if none
     * @param password the password, null or empty if none
     * @throws MalformedURLException if no URL can be made of the address and the port
     */
    public SupervisorXmlRpcClient(String address, int port, String userName, String password) throws MalformedURLException {
        this(address, port, userName, password, DEFAULT_CONNECT_TIMEOUT, DEFAULT_REQUEST_TIMEOUT);
    }

    /**
     * Connects with HTTP basic authentication and limits of one's own.
     *
     * @param address a host name, an IPv4 address, or an IPv6 address with or without brackets
     * @param port the HTTP port of supervisord, in [1;65535]
     * @param userName the user name, null or empty if none
     * @param password the password, null or empty if none
     * @param connectTimeout the limit on the time taken to connect, {@link Duration#ZERO} for none
     * @param requestTimeout the limit on the time taken to connect and to answer, to the millisecond,
     *        {@link Duration#ZERO} for none; calls that wait for the end of the work have none
     * @throws MalformedURLException if no URL can be made of the address and the port
     */
    public SupervisorXmlRpcClient(String address, int port, String userName, String password,
                                  Duration connectTimeout, Duration requestTimeout) throws MalformedURLException {
        URL url = url(address, port);
        HttpExchange exchange = new HttpExchange(uri(url), userName, password, connectTimeout, MAX_ANSWER_SIZE);
        XmlRpcTransportFactory transports = () -> new HttpTransport(client, exchange);
        client.setTransportFactory(transports);
        client.setTypeFactory(new OrderedStructParser.Factory(client));
        limited.setServerURL(url);
        limited.setReplyTimeout(Math.toIntExact(requestTimeout.toMillis()));
        unlimited.setServerURL(url);
    }

    /**
     * Calls any method of any namespace.
     *
     * @param <T> the type of the answer
     * @param rpcName the name of the method, with its namespace
     * @param args the arguments, may be null if there is none
     * @param type the type of the answer: String, Integer, Boolean, Double, {@code Object[]} or HashMap
     * @return the answer
     * @throws XmlRpcException if the call fails: {@code code} is the fault code and the message is the fault text.
     *         When there is no answer, or an answer that makes no sense, {@code code} is 0 and {@code linkedException}
     *         is the cause, if there is one
     */
    public <T> T rpcCall(String rpcName, Object[] args, Class<T> type) throws XmlRpcException {
        Object[] params = args == null ? new Object[0] : args;
        Object answer = client.execute(HeldCalls.isHeld(rpcName, params) ? unlimited : limited, rpcName, params);
        if (!type.isInstance(answer)) {
            String found = answer == null ? "nothing" : answer.getClass().getSimpleName();
            throw new XmlRpcException(rpcName + " has returned " + found + " instead of " + type.getSimpleName());
        }
        return type.cast(answer);
    }

    private static URL url(String address, int port) throws MalformedURLException {
        if (port < 1 || port > MAX_PORT) {
            throw new MalformedURLException("not a port: " + port);
        }
        return new URL("http", address, port, "/RPC2");
    }

    private static URI uri(URL url) throws MalformedURLException {
        try {
            URI uri = url.toURI();
            if (uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below, like a name that the syntax of URIs does not accept
        }
        throw new MalformedURLException("not a host name or address: " + url.getHost());
    }
}
