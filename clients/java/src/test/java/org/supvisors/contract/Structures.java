package org.supvisors.contract;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.supvisors.common.SupvisorsApplicationInfo;
import org.supvisors.common.SupvisorsApplicationRules;
import org.supvisors.common.SupvisorsDistributionInfo;
import org.supvisors.common.SupvisorsIdentifier;
import org.supvisors.common.SupvisorsInnerProcessInfo;
import org.supvisors.common.SupvisorsInstanceInfo;
import org.supvisors.common.SupvisorsInstanceInfo.Orphan;
import org.supvisors.common.SupvisorsLocalProcessInfo;
import org.supvisors.common.SupvisorsNetworkInfo;
import org.supvisors.common.SupvisorsNetworkInfo.LocalNetwork;
import org.supvisors.common.SupvisorsNetworkInfo.NetworkAddress;
import org.supvisors.common.SupvisorsNetworkInfo.NicInformation;
import org.supvisors.common.SupvisorsProcessInfo;
import org.supvisors.common.SupvisorsProcessRules;
import org.supvisors.common.SupvisorsStateModes;
import org.supvisors.common.SupvisorsStatisticsStatus;
import org.supvisors.common.SupvisorsStatus;
import org.supvisors.common.SupvisorsStrategies;

/** The Java class of every structure of the contracts, and the getter of every field. */
final class Structures {

    static final Map<String, JavaClass<?>> BY_NAME = new LinkedHashMap<>();

