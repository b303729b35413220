package org.supvisors.common;

import java.util.HashMap;

/** State and modes of one Supvisors instance. */
public class SupvisorsStateModes extends SupvisorsCommonStateModes {

    private final Boolean startingJobs;
    private final Boolean stoppingJobs;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsStateModes(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsStateModes(StructReader reader) {
        super(reader);
        startingJobs = reader.flag("starting_jobs");
        stoppingJobs = reader.flag("stopping_jobs");
    }

    /** {@return true if the instance has starting jobs in progress} */
    public Boolean hasStartingJobs() {
        return startingJobs;
    }

    /** {@return true if the instance has stopping jobs in progress} */
    public Boolean hasStoppingJobs() {
        return stoppingJobs;
    }
}
