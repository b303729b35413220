package org.supvisors.rpc;

import java.util.HashMap;
import java.util.Objects;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.DataConversion;
import org.supvisors.common.StartingStrategy;
import org.supvisors.common.SupvisorsAnyInfo;
import org.supvisors.common.SupvisorsApplicationInfo;
import org.supvisors.common.SupvisorsIdentifier;
import org.supvisors.common.SupvisorsInstanceInfo;
import org.supvisors.common.SupvisorsLocalProcessInfo;
import org.supvisors.common.SupvisorsNetworkInfo;
import org.supvisors.common.SupvisorsProcessInfo;
import org.supvisors.common.SupvisorsStateModes;
import org.supvisors.common.SupvisorsStatus;
import org.supvisors.common.SupvisorsStrategies;

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
public class SupvisorsXmlRpc {

    private final SupervisorXmlRpcClient client;

    /**
     * Creates the proxy.
     *
     * @param client the connection to supervisord
     */
    public SupvisorsXmlRpc(SupervisorXmlRpcClient client) {
        this.client = client;
    }

    /**
     * Tells the release of Supvisors.
     *
     * @return the release
     * @throws XmlRpcException if the call fails
     */
    public String getAPIVersion() throws XmlRpcException {
        return call("get_api_version", String.class);
    }

    /**
     * Tells the state of Supvisors, as seen by the instance that answers.
     *
     * @return the state
     * @throws XmlRpcException if the call fails
     */
    public SupvisorsStatus getSupvisorsState() throws XmlRpcException {
        return new SupvisorsStatus(call("get_supvisors_state", HashMap.class));
    }

    /**
     * Tells the state and modes of all instances.
     *
     * @return the states and modes by identifier, sorted
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupvisorsStateModes> getAllInstancesStateModes() throws XmlRpcException {
        return map("get_all_instances_state_modes", SupvisorsStateModes.class);
    }

    /**
     * Tells the state and modes of the instance that answers.
     *
     * @return the state and modes by identifier: one entry
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupvisorsStateModes> getInstanceStateModes() throws XmlRpcException {
        return map("get_instance_state_modes", SupvisorsStateModes.class);
    }

    /**
     * Tells the state and modes of instances.
     *
     * @param identifier an identifier, nick name or stereotype; empty for the instance that answers
     * @return the states and modes by identifier
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated
     */
    public HashMap<String, SupvisorsStateModes> getInstanceStateModes(String identifier) throws XmlRpcException {
        return map("get_instance_state_modes", SupvisorsStateModes.class, identifier);
    }

    /**
     * Names the Master.
     *
     * @return the names of the Master, all null when there is none
     * @throws XmlRpcException if the call fails
     */
    public SupvisorsIdentifier getMasterIdentifier() throws XmlRpcException {
        return new SupvisorsIdentifier(call("get_master_identifier", HashMap.class));
    }

    /**
     * Tells the strategies in force.
     *
     * @return the strategies
     * @throws XmlRpcException if the call fails
     */
    public SupvisorsStrategies getStrategies() throws XmlRpcException {
        return new SupvisorsStrategies(call("get_strategies", HashMap.class));
    }

    /**
     * Tells how one instance is reached.
     *
     * @param identifier an identifier, nick name or stereotype
     * @return the network details of the instance, of the first one if several are designated
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated
     */
    public SupvisorsNetworkInfo getNetworkInfo(String identifier) throws XmlRpcException {
        return getNetworkInfos(identifier).values().stream().findFirst()
                .orElseThrow(() -> new XmlRpcException("supvisors.get_network_info has returned no instance"));
    }

    /**
     * Tells how instances are reached.
     *
     * @param identifier an identifier, nick name or stereotype
     * @return the network details by identifier
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated
     */
    public HashMap<String, SupvisorsNetworkInfo> getNetworkInfos(String identifier) throws XmlRpcException {
        Object answer = call("get_network_info", Object.class, identifier);
        boolean several = answer instanceof Object[];   // Supvisors 0.19 answers with one structure
        return DataConversion.arrayToMap(several ? (Object[]) answer : new Object[] {answer}, SupvisorsNetworkInfo.class);
    }

    /**
     * Describes all instances.
     *
     * @return the instances by identifier, sorted
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupvisorsInstanceInfo> getAllInstancesInfo() throws XmlRpcException {
        return map("get_all_instances_info", SupvisorsInstanceInfo.class);
    }

    /**
     * Describes instances.
     *
     * @param identifier an identifier, nick name or stereotype
     * @return the instances by identifier
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated
     */
    public HashMap<String, SupvisorsInstanceInfo> getInstanceInfo(String identifier) throws XmlRpcException {
        return map("get_instance_info", SupvisorsInstanceInfo.class, identifier);
    }

