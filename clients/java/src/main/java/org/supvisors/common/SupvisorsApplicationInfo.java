package org.supvisors.common;

import java.util.HashMap;

/**
 * One application.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupvisorsApplicationInfo extends Structure implements SupvisorsAnyInfo {

    private final String applicationName;
    private final Boolean managed;
    private final Double nowMonotonic;
    private final State state;
    private final Boolean majorFailure;
    private final Boolean minorFailure;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsApplicationInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsApplicationInfo(StructReader reader) {
        super(reader);
        applicationName = reader.text("application_name");
        managed = reader.flag("managed");
        nowMonotonic = reader.real("now_monotonic");
        state = reader.state("statename", "statecode", State.class, State::getValue);
        majorFailure = reader.flag("major_failure");
        minorFailure = reader.flag("minor_failure");
    }

    /** {@return the name of the application} */
    @Override
    public String getName() {
        return applicationName;
    }

    /** {@return the name of the application} */
    public String getApplicationName() {
        return applicationName;
    }

    /** {@return true if the application has rules} */
    public Boolean isManaged() {
        return managed;
    }

    /** {@return the monotonic clock of the answering host when it answered, in seconds} */
    public Double getNowMonotonic() {
        return nowMonotonic;
    }

    /** {@return the state of the application, null if unknown to this client} */
    public State getState() {
        return state;
    }

    /** {@return true if a required process is not started} */
    public Boolean hasMajorFailure() {
        return majorFailure;
    }

    /** {@return true if an optional process could not be started} */
    public Boolean hasMinorFailure() {
        return minorFailure;
    }

    /** States of an application; {@link #DELETED} is seen in events only. */
    public enum State {
        STOPPED(0),
        STARTING(1),
        RUNNING(2),
        STOPPING(3),
        DELETED(4);

        private final int value;

        State(int value) {
            this.value = value;
        }

        /** {@return the code of the state, in [0;4]} */
        public int getValue() {
            return value;
        }
    }
}
