package org.supvisors.common;

import java.util.HashMap;

/**
 * The statistics that one Supvisors instance collects.
 * An absent field gives null.
 */
public class SupvisorsStatisticsStatus extends Structure {

    private final Boolean hostStatistics;
    private final Boolean processStatistics;
    private final Double collectingPeriod;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsStatisticsStatus(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsStatisticsStatus(StructReader reader) {
        super(reader);
        hostStatistics = reader.flag("host_stats");
        processStatistics = reader.flag("process_stats");
        collectingPeriod = reader.real("collecting_period");
    }

    /** {@return true if the statistics of the host are collected} */
    public Boolean areHostStatisticsCollected() {
        return hostStatistics;
    }

    /** {@return true if the statistics of the processes are collected} */
    public Boolean areProcessStatisticsCollected() {
        return processStatistics;
    }

    /** {@return the time between two samples, at least, in seconds, in [1;3600]} */
    public Double getStatisticsCollectingPeriod() {
        return collectingPeriod;
    }
}