    static {
        identifier("Identifier");
        identifier("MasterIdentifier");
        add("SupvisorsStatus", SupvisorsStatus.class, SupvisorsStatus::new)
                .field("identifier", SupvisorsStatus::getIdentifier)
                .field("nick_identifier", SupvisorsStatus::getNickIdentifier)
                .field("now_monotonic", SupvisorsStatus::getNowMonotonic)
                .field("fsm_statecode", SupvisorsStatus::getState)
                .field("fsm_statename", SupvisorsStatus::getState)
                .field("degraded_mode", SupvisorsStatus::inDegradedMode)
                .field("discovery_mode", SupvisorsStatus::inDiscoveryMode)
                .field("master_identifier", SupvisorsStatus::getMasterIdentifier)
                .field("starting_jobs", SupvisorsStatus::getStartingJobs)
                .field("stopping_jobs", SupvisorsStatus::getStoppingJobs)
                .field("instance_states", SupvisorsStatus::getInstanceStates);
        add("StateModes", SupvisorsStateModes.class, SupvisorsStateModes::new)
                .field("identifier", SupvisorsStateModes::getIdentifier)
                .field("nick_identifier", SupvisorsStateModes::getNickIdentifier)
                .field("now_monotonic", SupvisorsStateModes::getNowMonotonic)
                .field("fsm_statecode", SupvisorsStateModes::getState)
                .field("fsm_statename", SupvisorsStateModes::getState)
                .field("degraded_mode", SupvisorsStateModes::inDegradedMode)
                .field("discovery_mode", SupvisorsStateModes::inDiscoveryMode)
                .field("master_identifier", SupvisorsStateModes::getMasterIdentifier)
                .field("starting_jobs", SupvisorsStateModes::hasStartingJobs)
                .field("stopping_jobs", SupvisorsStateModes::hasStoppingJobs)
                .field("instance_states", SupvisorsStateModes::getInstanceStates);
        add("Strategies", SupvisorsStrategies.class, SupvisorsStrategies::new)
                .field("auto-fencing", SupvisorsStrategies::isAutoFencing)
                .field("starting", SupvisorsStrategies::getStartingStrategy)
                .field("conciliation", SupvisorsStrategies::getConciliationStrategy)
                .field("supvisors_failure", SupvisorsStrategies::getSupvisorsFailureStrategy);
        add("NicInformation", NicInformation.class, struct -> address(Map.of("nic_info", struct)).getNicInfo())
                .field("nic_name", NicInformation::getNicName)
                .field("ipv4_address", NicInformation::getIpv4Address)
                .field("netmask", NicInformation::getNetmask);
        add("NetworkAddress", NetworkAddress.class, Structures::address)
                .field("nic_info", NetworkAddress::getNicInfo)
                .field("host_name", NetworkAddress::getHostName)
                .field("aliases", NetworkAddress::getAliases)
                .field("ipv4_addresses", NetworkAddress::getIpv4Addresses);
        add("LocalNetwork", LocalNetwork.class, Structures::network)
                .field("machine_id", LocalNetwork::getMachineId)
                .field("fqdn", LocalNetwork::getFqdn)
                .field("addresses", LocalNetwork::getAddresses);
        add("NetworkInfo", SupvisorsNetworkInfo.class, SupvisorsNetworkInfo::new)
                .field("identifier", info -> info.getIdentifier().getIdentifier())
                .field("nick_identifier", info -> info.getIdentifier().getNickIdentifier())
                .field("host_id", SupvisorsNetworkInfo::getHostId)
                .field("http_port", SupvisorsNetworkInfo::getHttpPort)
                .field("stereotypes", SupvisorsNetworkInfo::getStereotypes)
                .field("network", SupvisorsNetworkInfo::getNetwork);
        add("InstanceInfo", SupvisorsInstanceInfo.class, SupvisorsInstanceInfo::new)
                .field("identifier", SupvisorsInstanceInfo::getIdentifier)
                .field("nick_identifier", SupvisorsInstanceInfo::getNickIdentifier)
                .field("node_name", SupvisorsInstanceInfo::getNodeName)
                .field("port", SupvisorsInstanceInfo::getPort)
                .field("statecode", SupvisorsInstanceInfo::getState)
                .field("statename", SupvisorsInstanceInfo::getState)
                .field("loading", SupvisorsInstanceInfo::getLoading)
                .field("process_failure", SupvisorsInstanceInfo::hasProcessFailure)
                .field("remote_sequence_counter", SupvisorsInstanceInfo::getRemoteSequenceCounter)
                .field("remote_mtime", SupvisorsInstanceInfo::getRemoteMonotonicTime)
                .field("remote_time", SupvisorsInstanceInfo::getRemotePosixTime)
                .field("local_sequence_counter", SupvisorsInstanceInfo::getLocalSequenceCounter)
                .field("local_mtime", SupvisorsInstanceInfo::getLocalMonotonicTime)
                .field("local_time", SupvisorsInstanceInfo::getLocalPosixTime)
                .field("stalled", SupvisorsInstanceInfo::getStalled)
                .field("reason", SupvisorsInstanceInfo::getReason)
                .field("orphans", SupvisorsInstanceInfo::getOrphans);
        add("Orphan", Orphan.class, Structures::orphan)
                .field("namespec", Orphan::getNamespec)
                .field("pid", Orphan::getPID)
                .field("start", Orphan::getStart);
        add("ApplicationInfo", SupvisorsApplicationInfo.class, SupvisorsApplicationInfo::new)
                .field("application_name", SupvisorsApplicationInfo::getApplicationName)
                .field("managed", SupvisorsApplicationInfo::isManaged)
                .field("now_monotonic", SupvisorsApplicationInfo::getNowMonotonic)
                .field("statecode", SupvisorsApplicationInfo::getState)
                .field("statename", SupvisorsApplicationInfo::getState)
                .field("major_failure", SupvisorsApplicationInfo::hasMajorFailure)
                .field("minor_failure", SupvisorsApplicationInfo::hasMinorFailure);
        add("ProcessInfo", SupvisorsProcessInfo.class, SupvisorsProcessInfo::new)
                .field("application_name", SupvisorsProcessInfo::getApplicationName)
                .field("process_name", SupvisorsProcessInfo::getProcessName)
                .field("now_monotonic", SupvisorsProcessInfo::getNowMonotonic)
                .field("last_event_mtime", SupvisorsProcessInfo::getLastEventMonotonicTime)
                .field("statecode", SupvisorsProcessInfo::getState)
                .field("statename", SupvisorsProcessInfo::getState)
                .field("expected_exit", SupvisorsProcessInfo::getExpectedExitStatus)
                .field("identifiers", SupvisorsProcessInfo::getIdentifiers)
                .field("extra_args", SupvisorsProcessInfo::getExtraArgs)
                .field("reason", SupvisorsProcessInfo::getReason);
        localProcess(add("LocalProcessInfo", SupvisorsLocalProcessInfo.class, SupvisorsLocalProcessInfo::new));
        localProcess(add("InnerProcessInfo", SupvisorsInnerProcessInfo.class, SupvisorsInnerProcessInfo::new))
                .field("identifier", SupvisorsInnerProcessInfo::getIdentifier)
                .field("nick_identifier", SupvisorsInnerProcessInfo::getNickIdentifier)
                .field("event_time", SupvisorsInnerProcessInfo::getEventMonotonicTime)
                .field("local_mtime", SupvisorsInnerProcessInfo::getLocalMonotonicTime)
                .field("uptime", SupvisorsInnerProcessInfo::getUptime)
                .field("has_crashed", SupvisorsInnerProcessInfo::hasCrashed);
        add("StatisticsStatus", SupvisorsStatisticsStatus.class, SupvisorsStatisticsStatus::new)
                .field("host_stats", SupvisorsStatisticsStatus::areHostStatisticsCollected)
                .field("process_stats", SupvisorsStatisticsStatus::areProcessStatisticsCollected)
                .field("collecting_period", SupvisorsStatisticsStatus::getStatisticsCollectingPeriod);
        rules();
        SupervisordStructures.addAll();
    }

