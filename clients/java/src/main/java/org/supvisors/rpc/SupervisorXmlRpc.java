package org.supvisors.rpc;

import java.util.HashMap;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.DataConversion;
import org.supvisors.common.SupervisorConfigInfo;
import org.supvisors.common.SupervisorConfigUpdates;
import org.supvisors.common.SupervisorExecutionStatus;
import org.supvisors.common.SupervisorFaults;
import org.supvisors.common.SupervisorLogResult;
import org.supvisors.common.SupervisorProcessInfo;
import org.supvisors.common.SupervisorState;
import org.supvisors.common.SupvisorsAnyInfo;

/**
 * The {@code supervisor} namespace of supervisord.
 * Every method throws XmlRpcException as {@link SupervisorXmlRpcClient#rpcCall} does, and with fault 6 while supervisord stops.
 * Maps are keyed by namespec and keep the order of the server.
 */
public class SupervisorXmlRpc {

    private final SupervisorXmlRpcClient client;

    /**
     * Creates the proxy.
     *
     * @param client the connection to supervisord
     */
    public SupervisorXmlRpc(SupervisorXmlRpcClient client) {
        this.client = client;
    }

    /**
     * Tells the version of this namespace.
     *
     * @return the version
     * @throws XmlRpcException if the call fails
     */
    public String getAPIVersion() throws XmlRpcException {
        return call("getAPIVersion", String.class);
    }

    /**
     * Tells the version of this namespace.
     *
     * @return the version
     * @throws XmlRpcException if the call fails
     * @deprecated use {@link #getAPIVersion()}
     */
    @Deprecated
    public String getVersion() throws XmlRpcException {
        return call("getVersion", String.class);
    }

    /**
     * Tells the version of Supervisor.
     *
     * @return the version
     * @throws XmlRpcException if the call fails
     */
    public String getSupervisorVersion() throws XmlRpcException {
        return call("getSupervisorVersion", String.class);
    }

    /**
     * Tells the name given to supervisord in its configuration.
     *
     * @return the name
     * @throws XmlRpcException if the call fails
     */
    public String getIdentification() throws XmlRpcException {
        return call("getIdentification", String.class);
    }

    /**
     * Tells the state of supervisord.
     *
     * @return the state
     * @throws XmlRpcException if the call fails
     */
    public SupervisorState getState() throws XmlRpcException {
        return new SupervisorState(call("getState", HashMap.class));
    }

    /**
     * Tells the process identifier of supervisord.
     *
     * @return the process identifier
     * @throws XmlRpcException if the call fails
     */
    public Integer getPID() throws XmlRpcException {
        return call("getPID", Integer.class);
    }

    /**
     * Reads the log of supervisord.
     *
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 20 if there is no log, 3 for a wrong range, 30 if the log cannot be read
     */
    public String readLog(Integer offset, Integer length) throws XmlRpcException {
        return call("readLog", String.class, offset, length);
    }

    /**
     * Reads the log of supervisord; another name of {@link #readLog}.
     *
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 20 if there is no log, 3 for a wrong range, 30 if the log cannot be read
     */
    public String readMainLog(Integer offset, Integer length) throws XmlRpcException {
        return call("readMainLog", String.class, offset, length);
    }

    /**
     * Clears the log of supervisord.
     *
     * @return true
     * @throws XmlRpcException if the call fails; fault 20 if there is no log
     */
    public Boolean clearLog() throws XmlRpcException {
        return call("clearLog", Boolean.class);
    }

    /**
     * Shuts supervisord down.
     *
     * @return true
     * @throws XmlRpcException if the call fails
     */
    public Boolean shutdown() throws XmlRpcException {
        return call("shutdown", Boolean.class);
    }

    /**
     * Restarts supervisord.
     *
     * @return true
     * @throws XmlRpcException if the call fails
     */
    public Boolean restart() throws XmlRpcException {
        return call("restart", Boolean.class);
    }

    /**
     * Describes one process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @return the process
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process
     */
    public SupervisorProcessInfo getProcessInfo(String namespec) throws XmlRpcException {
        return new SupervisorProcessInfo(call("getProcessInfo", HashMap.class, namespec));
    }

