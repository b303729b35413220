package org.supvisors.contract;

import static org.supvisors.contract.Structures.add;

import org.supvisors.common.SupervisorConfigInfo;
import org.supvisors.common.SupervisorExecutionStatus;
import org.supvisors.common.SupervisorProcessInfo;
import org.supvisors.common.SupervisorState;

/** The part of {@link Structures} that supervisord sends. */
final class SupervisordStructures {

    private SupervisordStructures() {
    }

    static void addAll() {
        add("SupervisorState", SupervisorState.class, SupervisorState::new)
                .field("statecode", SupervisorState::getState)
                .field("statename", SupervisorState::getState);
        add("ProcessStatus", SupervisorExecutionStatus.class, SupervisorExecutionStatus::new)
                .field("name", SupervisorExecutionStatus::getProcessName)
                .field("group", SupervisorExecutionStatus::getGroupName)
                .field("status", info -> info.getStatus() == null ? null : info.getStatus().getFaultCode())
                .field("description", SupervisorExecutionStatus::getDescription);
        add("SupervisorProcessInfo", SupervisorProcessInfo.class, SupervisorProcessInfo::new)
                .field("name", SupervisorProcessInfo::getProcessName)
                .field("group", SupervisorProcessInfo::getGroupName)
                .field("start", SupervisorProcessInfo::getStartTime)
                .field("stop", SupervisorProcessInfo::getStopTime)
                .field("now", SupervisorProcessInfo::getCurrentTime)
                .field("state", SupervisorProcessInfo::getState)
                .field("statename", SupervisorProcessInfo::getState)
                .field("spawnerr", SupervisorProcessInfo::getSpawnError)
                .field("exitstatus", SupervisorProcessInfo::getExitStatus)
                .field("logfile", SupervisordStructures::logFile)
                .field("stdout_logfile", SupervisorProcessInfo::getStdoutLogFile)
                .field("stderr_logfile", SupervisorProcessInfo::getStderrLogFile)
                .field("pid", SupervisorProcessInfo::getPID)
                .field("description", SupervisorProcessInfo::getDescription);
        add("ConfigInfo", SupervisorConfigInfo.class, SupervisorConfigInfo::new)
                .field("name", SupervisorConfigInfo::getProcessName)
                .field("group", SupervisorConfigInfo::getGroupName)
                .field("inuse", SupervisorConfigInfo::isInUse)
                .field("autostart", SupervisorConfigInfo::isAutoStart)
                .field("command", SupervisorConfigInfo::getCommand)
                .field("directory", SupervisorConfigInfo::getDirectory)
                .field("uid", SupervisorConfigInfo::getUID)
                .field("serverurl", SupervisorConfigInfo::getServerURL)
                .field("exitcodes", SupervisorConfigInfo::getExitCodes)
                .field("group_prio", SupervisorConfigInfo::getGroupPriority)
                .field("process_prio", SupervisorConfigInfo::getProcessPriority)
                .field("killasgroup", SupervisorConfigInfo::isKilledAsGroup)
                .field("redirect_stderr", SupervisorConfigInfo::isStderrRedirected)
                .field("startretries", SupervisorConfigInfo::getStartRetries)
                .field("startsecs", SupervisorConfigInfo::getStartSeconds)
                .field("stopsignal", SupervisorConfigInfo::getStopSignal)
                .field("stopwaitsecs", SupervisorConfigInfo::getStopWaitSeconds)
                .field("stdout_capture_maxbytes", SupervisorConfigInfo::getStdoutCaptureMaxBytes)
                .field("stdout_events_enabled", SupervisorConfigInfo::areStdoutEventsEnabled)
                .field("stdout_logfile", SupervisorConfigInfo::getStdoutLogFile)
                .field("stdout_logfile_backups", SupervisorConfigInfo::getStdoutLogFileBackups)
                .field("stdout_logfile_maxbytes", SupervisorConfigInfo::getStdoutLogFileMaxBytes)
                .field("stdout_syslog", SupervisorConfigInfo::hasStdoutSyslog)
                .field("stderr_capture_maxbytes", SupervisorConfigInfo::getStderrCaptureMaxBytes)
                .field("stderr_events_enabled", SupervisorConfigInfo::areStderrEventsEnabled)
                .field("stderr_logfile", SupervisorConfigInfo::getStderrLogFile)
                .field("stderr_logfile_backups", SupervisorConfigInfo::getStderrLogFileBackups)
                .field("stderr_logfile_maxbytes", SupervisorConfigInfo::getStderrLogFileMaxBytes)
                .field("stderr_syslog", SupervisorConfigInfo::hasStderrSyslog);
    }

    @SuppressWarnings("deprecation")
    private static String logFile(SupervisorProcessInfo info) {
        return info.getLogFile();
    }
}
