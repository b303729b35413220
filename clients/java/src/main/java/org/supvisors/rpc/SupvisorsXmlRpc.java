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
 */
public class SupvisorsXmlRpc extends SupvisorsStatusXmlRpc {

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
     * Starts one process, or those of a group, without extra arguments, and waits until it is done.
     *
     * @param strategy the strategy that chooses the instances
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean startProcess(StartingStrategy strategy, String namespec) throws XmlRpcException {
        return calls.flag("start_process", code(strategy), namespec);
    }

    /**
     * Starts one process, or those of a group, and waits until it is done.
     *
     * @param strategy the strategy that chooses the instances
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @param extraArgs the arguments appended to the command line, empty for none
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean startProcess(StartingStrategy strategy, String namespec, String extraArgs) throws XmlRpcException {
        return calls.flag("start_process", code(strategy), namespec, extraArgs);
    }

    /**
     * Starts one process, or those of a group.
     *
     * @param strategy the strategy that chooses the instances
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @param extraArgs the arguments appended to the command line, empty for none
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application or process, 101 out of state OPERATION,
     *         60 if one is running, 40 if no instance can run it;
     *         with {@code wait}, 70 if one is not running at the end, 30 if the Master is lost before
     */
    public Boolean startProcess(StartingStrategy strategy, String namespec, String extraArgs, Boolean wait)
            throws XmlRpcException {
        return calls.flag("start_process", code(strategy), namespec, extraArgs, wait);
    }

    /**
     * Tells what starting one process, or those of a group, would do now, without doing it.
     *
     * @param strategy the strategy that chooses the instances
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @return what would become of each process, by namespec, sorted
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application or process, 101 out of state OPERATION,
     *         60 if one is running
     */
    public HashMap<String, SupvisorsDistributionInfo> testStartProcess(StartingStrategy strategy, String namespec)
            throws XmlRpcException {
        return calls.map("test_start_process", SupvisorsDistributionInfo.class, code(strategy), namespec);
    }

    /**
     * Starts a stopped process whose namespec matches, without extra arguments, and waits until it is done.
     *
     * @param strategy the strategy that chooses the instance
     * @param regex a regular expression, searched in the namespecs
     * @return the namespec of the process
     * @throws XmlRpcException as with {@code wait}
     */
    public String startAnyProcess(StartingStrategy strategy, String regex) throws XmlRpcException {
        return calls.text("start_any_process", code(strategy), regex);
    }

    /**
     * Starts a stopped process whose namespec matches, and waits until it is done.
     *
     * @param strategy the strategy that chooses the instance
     * @param regex a regular expression, searched in the namespecs
     * @param extraArgs the arguments appended to the command line, empty for none
     * @return the namespec of the process
     * @throws XmlRpcException as with {@code wait}
     */
    public String startAnyProcess(StartingStrategy strategy, String regex, String extraArgs) throws XmlRpcException {
        return calls.text("start_any_process", code(strategy), regex, extraArgs);
    }

    /**
     * Starts the first stopped process, by application then process, whose namespec matches and that some instance can take.
     *
     * @param strategy the strategy that chooses the instance
     * @param regex a regular expression of the server (Python), searched in the namespecs: it may match any part of them
     * @param extraArgs the arguments appended to the command line, empty for none
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return the namespec of the process
     * @throws XmlRpcException if the call fails; fault 2 if it is not a regular expression, 101 out of state OPERATION,
     *         30 if no stopped process matches and can be started;
     *         with {@code wait}, 70 if it is not running at the end, 30 if the Master is lost before
     */
    public String startAnyProcess(StartingStrategy strategy, String regex, String extraArgs, Boolean wait)
            throws XmlRpcException {
        return calls.text("start_any_process", code(strategy), regex, extraArgs, wait);
    }

    /**
     * Stops a process, or those of a group, wherever they run, and waits until it is done.
     *
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean stopProcess(String namespec) throws XmlRpcException {
        return calls.flag("stop_process", namespec);
    }

    /**
     * Stops a process, or those of a group, wherever they run.
     *
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application or process, 101 out of states OPERATION
     *         and CONCILIATION, 70 if nothing is running;
     *         with {@code wait}, 91 if a process still runs at the end, 30 if the Master is lost before
     */
    public Boolean stopProcess(String namespec, Boolean wait) throws XmlRpcException {
        return calls.flag("stop_process", namespec, wait);
    }

    /**
     * Stops a process, or those of a group, then starts them without extra arguments, and waits until it is done.
     *
     * @param strategy the strategy that chooses the instances for the start
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean restartProcess(StartingStrategy strategy, String namespec) throws XmlRpcException {
        return calls.flag("restart_process", code(strategy), namespec);
    }

    /**
     * Stops a process, or those of a group, then starts them, and waits until it is done.
     *
     * @param strategy the strategy that chooses the instances for the start
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @param extraArgs the arguments appended to the command line, empty for none
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean restartProcess(StartingStrategy strategy, String namespec, String extraArgs) throws XmlRpcException {
        return calls.flag("restart_process", code(strategy), namespec, extraArgs);
    }

    /**
     * Stops a process, or those of a group, wherever they run, then starts them where the strategy and the rules say.
     *
     * @param strategy the strategy that chooses the instances for the start
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @param extraArgs the arguments appended to the command line, empty for none
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application or process, 101 out of state OPERATION,
     *         40 if no instance can run it;
     *         with {@code wait}, 70 if one is not running at the end, 30 if the Master is lost before
     */
    public Boolean restartProcess(StartingStrategy strategy, String namespec, String extraArgs, Boolean wait)
            throws XmlRpcException {
        return calls.flag("restart_process", code(strategy), namespec, extraArgs, wait);
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

    private static Integer code(StartingStrategy strategy) {
        return Objects.requireNonNull(strategy, "strategy").ordinal();
    }
}
