package org.supvisors.rpc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.DataConversion;
import org.supvisors.common.SupvisorsApplicationInfo;
import org.supvisors.common.SupvisorsApplicationRules;
import org.supvisors.common.SupvisorsIdentifier;
import org.supvisors.common.SupvisorsInnerProcessInfo;
import org.supvisors.common.SupvisorsInstanceInfo;
import org.supvisors.common.SupvisorsLocalProcessInfo;
import org.supvisors.common.SupvisorsNetworkInfo;
import org.supvisors.common.SupvisorsProcessInfo;
import org.supvisors.common.SupvisorsProcessRules;
import org.supvisors.common.SupvisorsStateModes;
import org.supvisors.common.SupvisorsStatisticsStatus;
import org.supvisors.common.SupvisorsStatus;
import org.supvisors.common.SupvisorsStrategies;

/** The part of the {@code supvisors} namespace that tells, and changes nothing. */
abstract class SupvisorsStatusXmlRpc {

    final NamespaceCalls calls;

    SupvisorsStatusXmlRpc(NamespaceCalls calls) {
        this.calls = calls;
    }

    /**
     * Tells the release of Supvisors.
     *
     * @return the release
     * @throws XmlRpcException if the call fails
     */
    public String getAPIVersion() throws XmlRpcException {
        return calls.text("get_api_version");
    }

    /**
     * Tells the state of Supvisors, as seen by the instance that answers.
     *
     * @return the state
     * @throws XmlRpcException if the call fails
     */
    public SupvisorsStatus getSupvisorsState() throws XmlRpcException {
        return calls.object("get_supvisors_state", SupvisorsStatus::new);
    }

    /**
     * Tells the state and modes of all instances.
     *
     * @return the states and modes by identifier, sorted
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupvisorsStateModes> getAllInstancesStateModes() throws XmlRpcException {
        return calls.map("get_all_instances_state_modes", SupvisorsStateModes.class);
    }

    /**
     * Tells the state and modes of the instance that answers.
     *
     * @return the state and modes by identifier: one entry
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupvisorsStateModes> getInstanceStateModes() throws XmlRpcException {
        return calls.map("get_instance_state_modes", SupvisorsStateModes.class);
    }

    /**
     * Tells the state and modes of instances.
     *
     * @param identifier an identifier, nick name or stereotype; empty for the instance that answers
     * @return the states and modes by identifier
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated
     */
    public HashMap<String, SupvisorsStateModes> getInstanceStateModes(String identifier) throws XmlRpcException {
        return calls.map("get_instance_state_modes", SupvisorsStateModes.class, identifier);
    }

    /**
     * Names the Master.
     *
     * @return the names of the Master, all null when there is none
     * @throws XmlRpcException if the call fails
     */
    public SupvisorsIdentifier getMasterIdentifier() throws XmlRpcException {
        return calls.object("get_master_identifier", SupvisorsIdentifier::new);
    }

    /**
     * Names the Core instances.
     *
     * @return a new list of their names, in the order of the option {@code core_identifiers}; empty if there is none
     * @throws XmlRpcException if the call fails
     */
    public List<SupvisorsIdentifier> getCoreIdentifiers() throws XmlRpcException {
        List<SupvisorsIdentifier> identifiers = new ArrayList<>();
        for (Object item : calls.items("get_core_identifiers")) {
            if (item instanceof HashMap) {
                identifiers.add(new SupvisorsIdentifier((HashMap<?, ?>) item));
            }
        }
        return identifiers;
    }

    /**
     * Tells the strategies in force.
     *
     * @return the strategies
     * @throws XmlRpcException if the call fails
     */
    public SupvisorsStrategies getStrategies() throws XmlRpcException {
        return calls.object("get_strategies", SupvisorsStrategies::new);
    }

    /**
     * Tells what statistics the instance that answers collects.
     *
     * @return the status
     * @throws XmlRpcException if the call fails
     */
    public SupvisorsStatisticsStatus getStatisticsStatus() throws XmlRpcException {
        return calls.object("get_statistics_status", SupvisorsStatisticsStatus::new);
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
        Object answer = calls.value("get_network_info", Object.class, identifier);
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
        return calls.map("get_all_instances_info", SupvisorsInstanceInfo.class);
    }

    /**
     * Describes instances.
     *
     * @param identifier an identifier, nick name or stereotype
     * @return the instances by identifier
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated
     */
    public HashMap<String, SupvisorsInstanceInfo> getInstanceInfo(String identifier) throws XmlRpcException {
        return calls.map("get_instance_info", SupvisorsInstanceInfo.class, identifier);
    }

    /**
     * Describes all applications.
     *
     * @return the applications by name, sorted
     * @throws XmlRpcException if the call fails; fault 101 in states OFF and SYNCHRONIZATION
     */
    public HashMap<String, SupvisorsApplicationInfo> getAllApplicationInfo() throws XmlRpcException {
        return calls.map("get_all_applications_info", SupvisorsApplicationInfo.class);
    }

    /**
     * Describes one application.
     *
     * @param applicationName the name of an application
     * @return the application
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application, 101 in states OFF and SYNCHRONIZATION
     */
    public SupvisorsApplicationInfo getApplicationInfo(String applicationName) throws XmlRpcException {
        return calls.object("get_application_info", SupvisorsApplicationInfo::new, applicationName);
    }

