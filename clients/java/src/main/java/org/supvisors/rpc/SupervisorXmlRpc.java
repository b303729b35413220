package org.supvisors.rpc;

import java.util.HashMap;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.DataConversion;
import org.supvisors.common.SupervisorConfigInfo;
import org.supvisors.common.SupervisorConfigUpdates;
import org.supvisors.common.SupervisorExecutionStatus;
import org.supvisors.common.SupervisorFaults;
import org.supvisors.common.SupervisorProcessInfo;
import org.supvisors.common.SupervisorState;

/**
 * The {@code supervisor} namespace of supervisord.
 * Every method throws XmlRpcException as {@link SupervisorXmlRpcClient#rpcCall} does, and with fault 6 while supervisord stops.
 * Maps are keyed by namespec and keep the order of the server.
 */
public class SupervisorXmlRpc extends SupervisorLogsXmlRpc {

    /**
     * Creates the proxy.
     *
     * @param client the connection to supervisord
     */
    public SupervisorXmlRpc(SupervisorXmlRpcClient client) {
        super(new NamespaceCalls(client, "supervisor"));
    }

    /**
     * Tells the version of this namespace.
     *
     * @return the version
     * @throws XmlRpcException if the call fails
     */
    public String getAPIVersion() throws XmlRpcException {
        return calls.text("getAPIVersion");
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
        return calls.text("getVersion");
    }

    /**
     * Tells the version of Supervisor.
     *
     * @return the version
     * @throws XmlRpcException if the call fails
     */
    public String getSupervisorVersion() throws XmlRpcException {
        return calls.text("getSupervisorVersion");
    }

    /**
     * Tells the name given to supervisord in its configuration.
     *
     * @return the name
     * @throws XmlRpcException if the call fails
     */
    public String getIdentification() throws XmlRpcException {
        return calls.text("getIdentification");
    }

    /**
     * Tells the state of supervisord.
     *
     * @return the state
     * @throws XmlRpcException if the call fails
     */
    public SupervisorState getState() throws XmlRpcException {
        return calls.object("getState", SupervisorState::new);
    }

    /**
     * Tells the process identifier of supervisord.
     *
     * @return the process identifier
     * @throws XmlRpcException if the call fails
     */
    public Integer getPID() throws XmlRpcException {
        return calls.value("getPID", Integer.class);
    }

    /**
     * Shuts supervisord down.
     *
     * @return true
     * @throws XmlRpcException if the call fails
     */
    public Boolean shutdown() throws XmlRpcException {
        return calls.flag("shutdown");
    }

    /**
     * Restarts supervisord.
     *
     * @return true
     * @throws XmlRpcException if the call fails
     */
    public Boolean restart() throws XmlRpcException {
        return calls.flag("restart");
    }

    /**
     * Describes one process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @return the process
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process
     */
    public SupervisorProcessInfo getProcessInfo(String namespec) throws XmlRpcException {
        return calls.object("getProcessInfo", SupervisorProcessInfo::new, namespec);
    }

    /**
     * Describes all processes.
     *
     * @return the processes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorProcessInfo> getAllProcessInfo() throws XmlRpcException {
        return calls.map("getAllProcessInfo", SupervisorProcessInfo.class);
    }

    /**
     * Starts one process, or all those of a group with {@code group:*}, and waits until it is done.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @return true; for a group, false if one of its processes has failed
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean startProcess(String namespec) throws XmlRpcException {
        return done(calls.value("startProcess", Object.class, namespec));
    }

    /**
     * Starts one process, or all those of a group with {@code group:*}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return true; for a group, false if one of its processes has failed
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 60 if it is running, 20 if its command
     *         is not found, 21 if it cannot be executed, 30 if its start fails, 50 if it cannot be spawned or ends too early;
     *         with {@code wait}, 40 if it is not RUNNING at the end
     */
    public Boolean startProcess(String namespec, Boolean wait) throws XmlRpcException {
        return done(calls.value("startProcess", Object.class, namespec, wait));
    }

    /**
     * Starts the processes of a group, and waits until it is done.
     *
     * @param groupName the name of a group
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group
     */
    public HashMap<String, SupervisorExecutionStatus> startProcessGroup(String groupName) throws XmlRpcException {
        return calls.map("startProcessGroup", SupervisorExecutionStatus.class, groupName);
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
        return calls.map("startProcessGroup", SupervisorExecutionStatus.class, groupName, wait);
    }

