package org.supvisors.rpc;

import java.util.HashMap;
import java.util.Objects;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.LoggerLevels;
import org.supvisors.common.StartingStrategy;
import org.supvisors.common.SupvisorsDistributionInfo;

/**
 * The {@code supvisors} namespace of supervisord.
 * Every method throws XmlRpcException as {@link SupervisorXmlRpcClient#rpcCall} does; the faults are those of
 * {@link org.supvisors.common.SupervisorFaults}. Maps keep the order of the server.
 *
 * <p>An {@code identifier} is the identifier of an instance ({@code host_id:http_port}), its nick name, or a stereotype,
 * which may designate several instances.
 * A {@code namespec} is {@code group:process}, {@code process} when both names are equal, or {@code group:*} for all
 * the processes of the group.
 *
 * <p>Extra arguments are one text, which is split as a shell does, or a list, of which each argument arrives as it is.
 *
 * <p>A program is a section of the configuration of supervisord. {@code startArgs}, {@code updateNumprocs}, {@code enable} and
 * {@code disable} act on the supervisord that answers, alone.
 */
public class SupvisorsXmlRpc extends SupvisorsProcessXmlRpc {

    /**
     * Creates the proxy.
     *
     * @param client the connection to supervisord
     */
    public SupvisorsXmlRpc(SupervisorXmlRpcClient client) {
        super(new NamespaceCalls(client, "supvisors"));
    }

    /**
     * Starts the processes of an application in the order of its start sequence, and waits until it is done.
     *
     * @param strategy the strategy that chooses the instances
     * @param applicationName the name of an application
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean startApplication(StartingStrategy strategy, String applicationName) throws XmlRpcException {
        return calls.flag("start_application", code(strategy), applicationName);
    }

    /**
     * Starts the processes of an application in the order of its start sequence.
     *
     * @param strategy the strategy that chooses the instances
     * @param applicationName the name of an application
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application, 101 out of state OPERATION,
     *         102 if it has no rules, 60 if it is not stopped, 40 if nothing can be started;
     *         with {@code wait}, 70 if it is not running at the end, 30 if the Master is lost before
     */
    public Boolean startApplication(StartingStrategy strategy, String applicationName, Boolean wait) throws XmlRpcException {
        return calls.flag("start_application", code(strategy), applicationName, wait);
    }

    /**
     * Tells what starting an application would do now, without doing it.
     *
     * @param strategy the strategy that chooses the instances
     * @param applicationName the name of an application
     * @return what would become of each process of its start sequence, by namespec, sorted
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application, 101 out of state OPERATION,
     *         102 if it has no rules, 60 if it is not stopped
     */
    public HashMap<String, SupvisorsDistributionInfo> testStartApplication(StartingStrategy strategy, String applicationName)
            throws XmlRpcException {
        return calls.map("test_start_application", SupvisorsDistributionInfo.class, code(strategy), applicationName);
    }

    /**
     * Stops the processes of an application in the order of its stop sequence, and waits until it is done.
     *
     * @param applicationName the name of an application
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean stopApplication(String applicationName) throws XmlRpcException {
        return calls.flag("stop_application", applicationName);
    }

    /**
     * Stops the processes of an application in the order of its stop sequence.
     *
     * @param applicationName the name of an application
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application, 101 out of states OPERATION and
     *         CONCILIATION, 102 if it has no rules, 70 if nothing is running;
     *         with {@code wait}, 91 if a process still runs at the end, 30 if the Master is lost before
     */
    public Boolean stopApplication(String applicationName, Boolean wait) throws XmlRpcException {
        return calls.flag("stop_application", applicationName, wait);
    }

    /**
     * Stops an application if it runs, then starts it, and waits until it is done.
     *
     * @param strategy the strategy that chooses the instances for the start
     * @param applicationName the name of an application
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean restartApplication(StartingStrategy strategy, String applicationName) throws XmlRpcException {
        return calls.flag("restart_application", code(strategy), applicationName);
    }

    /**
     * Stops an application in the order of its stop sequence if it runs, then starts it.
     *
     * @param strategy the strategy that chooses the instances for the start
     * @param applicationName the name of an application
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application, 101 out of state OPERATION,
     *         102 if it has no rules, 40 if nothing can be started;
     *         with {@code wait}, 70 if it is not running at the end, 30 if the Master is lost before
     */
    public Boolean restartApplication(StartingStrategy strategy, String applicationName, Boolean wait) throws XmlRpcException {
        return calls.flag("restart_application", code(strategy), applicationName, wait);
    }

    /**
     * Changes the number of processes of a program in the local supervisord, and waits until it is done.
     *
     * @param programName the name of a program of the configuration
     * @param numProcs the number of processes wanted in each group, above 0
     * @return true
     * @throws XmlRpcException as with {@code lazy}
     */
    public Boolean updateNumprocs(String programName, Integer numProcs) throws XmlRpcException {
        return calls.flag("update_numprocs", programName, numProcs);
    }

    /**
     * Changes the number of processes of a program in the local supervisord; those in excess are stopped.
     *
     * @param programName the name of a program of the configuration
     * @param numProcs the number of processes wanted in each group, above 0
     * @param wait true to get the answer when the processes in excess have been removed, false as soon as the work has begun
     * @return true
     * @throws XmlRpcException as with {@code lazy}
     */
    public Boolean updateNumprocs(String programName, Integer numProcs, Boolean wait) throws XmlRpcException {
        return calls.flag("update_numprocs", programName, numProcs, wait);
    }

