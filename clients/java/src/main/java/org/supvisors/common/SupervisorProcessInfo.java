package org.supvisors.common;

import java.util.HashMap;

/**
 * One process, as described by Supervisor.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupervisorProcessInfo extends Structure implements SupvisorsAnyInfo {

    private final String groupName;
    private final String processName;
    private final String description;
    private final Integer startTime;
    private final Integer stopTime;
    private final Integer currentTime;
    private final ProcessState state;
    private final String spawnError;
    private final Integer exitStatus;
    private final String stdoutLogFile;
    private final String stderrLogFile;
    private final String logFile;
    private final Integer pid;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupervisorProcessInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupervisorProcessInfo(StructReader reader) {
        super(reader);
        groupName = reader.text("group");
        processName = reader.text("name");
        description = reader.text("description");
        startTime = reader.integer("start");
        stopTime = reader.integer("stop");
        currentTime = reader.integer("now");
        state = reader.state("statename", "state", ProcessState.class, ProcessState::getStateCode);
        spawnError = reader.text("spawnerr");
        exitStatus = reader.integer("exitstatus");
        stdoutLogFile = reader.text("stdout_logfile");
        stderrLogFile = reader.text("stderr_logfile");
        logFile = reader.text("logfile");
        pid = reader.integer("pid");
    }

    /** {@return the namespec of the process} */
    @Override
    public String getName() {
        return DataConversion.stringsToNamespec(groupName, processName);
    }

    /** {@return the name of its group} */
    public String getGroupName() {
        return groupName;
    }

    /** {@return the name of the process} */
    public String getProcessName() {
        return processName;
    }

    /** {@return the text of supervisord on the state} */
    public String getDescription() {
        return description;
    }

    /** {@return the POSIX time of the last start, in seconds; 0 if never} */
    public Integer getStartTime() {
        return startTime;
    }

    /** {@return the POSIX time of the last stop, in seconds; 0 if never} */
    public Integer getStopTime() {
        return stopTime;
    }

    /** {@return the POSIX time when supervisord answered, in seconds} */
    public Integer getCurrentTime() {
        return currentTime;
    }

    /** {@return the state of the process, null if unknown to this client} */
    public ProcessState getState() {
        return state;
    }

    /** {@return why the last start failed; empty if it did not} */
    public String getSpawnError() {
        return spawnError;
    }

    /** {@return the last exit code; 0 if the process runs or has never run} */
    public Integer getExitStatus() {
        return exitStatus;
    }

    /** {@return the path of the log of the standard output; empty if none} */
    public String getStdoutLogFile() {
        return stdoutLogFile;
    }

    /** {@return the path of the log of the standard error; empty if none} */
    public String getStderrLogFile() {
        return stderrLogFile;
    }

    /** {@return the process identifier; 0 if not running} */
    public Integer getPID() {
        return pid;
    }

    /**
     * The former name of the log of the standard output.
     *
     * @return the path of that log; empty if none
     * @deprecated use {@link #getStdoutLogFile()}
     */
    @Deprecated
    public String getLogFile() {
        return logFile;
    }
}
