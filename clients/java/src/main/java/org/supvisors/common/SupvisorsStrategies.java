package org.supvisors.common;

import java.util.HashMap;

/**
 * The strategies in force.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupvisorsStrategies extends Structure {

    private final Boolean autoFencing;
    private final StartingStrategy startingStrategy;
    private final ConciliationStrategy conciliationStrategy;
    private final SupvisorsFailureStrategies supvisorsFailureStrategy;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsStrategies(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsStrategies(StructReader reader) {
        super(reader);
        autoFencing = reader.flag("auto-fencing");
        startingStrategy = reader.named("starting", StartingStrategy.class);
        conciliationStrategy = reader.named("conciliation", ConciliationStrategy.class);
        supvisorsFailureStrategy = reader.named("supvisors_failure", SupvisorsFailureStrategies.class);
    }

    /** {@return true if lost instances are isolated} */
    public Boolean isAutoFencing() {
        return autoFencing;
    }

    /** {@return the strategy of the automatic start sequence, null if unknown to this client} */
    public StartingStrategy getStartingStrategy() {
        return startingStrategy;
    }

    /** {@return the strategy applied to conflicts, null if unknown to this client} */
    public ConciliationStrategy getConciliationStrategy() {
        return conciliationStrategy;
    }

    /** {@return the strategy applied when the initial conditions are lost, null if unknown to this client} */
    public SupvisorsFailureStrategies getSupvisorsFailureStrategy() {
        return supvisorsFailureStrategy;
    }
}
