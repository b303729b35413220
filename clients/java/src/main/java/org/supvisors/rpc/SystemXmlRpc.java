package org.supvisors.rpc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.DataConversion;
import org.supvisors.common.SupervisorCallResult;

/**
 * The {@code system} namespace of supervisord.
 * Every method throws XmlRpcException as {@link SupervisorXmlRpcClient#rpcCall} does.
 */
public class SystemXmlRpc {

    private final NamespaceCalls calls;

    /**
     * Creates the proxy.
     *
     * @param client the connection to supervisord
     */
    public SystemXmlRpc(SupervisorXmlRpcClient client) {
        calls = new NamespaceCalls(client, "system");
    }

    /**
     * Lists the methods of all namespaces.
     *
     * @return their names
     * @throws XmlRpcException if the call fails
     */
    public List<String> listMethods() throws XmlRpcException {
        return DataConversion.arrayToStringList(calls.items("listMethods"));
    }

    /**
     * Tells what a method does.
     *
     * @param methodName the name of a method, with its namespace
     * @return its documentation
     * @throws XmlRpcException if the call fails; fault 4 for an unknown method
     */
    public String methodHelp(String methodName) throws XmlRpcException {
        return calls.text("methodHelp", methodName);
    }

    /**
     * Tells the types of a method.
     *
     * @param methodName the name of a method, with its namespace
     * @return the type of its result, then those of its parameters
     * @throws XmlRpcException if the call fails; fault 4 for an unknown method
     */
    public List<String> methodSignature(String methodName) throws XmlRpcException {
        return DataConversion.arrayToStringList(calls.items("methodSignature", methodName));
    }

    /**
     * Makes several calls in one request.
     *
     * @param arrayCalls the calls, made by {@link #createCall}
     * @return their results, in order; the result of a call that fails is a HashMap with {@code faultCode} (Integer)
     *         and {@code faultString} (String)
     * @throws XmlRpcException if the request as a whole fails
     */
    public Object[] multicall(Object[] arrayCalls) throws XmlRpcException {
        return calls.items("multicall", (Object) arrayCalls);
    }

    /**
     * Makes several calls in one request, and types their results.
     *
     * @param listCalls the calls, made by {@link #createCall}
     * @return their results, in order: values or faults
     * @throws XmlRpcException if the request as a whole fails
     */
    public List<SupervisorCallResult> multicall(List<? extends Map<String, Object>> listCalls) throws XmlRpcException {
        return Arrays.stream(multicall(listCalls.toArray())).map(SupervisorCallResult::new).collect(Collectors.toList());
    }

    /**
     * Prepares a call for {@link #multicall}.
     *
     * @param methodName the name of the method, with its namespace
     * @param args its arguments, may be null if there is none
     * @return the call
     */
    public static HashMap<String, Object> createCall(String methodName, Object[] args) {
        HashMap<String, Object> call = new HashMap<>();
        call.put("methodName", methodName);
        if (args != null) {
            call.put("params", args);
        }
        return call;
    }
}
