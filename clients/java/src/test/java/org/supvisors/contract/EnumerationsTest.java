package org.supvisors.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.supvisors.common.ProcessState;
import org.supvisors.common.SupervisorFaults;

class EnumerationsTest {

    static Iterable<String> enumerations() {
        return Contract.names("enums");
    }

    @Test
    void tableIsTheContract() {
        assertEquals(new HashSet<>(Contract.names("enums")), Enumerations.BY_NAME.keySet());
    }

    /** Several enumerations of the contract may share a Java type: together they are its constants. */
    @ParameterizedTest
    @MethodSource("enumerations")
    void namesAndValuesAreThoseOfTheContract(String name) {
        Enumerations.JavaEnum<?> javaEnum = Enumerations.BY_NAME.get(name);
        Map<String, Integer> expected = new HashMap<>();
        Enumerations.BY_NAME.forEach((other, otherEnum) -> {
            if (otherEnum.type == javaEnum.type) {
                Contract.members(other).forEach((member, value) -> expected.put(member.toUpperCase(Locale.ROOT), value));
            }
        });
        assertEquals(expected, javaEnum.members());
    }

    @Test
    void faultsAreThoseOfTheContract() {
        Map<String, Integer> expected = new LinkedHashMap<>();
        Contract.API.get("faults").properties().forEach(entry -> expected.put(entry.getKey(), entry.getValue().asInt()));
        Map<String, Integer> actual = new LinkedHashMap<>();
        for (SupervisorFaults fault : SupervisorFaults.values()) {
            actual.put(fault.name(), fault.getFaultCode());
        }
        assertEquals(expected, actual);
        Contract.SUPERVISORD.get("faults").properties()
                .forEach(entry -> assertEquals(entry.getValue().asInt(), actual.get(entry.getKey()), entry.getKey()));
    }

    @Test
    void codesAreFound() {
        for (SupervisorFaults fault : SupervisorFaults.values()) {
            assertSame(fault, SupervisorFaults.getFault(fault.getFaultCode()));
        }
        for (ProcessState state : ProcessState.values()) {
            assertSame(state, ProcessState.valueOf(state.getStateCode()));
        }
        assertNull(SupervisorFaults.getFault(5));
        assertNull(ProcessState.valueOf(7));
    }
}
