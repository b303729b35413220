package org.supvisors.common;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.xmlrpc.XmlRpcException;

/** The outcome of one call of a multicall: a value, or the fault that the call would have thrown. */
public final class SupervisorCallResult {

    private final boolean fault;
    private final Object value;
    private final Integer faultCode;
    private final String faultString;

    /**
     * Reads one element of the answer to {@code system.multicall}.
     *
     * @param item the received element; a structure with a {@code faultCode} and a {@code faultString} is a fault
     */
    public SupervisorCallResult(Object item) {
        Map<?, ?> struct = Objects.requireNonNullElse(Conversions.toStruct(item), new HashMap<>());
        fault = struct.containsKey("faultCode") && struct.containsKey("faultString");
        value = fault ? null : item;
        faultCode = fault ? Conversions.toInteger(struct.get("faultCode")) : null;
        faultString = fault ? Conversions.toText(struct.get("faultString")) : null;
    }

    /** {@return true if the call has failed} */
    public boolean isFault() {
        return fault;
    }

    /** {@return the fault, null if the call went well or if the fault is unknown to this client} */
    public SupervisorFaults getFault() {
        return faultCode == null ? null : SupervisorFaults.getFault(faultCode);
    }

    /** {@return the code of the fault, null if the call went well} */
    public Integer getFaultCode() {
        return faultCode;
    }

    /** {@return the text of the fault, null if the call went well} */
    public String getFaultString() {
        return faultString;
    }

    /**
     * Gives the answer of the call as it came.
     *
     * @param <T> the type of the answer
     * @param type the type of the answer: String, Integer, Boolean, Double, {@code Object[]} or HashMap
     * @return the answer
     * @throws XmlRpcException the fault, if the call has failed; with {@code code} 0 if the answer is of another type
     */
    public <T> T get(Class<T> type) throws XmlRpcException {
        if (fault) {
            throw new XmlRpcException(faultCode == null ? 0 : faultCode, faultString);
        }
        if (!type.isInstance(value)) {
            String found = value == null ? "nothing" : value.getClass().getSimpleName();
            throw new XmlRpcException("the call has returned " + found + " instead of " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /**
     * Gives the answer of a call that returns one structure, as with {@code getObject(SupervisorState::new)}.
     *
     * @param <T> the class of the object
     * @param constructor makes the object of the received structure
     * @return the object
     * @throws XmlRpcException as {@link #get} does
     */
    public <T> T getObject(Function<HashMap<?, ?>, T> constructor) throws XmlRpcException {
        return constructor.apply(get(HashMap.class));
    }

    /**
     * Gives the answer of a call that returns an array of structures, as with {@code getMap(SupervisorProcessInfo.class)}.
     *
     * @param <T> the class of the objects
     * @param type a class with a public constructor that takes a HashMap
     * @return the objects by name, in the order of the server
     * @throws XmlRpcException as {@link #get} does
     */
    public <T extends SupvisorsAnyInfo> HashMap<String, T> getMap(Class<T> type) throws XmlRpcException {
        return DataConversion.arrayToMap(get(Object[].class), type);
    }

    @Override
    public String toString() {
        String content = fault ? "faultCode=" + faultCode + ", faultString=" + faultString : text(value);
        return "SupervisorCallResult(" + content + ")";
    }

    private static String text(Object value) {
        return value instanceof Object[] ? Arrays.deepToString((Object[]) value) : String.valueOf(value);
    }
}