    private static void rules() {
        add("ApplicationRules", SupvisorsApplicationRules.class, SupvisorsApplicationRules::new)
                .field("application_name", SupvisorsApplicationRules::getApplicationName)
                .field("managed", SupvisorsApplicationRules::isManaged)
                .field("distribution", SupvisorsApplicationRules::getDistribution)
                .field("identifiers", SupvisorsApplicationRules::getIdentifiers)
                .field("start_sequence", SupvisorsApplicationRules::getStartSequence)
                .field("stop_sequence", SupvisorsApplicationRules::getStopSequence)
                .field("starting_strategy", SupvisorsApplicationRules::getStartingStrategy)
                .field("starting_failure_strategy", SupvisorsApplicationRules::getStartingFailureStrategy)
                .field("running_failure_strategy", SupvisorsApplicationRules::getRunningFailureStrategy)
                .field("status_formula", SupvisorsApplicationRules::getStatusFormula);
        add("ProcessRules", SupvisorsProcessRules.class, SupvisorsProcessRules::new)
                .field("application_name", SupvisorsProcessRules::getApplicationName)
                .field("process_name", SupvisorsProcessRules::getProcessName)
                .field("identifiers", SupvisorsProcessRules::getIdentifiers)
                .field("start_sequence", SupvisorsProcessRules::getStartSequence)
                .field("stop_sequence", SupvisorsProcessRules::getStopSequence)
                .field("required", SupvisorsProcessRules::isRequired)
                .field("wait_exit", SupvisorsProcessRules::hasToWaitExit)
                .field("loading", SupvisorsProcessRules::getLoading)
                .field("expected_loading", SupvisorsProcessRules::getExpectedLoading)
                .field("starting_failure_strategy", SupvisorsProcessRules::getStartingFailureStrategy)
                .field("running_failure_strategy", SupvisorsProcessRules::getRunningFailureStrategy);
        add("StartPrediction", SupvisorsDistributionInfo.class, SupvisorsDistributionInfo::new)
                .field("application_name", SupvisorsDistributionInfo::getApplicationName)
                .field("process_name", SupvisorsDistributionInfo::getProcessName)
                .field("state", SupvisorsDistributionInfo::getState)
                .field("forced_reason", SupvisorsDistributionInfo::getForcedReason)
                .field("running_identifiers", SupvisorsDistributionInfo::getRunningIdentifiers);
    }

