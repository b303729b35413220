package org.supvisors.common;

import java.util.HashMap;
import java.util.List;

/**
 * What would become of one process if it were started.
 * An absent field gives null, an absent list an empty one.
 */
public class SupvisorsDistributionInfo extends Structure implements SupvisorsAnyInfo {

    private final String applicationName;
    private final String processName;
    private final ProcessState state;
    private final String forcedReason;
    private final List<String> runningIdentifiers;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsDistributionInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsDistributionInfo(StructReader reader) {
        super(reader);
        applicationName = reader.text("application_name");
        processName = reader.text("process_name");
        state = reader.named("state", ProcessState.class);
        forcedReason = reader.text("forced_reason");
        runningIdentifiers = reader.texts("running_identifiers");
    }

    /** {@return the namespec of the process} */
    @Override
    public String getName() {
        return DataConversion.stringsToNamespec(applicationName, processName);
    }

    /** {@return the name of its application} */
    public String getApplicationName() {
        return applicationName;
    }

    /** {@return the name of the process} */
    public String getProcessName() {
        return processName;
    }

    /** {@return the state that it would reach, null if unknown to this client} */
    public ProcessState getState() {
        return state;
    }

    /** {@return why it could not be started, instance by instance; empty if it could} */
    public String getForcedReason() {
        return forcedReason;
    }

    /** {@return the identifiers of the instances where it would run, unmodifiable} */
    public List<String> getRunningIdentifiers() {
        return runningIdentifiers;
    }
}