    /**
     * Describes all processes.
     *
     * @return the processes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorProcessInfo> getAllProcessInfo() throws XmlRpcException {
        return map("getAllProcessInfo", SupervisorProcessInfo.class);
    }

    /**
     * Starts one process, or all those of a group with {@code group:*}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return true; for a group, false if one of its processes has failed
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 20, 21, 50 or 40 if it does not start, 60 if it is running
     */
    public Boolean startProcess(String namespec, Boolean wait) throws XmlRpcException {
        return done(call("startProcess", Object.class, namespec, wait));
    }

    /**
     * Starts the processes of a group.
     *
     * @param groupName the name of a group
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group
     */
    public HashMap<String, SupervisorExecutionStatus> startProcessGroup(String groupName, Boolean wait) throws XmlRpcException {
        return map("startProcessGroup", SupervisorExecutionStatus.class, groupName, wait);
    }

    /**
     * Starts all processes.
     *
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorExecutionStatus> startAllProcesses(Boolean wait) throws XmlRpcException {
        return map("startAllProcesses", SupervisorExecutionStatus.class, wait);
    }

    /**
     * Stops one process, or all those of a group with {@code group:*}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return true; for a group, false if one of its processes has failed
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 70 if it is not running
     */
    public Boolean stopProcess(String namespec, Boolean wait) throws XmlRpcException {
        return done(call("stopProcess", Object.class, namespec, wait));
    }

    /**
     * Stops the processes of a group.
     *
     * @param groupName the name of a group
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group
     */
    public HashMap<String, SupervisorExecutionStatus> stopProcessGroup(String groupName, Boolean wait) throws XmlRpcException {
        return map("stopProcessGroup", SupervisorExecutionStatus.class, groupName, wait);
    }

    /**
     * Stops all processes.
     *
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorExecutionStatus> stopAllProcesses(Boolean wait) throws XmlRpcException {
        return map("stopAllProcesses", SupervisorExecutionStatus.class, wait);
    }

    /**
     * Sends a signal to one process, or to all those of a group with {@code group:*}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param signal the name of a signal, as {@code HUP}, or its number
     * @return true; for a group, false if one of its processes has failed
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 11 for an unknown signal, 70 if it is not running
     */
    public Boolean signalProcess(String namespec, String signal) throws XmlRpcException {
        return done(call("signalProcess", Object.class, namespec, signal));
    }

    /**
     * Sends a signal to the processes of a group.
     *
     * @param groupName the name of a group
     * @param signal the name of a signal, as {@code HUP}, or its number
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group, 11 for an unknown signal
     */
    public HashMap<String, SupervisorExecutionStatus> signalProcessGroup(String groupName, String signal) throws XmlRpcException {
        return map("signalProcessGroup", SupervisorExecutionStatus.class, groupName, signal);
    }

    /**
     * Sends a signal to all processes.
     *
     * @param signal the name of a signal, as {@code HUP}, or its number
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails; fault 11 for an unknown signal
     */
    public HashMap<String, SupervisorExecutionStatus> signalAllProcesses(String signal) throws XmlRpcException {
        return map("signalAllProcesses", SupervisorExecutionStatus.class, signal);
    }

    /**
     * Writes to the standard input of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param chars the text to write
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 70 if it is not running, 20 if its input is closed
     */
    public Boolean sendProcessStdin(String namespec, String chars) throws XmlRpcException {
        return call("sendProcessStdin", Boolean.class, namespec, chars);
    }

    /**
     * Sends an event to the listeners of supervisord.
     *
     * @param event_type the type of the event
     * @param event_data the text of the event
     * @return true
     * @throws XmlRpcException if the call fails
     */
    public Boolean sendRemoteCommEvent(String event_type, String event_data) throws XmlRpcException {
        return call("sendRemoteCommEvent", Boolean.class, event_type, event_data);
    }

    /**
     * Describes the configuration of all processes.
     *
     * @return the configurations by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorConfigInfo> getAllConfigInfo() throws XmlRpcException {
        return map("getAllConfigInfo", SupervisorConfigInfo.class);
    }

    /**
     * Reads the configuration again, without applying it.
     *
     * @return the names of the groups that differ
     * @throws XmlRpcException if the call fails; fault 92 if the configuration is wrong
     */
    public SupervisorConfigUpdates reloadConfig() throws XmlRpcException {
        return new SupervisorConfigUpdates(call("reloadConfig", Object[].class));
    }