    /**
     * Changes the number of processes of a program in the local supervisord, in all groups that use it, until it restarts.
     *
     * @param programName the name of a program, FastCGI program or event listener of the configuration
     * @param numProcs the number of processes wanted in each group, above 0
     * @param wait true to get the answer when the processes in excess have been removed, false as soon as the work has begun
     * @param lazy true to let the processes in excess run until they end by themselves; the answer does not wait for them
     * @return true
     * @throws XmlRpcException if the call fails; fault 101 out of state OPERATION, 10 for an unknown program, 2 if the number
     *         is not above 0, 104 if the process names do not depend on the process number, 30 if the configuration cannot be
     *         applied; with {@code wait}, 91 if a process in excess could not be stopped
     */
    public Boolean updateNumprocs(String programName, Integer numProcs, Boolean wait, Boolean lazy) throws XmlRpcException {
        return calls.flag("update_numprocs", programName, numProcs, wait, lazy);
    }

    /**
     * Enables a program in the local supervisord, and waits until it is done.
     *
     * @param programName the name of a program of the configuration
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean enable(String programName) throws XmlRpcException {
        return calls.flag("enable", programName);
    }

    /**
     * Enables a program in the local supervisord; if it has autostart, its processes that have been stopped are started.
     *
     * @param programName the name of a program, FastCGI program or event listener of the configuration
     * @param wait true to get the answer when the work has ended, false as soon as it has begun
     * @return true
     * @throws XmlRpcException if the call fails; fault 101 out of state OPERATION, 10 for an unknown program, 30 if the
     *         {@code disabilities_file} could not be written
     */
    public Boolean enable(String programName, Boolean wait) throws XmlRpcException {
        return calls.flag("enable", programName, wait);
    }

    /**
     * Disables a program in the local supervisord, and waits until its processes have stopped.
     *
     * @param programName the name of a program of the configuration
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean disable(String programName) throws XmlRpcException {
        return calls.flag("disable", programName);
    }

    /**
     * Disables a program in the local supervisord: its processes are stopped, and cannot be started there.
     *
     * @param programName the name of a program, FastCGI program or event listener of the configuration
     * @param wait true to get the answer when the processes have stopped, false as soon as the program is disabled
     * @return true
     * @throws XmlRpcException if the call fails; fault 101 out of state OPERATION, 10 for an unknown program, 30 if the
     *         {@code disabilities_file} could not be written; with {@code wait}, 91 if a process could not be stopped
     */
    public Boolean disable(String programName, Boolean wait) throws XmlRpcException {
        return calls.flag("disable", programName, wait);
    }

    /**
     * Runs the automatic start again, and waits until it is done.
     *
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean restartSequence() throws XmlRpcException {
        return calls.flag("restart_sequence");
    }

    /**
     * Runs the automatic start again: what the start sequences want, does not run and no user has stopped.
     *
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException if the call fails; fault 101 out of state OPERATION, or if something is being started or stopped,
     *         40 if no application has anything to start;
     *         with {@code wait}, 30 if the Master is lost before
     */
    public Boolean restartSequence(Boolean wait) throws XmlRpcException {
        return calls.flag("restart_sequence", wait);
    }

    /**
     * Stops all applications in the order of their stop sequence, then restarts every supervisord.
     *
     * @return true, as soon as the request is accepted
     * @throws XmlRpcException if the call fails; fault 101 in states OFF, SYNCHRONIZATION, ELECTION and FINAL
     */
    public Boolean restart() throws XmlRpcException {
        return calls.flag("restart");
    }

    /**
     * Stops all applications in the order of their stop sequence, then shuts every supervisord down.
     *
     * @return true, as soon as the request is accepted
     * @throws XmlRpcException if the call fails; fault 101 in states OFF, SYNCHRONIZATION, ELECTION and FINAL
     */
    public Boolean shutdown() throws XmlRpcException {
        return calls.flag("shutdown");
    }

    /**
     * Changes the level of the log of the instance that answers, until it restarts. When it shares the log of supervisord,
     * the level of both changes.
     *
     * @param level the lowest level that is written
     * @return true
     * @throws XmlRpcException if the call fails
     */
    public Boolean changeLogLevel(LoggerLevels level) throws XmlRpcException {
        return calls.flag("change_log_level", Objects.requireNonNull(level, "level").getLevelCode());
    }

    /**
     * Ends the synchronization and lets the election choose the Master.
     *
     * @return true
     * @throws XmlRpcException if the call fails; fault 101 out of state SYNCHRONIZATION, 104 if the option
     *         {@code synchro_options} does not contain {@code USER}
     */
    public Boolean endSynchronization() throws XmlRpcException {
        return calls.flag("end_sync");
    }

    /**
     * Ends the synchronization with the given Master.
     *
     * @param master the identifier or nick name of an instance, or a stereotype of only one; empty to let the election choose
     * @return true
     * @throws XmlRpcException if the call fails; fault 101 out of state SYNCHRONIZATION, 104 if the option
     *         {@code synchro_options} does not contain {@code USER}, 10 if no instance is designated, 2 if several are,
     *         70 if the instance is not RUNNING
     */
    public Boolean endSynchronization(String master) throws XmlRpcException {
        return calls.flag("end_sync", master);
    }
}