    /**
     * Describes all applications.
     *
     * @return the applications by name, sorted
     * @throws XmlRpcException if the call fails; fault 101 in states OFF and SYNCHRONIZATION
     */
    public HashMap<String, SupvisorsApplicationInfo> getAllApplicationInfo() throws XmlRpcException {
        return map("get_all_applications_info", SupvisorsApplicationInfo.class);
    }

    /**
     * Describes one application.
     *
     * @param applicationName the name of an application
     * @return the application
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application, 101 in states OFF and SYNCHRONIZATION
     */
    public SupvisorsApplicationInfo getApplicationInfo(String applicationName) throws XmlRpcException {
        return new SupvisorsApplicationInfo(call("get_application_info", HashMap.class, applicationName));
    }

    /**
     * Describes all processes, over all instances.
     *
     * @return the processes by namespec, sorted by application then process
     * @throws XmlRpcException if the call fails; fault 101 in states OFF and SYNCHRONIZATION
     */
    public HashMap<String, SupvisorsProcessInfo> getAllProcessInfo() throws XmlRpcException {
        return map("get_all_process_info", SupvisorsProcessInfo.class);
    }

    /**
     * Describes one process, or those of a group, over all instances.
     *
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @return the processes by namespec
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application or process,
     *         101 in states OFF and SYNCHRONIZATION
     */
    public HashMap<String, SupvisorsProcessInfo> getProcessInfo(String namespec) throws XmlRpcException {
        return map("get_process_info", SupvisorsProcessInfo.class, namespec);
    }

    /**
     * Describes all processes of the local supervisord.
     *
     * @return the processes by namespec, sorted by group then name
     * @throws XmlRpcException if the call fails; fault 6 while supervisord stops
     */
    public HashMap<String, SupvisorsLocalProcessInfo> getAllLocalProcessInfo() throws XmlRpcException {
        return map("get_all_local_process_info", SupvisorsLocalProcessInfo.class);
    }

    /**
     * Describes one process of the local supervisord.
     *
     * @param namespec a namespec; {@code group:*} is refused
     * @return the process
     * @throws XmlRpcException if the call fails; fault 6 while supervisord stops, 10 for an unknown process or a group
     */
    public SupvisorsLocalProcessInfo getLocalProcessInfo(String namespec) throws XmlRpcException {
        return new SupvisorsLocalProcessInfo(call("get_local_process_info", HashMap.class, namespec));
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
        return call("start_application", Boolean.class, code(strategy), applicationName);
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
        return call("start_application", Boolean.class, code(strategy), applicationName, wait);
    }

    /**
     * Stops the processes of an application in the order of its stop sequence, and waits until it is done.
     *
     * @param applicationName the name of an application
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean stopApplication(String applicationName) throws XmlRpcException {
        return call("stop_application", Boolean.class, applicationName);
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
        return call("stop_application", Boolean.class, applicationName, wait);
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
        return call("start_process", Boolean.class, code(strategy), namespec);
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
        return call("start_process", Boolean.class, code(strategy), namespec, extraArgs);
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
        return call("start_process", Boolean.class, code(strategy), namespec, extraArgs, wait);
    }

    /**
     * Stops a process, or those of a group, wherever they run, and waits until it is done.
     *
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @return true
     * @throws XmlRpcException as with {@code wait}
     */
    public Boolean stopProcess(String namespec) throws XmlRpcException {
        return call("stop_process", Boolean.class, namespec);
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
        return call("stop_process", Boolean.class, namespec, wait);
    }

    /**
     * Stops all applications in the order of their stop sequence, then restarts every supervisord.
     *
     * @return true, as soon as the request is accepted
     * @throws XmlRpcException if the call fails; fault 101 in states OFF, SYNCHRONIZATION, ELECTION and FINAL
     */
    public Boolean restart() throws XmlRpcException {
        return call("restart", Boolean.class);
    }

    /**
     * Stops all applications in the order of their stop sequence, then shuts every supervisord down.
     *
     * @return true, as soon as the request is accepted
     * @throws XmlRpcException if the call fails; fault 101 in states OFF, SYNCHRONIZATION, ELECTION and FINAL
     */
    public Boolean shutdown() throws XmlRpcException {
        return call("shutdown", Boolean.class);
    }

    private <T> T call(String method, Class<T> type, Object... args) throws XmlRpcException {
        return client.rpcCall("supvisors." + method, args, type);
    }

    private <T extends SupvisorsAnyInfo> HashMap<String, T> map(String method, Class<T> type, Object... args)
            throws XmlRpcException {
        return DataConversion.arrayToMap(call(method, Object[].class, args), type);
    }

    private static Integer code(StartingStrategy strategy) {
        return Objects.requireNonNull(strategy, "strategy").ordinal();
    }
}
