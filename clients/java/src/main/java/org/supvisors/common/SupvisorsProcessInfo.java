package org.supvisors.common;

import java.util.HashMap;
import java.util.List;

/**
 * One process, over all instances.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupvisorsProcessInfo extends Structure implements SupvisorsAnyInfo {

    private final String applicationName;
    private final String processName;
    private final Double nowMonotonic;
    private final Double lastEventMonotonicTime;
    private final ProcessState state;
    private final Boolean expectedExitStatus;
    private final List<String> identifiers;
    private final String extraArgs;
    private final String reason;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsProcessInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsProcessInfo(StructReader reader) {
        super(reader);
        applicationName = reader.text("application_name");
        processName = reader.text("process_name");
        nowMonotonic = reader.real("now_monotonic");
        lastEventMonotonicTime = reader.real("last_event_mtime");
        state = reader.state("statename", "statecode", ProcessState.class, ProcessState::getStateCode);
        expectedExitStatus = reader.flag("expected_exit");
        identifiers = reader.texts("identifiers");
        extraArgs = reader.text("extra_args");
        reason = reader.text("reason");
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

    /** {@return the monotonic clock of the answering host when it answered, in seconds} */
    public Double getNowMonotonic() {
        return nowMonotonic;
    }

    /** {@return the monotonic clock of the answering host at the last event about the process, in seconds} */
    public Double getLastEventMonotonicTime() {
        return lastEventMonotonicTime;
    }

    /** {@return the state of the process, null if unknown to this client} */
    public ProcessState getState() {
        return state;
    }

    /** {@return false if the process has exited unexpectedly} */
    public Boolean getExpectedExitStatus() {
        return expectedExitStatus;
    }

    /** {@return the identifiers of the instances where it runs, unmodifiable; more than one is a conflict} */
    public List<String> getIdentifiers() {
        return identifiers;
    }

    /** {@return the extra arguments of its command line} */
    public String getExtraArgs() {
        return extraArgs;
    }

    /** {@return why the process is FATAL, empty when it is not; null from an older server} */
    public String getReason() {
        return reason;
    }
}
