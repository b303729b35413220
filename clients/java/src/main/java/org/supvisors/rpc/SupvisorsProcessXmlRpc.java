package org.supvisors.rpc;

import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.DataConversion;
import org.supvisors.common.StartingStrategy;
import org.supvisors.common.SupvisorsDistributionInfo;

/** The part of the {@code supvisors} namespace that starts and stops processes. */
abstract class SupvisorsProcessXmlRpc extends SupvisorsStatusXmlRpc {

    SupvisorsProcessXmlRpc(NamespaceCalls calls) {
        super(calls);
    }

    /**
     * Starts one process of the local supervisord without extra arguments, and waits until it is done.
     *
     * @param namespec the namespec of one process
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean startArgs(String namespec) throws XmlRpcException {
        return calls.flag("start_args", namespec);
    }

    /**
     * Starts one process of the local supervisord, and waits until it is done.
     *
     * @param namespec the namespec of one process
     * @param extraArgs the arguments appended to the command line, split there as a shell does; empty for none
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean startArgs(String namespec, String extraArgs) throws XmlRpcException {
        return calls.flag("start_args", namespec, extraArgs);
    }

    /**
     * Starts one process of the local supervisord, without regard to rules or strategies.
     *
     * @param namespec the namespec of one process
     * @param extraArgs the arguments appended to the command line, split there as a shell does; empty for none. They replace
     *         those of the former start, and are kept for automatic restarts
     * @param wait true to get the answer when the process is RUNNING, false as soon as its start has begun
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for a group, or a process that the local supervisord does not know,
     *         103 if the program is disabled, 60 if the process is running, 91 if it is stopping, 20 if the command is not
     *         found, 21 if it cannot be executed or the arguments cannot be parsed, 50 if it cannot be spawned, 30 if its
     *         state is unknown, 6 if the local supervisord is stopping; with {@code wait}, 50 if it does not reach RUNNING
     */
    public Boolean startArgs(String namespec, String extraArgs, Boolean wait) throws XmlRpcException {
        return calls.flag("start_args", namespec, extraArgs, wait);
    }

    /**
     * Starts one process of the local supervisord, without regard to rules or strategies.
     *
     * @param namespec the namespec of one process
     * @param extraArgs the arguments appended to the command line, each of which arrives as it is
     * @param wait true to get the answer when the process is RUNNING, false as soon as its start has begun
     * @return true
     * @throws XmlRpcException as with a text
     */
    public Boolean startArgs(String namespec, List<String> extraArgs, Boolean wait) throws XmlRpcException {
        return startArgs(namespec, DataConversion.argumentsToString(extraArgs), wait);
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
     * @param extraArgs the arguments appended to the command line, split there as a shell does; empty for none
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
     * @param extraArgs the arguments appended to the command line, split there as a shell does; empty for none
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
     * Starts one process, or those of a group.
     *
     * @param strategy the strategy that chooses the instances
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @param extraArgs the arguments appended to the command line, each of which arrives as it is
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException as with a text
     */
    public Boolean startProcess(StartingStrategy strategy, String namespec, List<String> extraArgs, Boolean wait)
            throws XmlRpcException {
        return startProcess(strategy, namespec, DataConversion.argumentsToString(extraArgs), wait);
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
     * @param extraArgs the arguments appended to the command line, split there as a shell does; empty for none
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
     * @param extraArgs the arguments appended to the command line, split there as a shell does; empty for none
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
     * Starts the first stopped process whose namespec matches and that some instance can take.
     *
     * @param strategy the strategy that chooses the instance
     * @param regex a regular expression of the server (Python), searched in the namespecs: it may match any part of them
     * @param extraArgs the arguments appended to the command line, each of which arrives as it is
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return the namespec of the process
     * @throws XmlRpcException as with a text
     */
    public String startAnyProcess(StartingStrategy strategy, String regex, List<String> extraArgs, Boolean wait)
            throws XmlRpcException {
        return startAnyProcess(strategy, regex, DataConversion.argumentsToString(extraArgs), wait);
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
     * @param extraArgs the arguments appended to the command line, split there as a shell does; empty for none
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
     * @param extraArgs the arguments appended to the command line, split there as a shell does; empty for none
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
     * Stops a process, or those of a group, then starts them.
     *
     * @param strategy the strategy that chooses the instances for the start
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @param extraArgs the arguments appended to the command line, each of which arrives as it is
     * @param wait true to get the answer when the request has ended, false as soon as it is accepted
     * @return true
     * @throws XmlRpcException as with a text
     */
    public Boolean restartProcess(StartingStrategy strategy, String namespec, List<String> extraArgs, Boolean wait)
            throws XmlRpcException {
        return restartProcess(strategy, namespec, DataConversion.argumentsToString(extraArgs), wait);
    }

    static Integer code(StartingStrategy strategy) {
        return Objects.requireNonNull(strategy, "strategy").ordinal();
    }
}