    /**
     * Starts all processes, and waits until it is done.
     *
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorExecutionStatus> startAllProcesses() throws XmlRpcException {
        return calls.map("startAllProcesses", SupervisorExecutionStatus.class);
    }

    /**
     * Starts all processes.
     *
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorExecutionStatus> startAllProcesses(Boolean wait) throws XmlRpcException {
        return calls.map("startAllProcesses", SupervisorExecutionStatus.class, wait);
    }

    /**
     * Stops one process, or all those of a group with {@code group:*}, and waits until it is done.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @return true; for a group, false if one of its processes has failed
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean stopProcess(String namespec) throws XmlRpcException {
        return done(calls.value("stopProcess", Object.class, namespec));
    }

    /**
     * Stops one process, or all those of a group with {@code group:*}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return true; for a group, false if one of its processes has failed
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 70 if it is not running, 30 if it cannot be stopped
     */
    public Boolean stopProcess(String namespec, Boolean wait) throws XmlRpcException {
        return done(calls.value("stopProcess", Object.class, namespec, wait));
    }

    /**
     * Stops the processes of a group, and waits until it is done.
     *
     * @param groupName the name of a group
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group
     */
    public HashMap<String, SupervisorExecutionStatus> stopProcessGroup(String groupName) throws XmlRpcException {
        return calls.map("stopProcessGroup", SupervisorExecutionStatus.class, groupName);
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
        return calls.map("stopProcessGroup", SupervisorExecutionStatus.class, groupName, wait);
    }

    /**
     * Stops all processes, and waits until it is done.
     *
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorExecutionStatus> stopAllProcesses() throws XmlRpcException {
        return calls.map("stopAllProcesses", SupervisorExecutionStatus.class);
    }

    /**
     * Stops all processes.
     *
     * @param wait true to get the answer when the work is done, false as soon as it is accepted
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorExecutionStatus> stopAllProcesses(Boolean wait) throws XmlRpcException {
        return calls.map("stopAllProcesses", SupervisorExecutionStatus.class, wait);
    }

    /**
     * Sends a signal to one process, or to all those of a group with {@code group:*}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param signal the name of a signal, as {@code HUP}, or its number
     * @return true; for a group, false if one of its processes has failed
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 11 for an unknown signal,
     *         70 if it is not running, 30 if the signal cannot be sent
     */
    public Boolean signalProcess(String namespec, String signal) throws XmlRpcException {
        return done(calls.value("signalProcess", Object.class, namespec, signal));
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
        return calls.map("signalProcessGroup", SupervisorExecutionStatus.class, groupName, signal);
    }

    /**
     * Sends a signal to all processes.
     *
     * @param signal the name of a signal, as {@code HUP}, or its number
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails; fault 11 for an unknown signal
     */
    public HashMap<String, SupervisorExecutionStatus> signalAllProcesses(String signal) throws XmlRpcException {
        return calls.map("signalAllProcesses", SupervisorExecutionStatus.class, signal);
    }

    /**
     * Writes to the standard input of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param chars the text to write
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 70 if it is not running,
     *         20 if its input is closed, 2 if the text cannot be encoded in UTF-8
     */
    public Boolean sendProcessStdin(String namespec, String chars) throws XmlRpcException {
        return calls.flag("sendProcessStdin", namespec, chars);
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
        return calls.flag("sendRemoteCommEvent", event_type, event_data);
    }

    /**
     * Describes the configuration of all processes.
     *
     * @return the configurations by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorConfigInfo> getAllConfigInfo() throws XmlRpcException {
        return calls.map("getAllConfigInfo", SupervisorConfigInfo.class);
    }

    /**
     * Reads the configuration again, without applying it.
     *
     * @return the names of the groups that differ
     * @throws XmlRpcException if the call fails; fault 92 if the configuration is wrong
     */
    public SupervisorConfigUpdates reloadConfig() throws XmlRpcException {
        return new SupervisorConfigUpdates(calls.items("reloadConfig"));
    }

    /**
     * Adds a group that is in the configuration.
     *
     * @param name the name of a group
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group, 90 if it is already there
     */
    public Boolean addProcessGroup(String name) throws XmlRpcException {
        return calls.flag("addProcessGroup", name);
    }

    /**
     * Removes a group whose processes are all stopped.
     *
     * @param name the name of a group
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown group, 91 if a process still runs
     */
    public Boolean removeProcessGroup(String name) throws XmlRpcException {
        return calls.flag("removeProcessGroup", name);
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
