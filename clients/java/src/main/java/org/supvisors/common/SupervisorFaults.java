package org.supvisors.common;

/** Faults of Supervisor, from 1 to 92, and those of Supvisors, from 100. */
public enum SupervisorFaults {
    UNKNOWN_METHOD(1),
    INCORRECT_PARAMETERS(2),
    BAD_ARGUMENTS(3),
    SIGNATURE_UNSUPPORTED(4),
    SHUTDOWN_STATE(6),
    BAD_NAME(10),
    BAD_SIGNAL(11),
    NO_FILE(20),
    NOT_EXECUTABLE(21),
    FAILED(30),
    ABNORMAL_TERMINATION(40),
    SPAWN_ERROR(50),
    ALREADY_STARTED(60),
    NOT_RUNNING(70),
    SUCCESS(80),
    ALREADY_ADDED(90),
    STILL_RUNNING(91),
    CANT_REREAD(92),
    SUPVISORS_CONF_ERROR(100),
    BAD_SUPVISORS_STATE(101),
    NOT_MANAGED(102),
    DISABLED(103),
    NOT_APPLICABLE(104),
    NOT_INSTALLED(105);

    private final int faultCode;

    SupervisorFaults(int faultCode) {
        this.faultCode = faultCode;
    }

    /** {@return the code of the fault, as in {@code XmlRpcException.code}} */
    public int getFaultCode() {
        return faultCode;
    }

    /**
     * Finds a fault by its code.
     *
     * @param faultCode a code received from the server
     * @return the fault, or null if no fault has this code
     */
    public static SupervisorFaults getFault(int faultCode) {
        return Conversions.withCode(SupervisorFaults.class, SupervisorFaults::getFaultCode, faultCode);
    }
}
