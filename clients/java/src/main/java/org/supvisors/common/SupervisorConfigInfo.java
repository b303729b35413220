package org.supvisors.common;

import java.util.HashMap;
import java.util.List;

/**
 * One process, as configured.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupervisorConfigInfo extends Structure implements SupvisorsAnyInfo {

    private final String groupName;
    private final String processName;
    private final Boolean inUse;
    private final Boolean autoStart;
    private final Integer processPriority;
    private final Integer groupPriority;
    private final String command;
    private final String directory;
    private final Integer uid;
    private final Integer startSeconds;
    private final Integer startRetries;
    private final List<Integer> exitCodes;
    private final Integer stopSignal;
    private final Integer stopWaitSeconds;
    private final Boolean killAsGroup;
    private final Boolean stderrRedirected;
    private final String stdoutLogFile;
    private final Integer stdoutLogFileMaxBytes;
    private final Integer stdoutLogFileBackups;
    private final Integer stdoutCaptureMaxBytes;
    private final Boolean stdoutEventsEnabled;
    private final Boolean stdoutSyslog;
    private final String stderrLogFile;
    private final Integer stderrLogFileMaxBytes;
    private final Integer stderrLogFileBackups;
    private final Integer stderrCaptureMaxBytes;
    private final Boolean stderrEventsEnabled;
    private final Boolean stderrSyslog;
    private final String serverURL;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupervisorConfigInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupervisorConfigInfo(StructReader reader) {
        super(reader);
        groupName = reader.text("group");
        processName = reader.text("name");
        inUse = reader.flag("inuse");
        autoStart = reader.flag("autostart");
        processPriority = reader.integer("process_prio");
        groupPriority = reader.integer("group_prio");
        command = reader.text("command");
        directory = reader.text("directory");
        uid = reader.integer("uid");
        startSeconds = reader.integer("startsecs");
        startRetries = reader.integer("startretries");
        exitCodes = reader.integers("exitcodes");
        stopSignal = reader.integer("stopsignal");
        stopWaitSeconds = reader.integer("stopwaitsecs");
        killAsGroup = reader.flag("killasgroup");
        stderrRedirected = reader.flag("redirect_stderr");
        stdoutLogFile = reader.text("stdout_logfile");
        stdoutLogFileMaxBytes = reader.integer("stdout_logfile_maxbytes");
        stdoutLogFileBackups = reader.integer("stdout_logfile_backups");
        stdoutCaptureMaxBytes = reader.integer("stdout_capture_maxbytes");
        stdoutEventsEnabled = reader.flag("stdout_events_enabled");
        stdoutSyslog = reader.flag("stdout_syslog");
        stderrLogFile = reader.text("stderr_logfile");
        stderrLogFileMaxBytes = reader.integer("stderr_logfile_maxbytes");
        stderrLogFileBackups = reader.integer("stderr_logfile_backups");
        stderrCaptureMaxBytes = reader.integer("stderr_capture_maxbytes");
        stderrEventsEnabled = reader.flag("stderr_events_enabled");
        stderrSyslog = reader.flag("stderr_syslog");
        serverURL = reader.text("serverurl");
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

    /** {@return true if its group is active} */
    public Boolean isInUse() {
        return inUse;
    }

    /** {@return true if supervisord starts it when it starts} */
    public Boolean isAutoStart() {
        return autoStart;
    }

    /** {@return the priority of the process in its group} */
    public Integer getProcessPriority() {
        return processPriority;
    }

    /** {@return the priority of its group} */
    public Integer getGroupPriority() {
        return groupPriority;
    }

    /** {@return the command line} */
    public String getCommand() {
        return command;
    }

    /** {@return the working directory; {@code none} if it is that of supervisord} */
    public String getDirectory() {
        return directory;
    }

    /** {@return the user identifier that the process runs with; null if it is that of supervisord} */
    public Integer getUID() {
        return uid;
    }

    /** {@return the time that the process must stay up to be RUNNING, in seconds} */
    public Integer getStartSeconds() {
        return startSeconds;
    }

    /** {@return how often a start that fails is tried again} */
    public Integer getStartRetries() {
        return startRetries;
    }

    /** {@return the exit codes that are expected, unmodifiable} */
    public List<Integer> getExitCodes() {
        return exitCodes;
    }

    /** {@return the number of the signal that stops the process} */
    public Integer getStopSignal() {
        return stopSignal;
    }

    /** {@return the time given to the process to stop before it is killed, in seconds} */
    public Integer getStopWaitSeconds() {
        return stopWaitSeconds;
    }

    /** {@return true if a kill reaches the whole process group} */
    public Boolean isKilledAsGroup() {
        return killAsGroup;
    }

    /** {@return true if the standard error goes to the standard output} */
    public Boolean isStderrRedirected() {
        return stderrRedirected;
    }

    /** {@return the log of the standard output: a path, {@code auto} or {@code none}} */
    public String getStdoutLogFile() {
        return stdoutLogFile;
    }

    /** {@return the size at which that log is rotated, in bytes; 0 if never} */
    public Integer getStdoutLogFileMaxBytes() {
        return stdoutLogFileMaxBytes;
    }

    /** {@return how many rotated logs are kept} */
    public Integer getStdoutLogFileBackups() {
        return stdoutLogFileBackups;
    }

    /** {@return how much of the standard output is captured for events, in bytes; 0 if nothing} */
    public Integer getStdoutCaptureMaxBytes() {
        return stdoutCaptureMaxBytes;
    }

    /** {@return true if what is written to the standard output gives events} */
    public Boolean areStdoutEventsEnabled() {
        return stdoutEventsEnabled;
    }

    /** {@return true if the standard output goes to syslog} */
    public Boolean hasStdoutSyslog() {
        return stdoutSyslog;
    }

    /** {@return the log of the standard error: a path, {@code auto} or {@code none}} */
    public String getStderrLogFile() {
        return stderrLogFile;
    }

    /** {@return the size at which that log is rotated, in bytes; 0 if never} */
    public Integer getStderrLogFileMaxBytes() {
        return stderrLogFileMaxBytes;
    }

    /** {@return how many rotated logs are kept} */
    public Integer getStderrLogFileBackups() {
        return stderrLogFileBackups;
    }

    /** {@return how much of the standard error is captured for events, in bytes; 0 if nothing} */
    public Integer getStderrCaptureMaxBytes() {
        return stderrCaptureMaxBytes;
    }

    /** {@return true if what is written to the standard error gives events} */
    public Boolean areStderrEventsEnabled() {
        return stderrEventsEnabled;
    }

    /** {@return true if the standard error goes to syslog} */
    public Boolean hasStderrSyslog() {
        return stderrSyslog;
    }

    /** {@return the URL of supervisord that the process is given; {@code none} if supervisord chooses} */
    public String getServerURL() {
        return serverURL;
    }
}