    /**
     * Adds a group that is in the configuration.
     *
     * @param name the name of a group
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group, 90 if it is already there
     */
    public Boolean addProcessGroup(String name) throws XmlRpcException {
        return call("addProcessGroup", Boolean.class, name);
    }

    /**
     * Removes a group whose processes are all stopped.
     *
     * @param name the name of a group
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group, 91 if a process still runs
     */
    public Boolean removeProcessGroup(String name) throws XmlRpcException {
        return call("removeProcessGroup", Boolean.class, name);
    }

    /**
     * Reads the log of the standard output of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 20 if there is no log, 3 for a wrong range, 30 if the log cannot be read
     */
    public String readProcessStdoutLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return call("readProcessStdoutLog", String.class, namespec, offset, length);
    }

    /**
     * Reads the log of the standard output of a process; another name of {@link #readProcessStdoutLog}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 20 if there is no log, 3 for a wrong range, 30 if the log cannot be read
     */
    public String readProcessLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return call("readProcessLog", String.class, namespec, offset, length);
    }

    /**
     * Reads the log of the standard error of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 20 if there is no log, 3 for a wrong range, 30 if the log cannot be read
     */
    public String readProcessStderrLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return call("readProcessStderrLog", String.class, namespec, offset, length);
    }

    /**
     * Reads the end of the log of the standard output of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset the offset given by the previous call, 0 at first, in bytes
     * @param length how much to read at most, in bytes
     * @return the text and the offset to ask for next
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process
     */
    public SupervisorLogResult tailProcessStdoutLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return new SupervisorLogResult(call("tailProcessStdoutLog", Object[].class, namespec, offset, length));
    }

    /**
     * Reads the end of the log of the standard output of a process; another name of {@link #tailProcessStdoutLog}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset the offset given by the previous call, 0 at first, in bytes
     * @param length how much to read at most, in bytes
     * @return the text and the offset to ask for next
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process
     */
    public SupervisorLogResult tailProcessLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return new SupervisorLogResult(call("tailProcessLog", Object[].class, namespec, offset, length));
    }

    /**
     * Reads the end of the log of the standard error of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset the offset given by the previous call, 0 at first, in bytes
     * @param length how much to read at most, in bytes
     * @return the text and the offset to ask for next
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process
     */
    public SupervisorLogResult tailProcessStderrLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return new SupervisorLogResult(call("tailProcessStderrLog", Object[].class, namespec, offset, length));
    }

    /**
     * Clears the logs of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 30 if a log cannot be cleared
     */
    public Boolean clearProcessLogs(String namespec) throws XmlRpcException {
        return call("clearProcessLogs", Boolean.class, namespec);
    }

    /**
     * Clears the logs of a process; another name of {@link #clearProcessLogs}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 30 if a log cannot be cleared
     */
    public Boolean clearProcessLog(String namespec) throws XmlRpcException {
        return call("clearProcessLog", Boolean.class, namespec);
    }

    /**
     * Clears the logs of all processes.
     *
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorExecutionStatus> clearAllProcessLogs() throws XmlRpcException {
        return map("clearAllProcessLogs", SupervisorExecutionStatus.class);
    }

    private <T> T call(String method, Class<T> type, Object... args) throws XmlRpcException {
        return client.rpcCall("supervisor." + method, args, type);
    }

    private <T extends SupvisorsAnyInfo> HashMap<String, T> map(String method, Class<T> type, Object... args)
            throws XmlRpcException {
        return DataConversion.arrayToMap(call(method, Object[].class, args), type);
    }

    /** Supervisor answers with one outcome per process when the namespec is a whole group. */
    private static Boolean done(Object answer) {
        if (!(answer instanceof Object[])) {
            return Boolean.TRUE.equals(answer);
        }
        return DataConversion.arrayToMap((Object[]) answer, SupervisorExecutionStatus.class).values().stream()
                .allMatch(outcome -> outcome.getStatus() == SupervisorFaults.SUCCESS);
    }
}
