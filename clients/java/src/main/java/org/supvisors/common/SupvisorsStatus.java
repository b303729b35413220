package org.supvisors.common;

import java.util.HashMap;
import java.util.List;

/** State of the whole of Supvisors, as seen by the instance that answers. */
public class SupvisorsStatus extends SupvisorsCommonStateModes {

    private final List<String> startingJobs;
    private final List<String> stoppingJobs;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsStatus(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsStatus(StructReader reader) {
        super(reader);
        startingJobs = reader.texts("starting_jobs");
        stoppingJobs = reader.texts("stopping_jobs");
    }

    /** {@return the identifiers of the instances that have starting jobs in progress, unmodifiable} */
    public List<String> getStartingJobs() {
        return startingJobs;
    }

    /** {@return the identifiers of the instances that have stopping jobs in progress, unmodifiable} */
    public List<String> getStoppingJobs() {
        return stoppingJobs;
    }
}