    private static <T extends SupvisorsLocalProcessInfo> JavaClass<T> localProcess(JavaClass<T> javaClass) {
        return javaClass
                .field("group", SupvisorsLocalProcessInfo::getGroup)
                .field("name", SupvisorsLocalProcessInfo::getProcessName)
                .field("state", SupvisorsLocalProcessInfo::getState)
                .field("statename", SupvisorsLocalProcessInfo::getState)
                .field("start", SupvisorsLocalProcessInfo::getStart)
                .field("start_monotonic", SupvisorsLocalProcessInfo::getStartMonotonic)
                .field("stop", SupvisorsLocalProcessInfo::getStop)
                .field("stop_monotonic", SupvisorsLocalProcessInfo::getStopMonotonic)
                .field("now", SupvisorsLocalProcessInfo::getPosixNow)
                .field("now_monotonic", SupvisorsLocalProcessInfo::getNowMonotonic)
                .field("pid", SupvisorsLocalProcessInfo::getPID)
                .field("description", SupvisorsLocalProcessInfo::getDescription)
                .field("spawnerr", SupvisorsLocalProcessInfo::getSpawnError)
                .field("expected", SupvisorsLocalProcessInfo::isExpected)
                .field("startsecs", SupvisorsLocalProcessInfo::getStartSeconds)
                .field("stopwaitsecs", SupvisorsLocalProcessInfo::getStopWaitSeconds)
                .field("extra_args", SupvisorsLocalProcessInfo::getExtraArgs)
                .field("disabled", SupvisorsLocalProcessInfo::isDisabled)
                .field("program_name", SupvisorsLocalProcessInfo::getProgramName)
                .field("process_index", SupvisorsLocalProcessInfo::getProcessIndex)
                .field("has_stdout", SupvisorsLocalProcessInfo::hasStdout)
                .field("has_stderr", SupvisorsLocalProcessInfo::hasStderr);
    }

    private Structures() {
    }

    /** A Java class, how it is made from a struct, and its getters by field. */
    static final class JavaClass<T> {
        final Class<T> type;
        final Map<String, Function<T, ?>> getters = new LinkedHashMap<>();
        private final Function<HashMap<?, ?>, T> constructor;

        JavaClass(Class<T> type, Function<HashMap<?, ?>, T> constructor) {
            this.type = type;
            this.constructor = constructor;
        }

        JavaClass<T> field(String name, Function<T, ?> getter) {
            getters.put(name, getter);
            return this;
        }

        T make(Map<?, ?> struct) {
            return constructor.apply(new HashMap<>(struct));
        }

        Object get(Object object, String field) {
            return getters.get(field).apply(type.cast(object));
        }
    }

    static <T> JavaClass<T> add(String name, Class<T> type, Function<HashMap<?, ?>, T> constructor) {
        JavaClass<T> javaClass = new JavaClass<>(type, constructor);
        BY_NAME.put(name, javaClass);
        return javaClass;
    }

    private static void identifier(String name) {
        add(name, SupvisorsIdentifier.class, SupvisorsIdentifier::new)
                .field("identifier", SupvisorsIdentifier::getIdentifier)
                .field("nick_identifier", SupvisorsIdentifier::getNickIdentifier);
    }

    private static Orphan orphan(Map<?, ?> struct) {
        return new SupvisorsInstanceInfo(new HashMap<>(Map.of("orphans", List.of(struct)))).getOrphans().get(0);
    }

    private static LocalNetwork network(Map<?, ?> struct) {
        return new SupvisorsNetworkInfo(new HashMap<>(Map.of("network", struct))).getNetwork();
    }

    private static NetworkAddress address(Map<?, ?> struct) {
        return network(Map.of("addresses", Map.of("eth0", struct))).getAddresses().get("eth0");
    }
}
