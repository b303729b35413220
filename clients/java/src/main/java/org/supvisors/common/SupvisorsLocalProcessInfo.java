package org.supvisors.common;

import java.util.HashMap;

/**
 * One process of the local supervisord.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupvisorsLocalProcessInfo extends Structure implements SupvisorsAnyInfo {

    private final String group;
    private final String processName;
    private final ProcessState state;
    private final Integer start;
    private final Double startMonotonic;
    private final Integer stop;
    private final Double stopMonotonic;
    private final Double now;
    private final Double nowMonotonic;
    private final Integer pid;
    private final String description;
    private final String spawnError;
    private final Boolean expected;
    private final Integer startSeconds;
    private final Integer stopWaitSeconds;
    private final String extraArgs;
    private final Boolean disabled;
    private final String programName;
    private final Integer processIndex;
    private final Boolean hasStdout;
    private final Boolean hasStderr;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsLocalProcessInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    SupvisorsLocalProcessInfo(StructReader reader) {
        super(reader);
        group = reader.text("group");
        processName = reader.text("name");
        state = reader.state("statename", "state", ProcessState.class, ProcessState::getStateCode);
        start = reader.integer("start");
        startMonotonic = reader.real("start_monotonic");
        stop = reader.integer("stop");
        stopMonotonic = reader.real("stop_monotonic");
        now = reader.real("now");
        nowMonotonic = reader.real("now_monotonic");
        pid = reader.integer("pid");
        description = reader.text("description");
        spawnError = reader.text("spawnerr");
        expected = reader.flag("expected");
        startSeconds = reader.integer("startsecs");
        stopWaitSeconds = reader.integer("stopwaitsecs");
        extraArgs = reader.text("extra_args");
        disabled = reader.flag("disabled");
        programName = reader.text("program_name");
        processIndex = reader.integer("process_index");
        hasStdout = reader.flag("has_stdout");
        hasStderr = reader.flag("has_stderr");
    }

    /** {@return the namespec of the process} */
    @Override
    public String getName() {
        return DataConversion.stringsToNamespec(group, processName);
    }

    /** {@return the name of its application} */
    public String getGroup() {
        return group;
    }

    /** {@return the name of the process} */
    public String getProcessName() {
        return processName;
    }

    /** {@return the state of the process, null if unknown to this client} */
    public ProcessState getState() {
        return state;
    }

    /** {@return the POSIX time of the last start, in seconds; 0 if never} */
    public Integer getStart() {
        return start;
    }

    /** {@return the monotonic clock of the last start, in seconds; 0 if never} */
    public Double getStartMonotonic() {
        return startMonotonic;
    }

    /** {@return the POSIX time of the last stop, in seconds; 0 if never} */
    public Integer getStop() {
        return stop;
    }

    /** {@return the monotonic clock of the last stop, in seconds; 0 if never} */
    public Double getStopMonotonic() {
        return stopMonotonic;
    }

    /** {@return the POSIX time when the instance answered, in whole seconds} */
    public Integer getNow() {
        return Conversions.toInteger(now);
    }

    /** {@return the POSIX time when the instance answered, in seconds} */
    public Double getPosixNow() {
        return now;
    }

    /** {@return the monotonic clock when the instance answered, in seconds} */
    public Double getNowMonotonic() {
        return nowMonotonic;
    }

    /** {@return the process identifier; 0 if not running} */
    public Integer getPID() {
        return pid;
    }

    /** {@return the text of supervisord on the state} */
    public String getDescription() {
        return description;
    }

    /** {@return why the last start failed; empty if it did not} */
    public String getSpawnError() {
        return spawnError;
    }

    /** {@return true when there is no spawn error} */
    public Boolean isExpected() {
        return expected;
    }

    /** {@return the time that the process must stay up to be RUNNING, in seconds} */
    public Integer getStartSeconds() {
        return startSeconds;
    }

    /** {@return the time given to the process to stop before it is killed, in seconds} */
    public Integer getStopWaitSeconds() {
        return stopWaitSeconds;
    }

    /** {@return the extra arguments of its command line} */
    public String getExtraArgs() {
        return extraArgs;
    }

    /** {@return true if its program is disabled on this instance} */
    public Boolean isDisabled() {
        return disabled;
    }

    /** {@return the name of its program section} */
    public String getProgramName() {
        return programName;
    }

    /** {@return the rank of the process in its program, from 0} */
    public Integer getProcessIndex() {
        return processIndex;
    }

    /** {@return true if its standard output is logged to a file} */
    public Boolean hasStdout() {
        return hasStdout;
    }

    /** {@return true if its standard error is logged to a file} */
    public Boolean hasStderr() {
        return hasStderr;
    }
}
