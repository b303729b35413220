package org.supvisors.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.apache.xmlrpc.XmlRpcException;
import org.junit.jupiter.api.Test;

class SupervisorCallResultTest {

    private static SupervisorCallResult fault(Object code) {
        return new SupervisorCallResult(Map.of("faultCode", code, "faultString", "BAD_NAME: x"));
    }

    @Test
    void faultIsThrownByWhoAsksForTheValue() {
        SupervisorCallResult result = fault(10);
        assertTrue(result.isFault());
        assertEquals(SupervisorFaults.BAD_NAME, result.getFault());
        assertEquals(10, result.getFaultCode());
        assertEquals("BAD_NAME: x", result.getFaultString());
        XmlRpcException thrown = assertThrows(XmlRpcException.class, () -> result.get(Object.class));
        assertEquals(10, thrown.code);
        assertEquals("BAD_NAME: x", thrown.getMessage());
        assertThrows(XmlRpcException.class, () -> result.getObject(SupervisorState::new));
        assertThrows(XmlRpcException.class, () -> result.getMap(SupervisorProcessInfo.class));
        assertEquals("SupervisorCallResult(faultCode=10, faultString=BAD_NAME: x)", result.toString());
    }

    @Test
    void faultOfANewerServerStaysAFault() {
        assertTrue(fault(999).isFault());
        assertNull(fault(999).getFault());
        assertEquals(999, fault(999).getFaultCode());
        assertTrue(fault("odd").isFault());
        assertNull(fault("odd").getFaultCode());
        assertEquals(0, assertThrows(XmlRpcException.class, () -> fault("odd").get(Object.class)).code);
    }

    @Test
    void valueIsTyped() throws XmlRpcException {
        SupervisorCallResult result = new SupervisorCallResult(7);
        assertFalse(result.isFault());
        assertNull(result.getFault());
        assertNull(result.getFaultCode());
        assertNull(result.getFaultString());
        assertEquals(7, result.get(Integer.class));
        XmlRpcException thrown = assertThrows(XmlRpcException.class, () -> result.get(Boolean.class));
        assertEquals(0, thrown.code);
        assertEquals("the call has returned Integer instead of Boolean", thrown.getMessage());
        assertEquals("SupervisorCallResult(7)", result.toString());
        assertEquals("SupervisorCallResult([a, 1])", new SupervisorCallResult(new Object[] {"a", 1}).toString());
    }

    @Test
    void nothingAndHalfAFaultAreValues() throws XmlRpcException {
        assertThrows(XmlRpcException.class, () -> new SupervisorCallResult(null).get(Object.class));
        SupervisorCallResult half = new SupervisorCallResult(new HashMap<>(Map.of("faultCode", 10)));
        assertFalse(half.isFault());
        assertEquals(Map.of("faultCode", 10), half.get(HashMap.class));
    }
}
