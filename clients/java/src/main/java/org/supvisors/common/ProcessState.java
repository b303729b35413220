package org.supvisors.common;

/** States of a process; {@link #DELETED} is seen in events only. */
public enum ProcessState {
    STOPPED(0),
    STARTING(10),
    RUNNING(20),
    BACKOFF(30),
    STOPPING(40),
    EXITED(100),
    FATAL(200),
    UNKNOWN(1000),
    DELETED(-1);

    private final int stateCode;

    ProcessState(int stateCode) {
        this.stateCode = stateCode;
    }

    /** {@return the code of the state, as used by Supervisor} */
    public int getStateCode() {
        return stateCode;
    }

    /**
     * Finds a state by its code.
     *
     * @param stateCode a code received from the server
     * @return the state, or null if no state has this code
     */
    public static ProcessState valueOf(int stateCode) {
        return Conversions.withCode(ProcessState.class, ProcessState::getStateCode, stateCode);
    }
}
