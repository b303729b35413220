package org.supvisors.rpc;

import java.util.HashMap;
import java.util.function.Function;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.DataConversion;
import org.supvisors.common.SupvisorsAnyInfo;

/** The calls of one namespace, and what is made of their answers. */
final class NamespaceCalls {

    private final SupervisorXmlRpcClient client;
    private final String prefix;

    NamespaceCalls(SupervisorXmlRpcClient client, String namespace) {
        this.client = client;
        this.prefix = namespace + ".";
    }

    /** An answer as it comes. */
    <T> T value(String method, Class<T> type, Object... args) throws XmlRpcException {
        return client.rpcCall(prefix + method, args, type);
    }

    String text(String method, Object... args) throws XmlRpcException {
        return value(method, String.class, args);
    }

    Boolean flag(String method, Object... args) throws XmlRpcException {
        return value(method, Boolean.class, args);
    }

    Object[] items(String method, Object... args) throws XmlRpcException {
        return value(method, Object[].class, args);
    }

    /** A struct as an object. */
    <T> T object(String method, Function<HashMap<?, ?>, T> constructor, Object... args) throws XmlRpcException {
        return constructor.apply(value(method, HashMap.class, args));
    }

    /** An array of structs as objects by name. */
    <T extends SupvisorsAnyInfo> HashMap<String, T> map(String method, Class<T> type, Object... args) throws XmlRpcException {
        return DataConversion.arrayToMap(items(method, args), type);
    }
}