    /**
     * Tells the rules of one application.
     *
     * @param applicationName the name of an application
     * @return the rules; little is in them when the application is not managed
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application, 101 in states OFF and SYNCHRONIZATION
     */
    public SupvisorsApplicationRules getApplicationRules(String applicationName) throws XmlRpcException {
        return calls.object("get_application_rules", SupvisorsApplicationRules::new, applicationName);
    }

    /**
     * Describes all processes, over all instances.
     *
     * @return the processes by namespec, sorted by application then process
     * @throws XmlRpcException if the call fails; fault 101 in states OFF and SYNCHRONIZATION
     */
    public HashMap<String, SupvisorsProcessInfo> getAllProcessInfo() throws XmlRpcException {
        return calls.map("get_all_process_info", SupvisorsProcessInfo.class);
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
        return calls.map("get_process_info", SupvisorsProcessInfo.class, namespec);
    }

    /**
     * Tells the rules of one process, or of those of a group.
     *
     * @param namespec a namespec; {@code group:*} for all the processes of the group
     * @return the rules by namespec
     * @throws XmlRpcException if the call fails; fault 10 for an unknown application or process,
     *         101 in states OFF and SYNCHRONIZATION
     */
    public HashMap<String, SupvisorsProcessRules> getProcessRules(String namespec) throws XmlRpcException {
        return calls.map("get_process_rules", SupvisorsProcessRules.class, namespec);
    }

    /**
     * Describes the processes of managed applications that run on several instances.
     *
     * @return the processes by namespec, sorted by application then process
     * @throws XmlRpcException if the call fails; fault 101 in states OFF and SYNCHRONIZATION
     */
    public HashMap<String, SupvisorsProcessInfo> getConflicts() throws XmlRpcException {
        return calls.map("get_conflicts", SupvisorsProcessInfo.class);
    }

    /**
     * Describes all processes of the local supervisord.
     *
     * @return the processes by namespec, sorted by group then name
     * @throws XmlRpcException if the call fails; fault 6 while supervisord stops
     */
    public HashMap<String, SupvisorsLocalProcessInfo> getAllLocalProcessInfo() throws XmlRpcException {
        return calls.map("get_all_local_process_info", SupvisorsLocalProcessInfo.class);
    }

    /**
     * Describes one process of the local supervisord.
     *
     * @param namespec a namespec; {@code group:*} is refused
     * @return the process
     * @throws XmlRpcException if the call fails; fault 6 while supervisord stops, 10 for an unknown process or a group
     */
    public SupvisorsLocalProcessInfo getLocalProcessInfo(String namespec) throws XmlRpcException {
        return calls.object("get_local_process_info", SupvisorsLocalProcessInfo::new, namespec);
    }

    /**
     * Describes all processes of the local supervisord, as Supvisors knows them.
     *
     * @return the processes by {@code identifier/namespec}, sorted by group then name
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupvisorsInnerProcessInfo> getAllInnerProcessInfo() throws XmlRpcException {
        return calls.map("get_all_inner_process_info", SupvisorsInnerProcessInfo.class);
    }

    /**
     * Describes all processes of instances, as the instance that answers knows them.
     *
     * @param identifier an identifier, nick name or stereotype; empty for the instance that answers
     * @return the processes by {@code identifier/namespec}, by instance, sorted by group then name
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated
     */
    public HashMap<String, SupvisorsInnerProcessInfo> getAllInnerProcessInfo(String identifier) throws XmlRpcException {
        return calls.map("get_all_inner_process_info", SupvisorsInnerProcessInfo.class, identifier);
    }

    /**
     * Describes all processes of the local supervisord, as Supvisors knows them.
     *
     * @return the processes by {@code identifier/namespec}
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupvisorsInnerProcessInfo> getInnerProcessInfo() throws XmlRpcException {
        return calls.map("get_inner_process_info", SupvisorsInnerProcessInfo.class);
    }

    /**
     * Describes all processes of instances, as the instance that answers knows them.
     *
     * @param identifier an identifier, nick name or stereotype; empty for the instance that answers
     * @return the processes by {@code identifier/namespec}
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated, 30 if one was never met
     */
    public HashMap<String, SupvisorsInnerProcessInfo> getInnerProcessInfo(String identifier) throws XmlRpcException {
        return calls.map("get_inner_process_info", SupvisorsInnerProcessInfo.class, identifier);
    }

    /**
     * Describes one process, or those of a group, on instances, as the instance that answers knows them.
     *
     * @param identifier an identifier, nick name or stereotype; empty for the instance that answers
     * @param namespec a namespec; {@code group:*} for all the processes of the group; empty for all processes
     * @return the processes by {@code identifier/namespec}
     * @throws XmlRpcException if the call fails; fault 10 if no instance is designated, or for an unknown application or
     *         process, 30 if the process is not known on one of the instances, or if that instance was never met
     */
    public HashMap<String, SupvisorsInnerProcessInfo> getInnerProcessInfo(String identifier, String namespec)
            throws XmlRpcException {
        return calls.map("get_inner_process_info", SupvisorsInnerProcessInfo.class, identifier, namespec);
    }
}
