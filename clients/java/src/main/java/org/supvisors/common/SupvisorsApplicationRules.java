package org.supvisors.common;

import java.util.HashMap;
import java.util.List;

/**
 * The rules of one application.
 * Nothing but its name is known of an application that is not managed: the other fields give null, and no identifier.
 */
public class SupvisorsApplicationRules extends Structure implements SupvisorsAnyInfo {

    private final String applicationName;
    private final Boolean managed;
    private final DistributionRule distribution;
    private final List<String> identifiers;
    private final Integer startSequence;
    private final Integer stopSequence;
    private final StartingStrategy startingStrategy;
    private final StartingFailureStrategy startingFailureStrategy;
    private final RunningFailureStrategy runningFailureStrategy;
    private final String statusFormula;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsApplicationRules(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsApplicationRules(StructReader reader) {
        super(reader);
        applicationName = reader.text("application_name");
        managed = reader.flag("managed");
        distribution = reader.named("distribution", DistributionRule.class);
        identifiers = reader.texts("identifiers");
        startSequence = reader.integer("start_sequence");
        stopSequence = reader.integer("stop_sequence");
        startingStrategy = reader.named("starting_strategy", StartingStrategy.class);
        startingFailureStrategy = reader.named("starting_failure_strategy", StartingFailureStrategy.class);
        runningFailureStrategy = reader.named("running_failure_strategy", RunningFailureStrategy.class);
        statusFormula = reader.text("status_formula");
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

    /** {@return true if the rules know the application} */
    public Boolean isManaged() {
        return managed;
    }

    /** {@return where its processes may be, together; null if unknown to this client or if it is not managed} */
    public DistributionRule getDistribution() {
        return distribution;
    }

    /**
     * Tells where its processes may be together, in order of preference; {@code *} means everywhere.
     *
     * @return the identifiers, unmodifiable, never null; empty if the server names none: when the application is not
     *         managed, and when its distribution is ALL_INSTANCES, where the rules of each process tell its own
     */
    public List<String> getIdentifiers() {
        return identifiers;
    }

    /** {@return the rank in the automatic start, in [0;127]; 0 if not started automatically, null if it is not managed} */
    public Integer getStartSequence() {
        return startSequence;
    }

    /** {@return the rank in the stop of the whole system, the greatest first, in [0;127]; null if it is not managed} */
    public Integer getStopSequence() {
        return stopSequence;
    }

    /** {@return the strategy of automatic starts and repairs; null if unknown to this client or if it is not managed} */
    public StartingStrategy getStartingStrategy() {
        return startingStrategy;
    }

    /**
     * Tells what becomes of its start when a required process fails to start.
     *
     * @return the strategy; null if unknown to this client or if it is not managed
     */
    public StartingFailureStrategy getStartingFailureStrategy() {
        return startingFailureStrategy;
    }

    /**
     * Tells what is done when one of its processes fails or is lost.
     *
     * @return the strategy; null if unknown to this client or if it is not managed
     */
    public RunningFailureStrategy getRunningFailureStrategy() {
        return runningFailureStrategy;
    }

    /** {@return the formula of its operational status; empty if there is none, null if it is not managed} */
    public String getStatusFormula() {
        return statusFormula;
    }
}
