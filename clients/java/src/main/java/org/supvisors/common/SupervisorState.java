package org.supvisors.common;

import java.util.HashMap;

/**
 * The state of supervisord.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupervisorState extends Structure {

    private final State state;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupervisorState(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupervisorState(StructReader reader) {
        super(reader);
        state = reader.state("statename", "statecode", State.class, State::getCode);
    }

    /** {@return the state, null if unknown to this client} */
    public State getState() {
        return state;
    }

    /** States of supervisord. */
    public enum State {
        FATAL(2),
        RUNNING(1),
        RESTARTING(0),
        SHUTDOWN(-1);

        private final int code;

        State(int code) {
            this.code = code;
        }

        /** {@return the code of the state, in [-1;2]} */
        public int getCode() {
            return code;
        }
    }
}
