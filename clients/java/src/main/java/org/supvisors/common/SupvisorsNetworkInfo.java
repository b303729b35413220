package org.supvisors.common;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * How one Supvisors instance is reached.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupvisorsNetworkInfo extends Structure implements SupvisorsAnyInfo {

    private final SupvisorsIdentifier identifier;
    private final String hostId;
    private final Integer httpPort;
    private final List<String> stereotypes;
    private final LocalNetwork network;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsNetworkInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsNetworkInfo(StructReader reader) {
        super(reader);
        identifier = new SupvisorsIdentifier(reader.text("identifier"), reader.text("nick_identifier"));
        hostId = reader.text("host_id");
        httpPort = reader.integer("http_port");
        stereotypes = reader.texts("stereotypes");
        network = reader.struct("network", LocalNetwork::new);
    }

    /** {@return the identifier of the instance, {@code host_id:http_port}} */
    @Override
    public String getName() {
        return identifier.getIdentifier();
    }

    /** {@return the names of the instance} */
    public SupvisorsIdentifier getIdentifier() {
        return identifier;
    }

    /** {@return the host of the instance, as written in the configuration} */
    public String getHostId() {
        return hostId;
    }

    /** {@return the HTTP port of its supervisord, in [1;65535]} */
    public Integer getHttpPort() {
        return httpPort;
    }

    /** {@return the stereotypes of the instance, unmodifiable} */
    public List<String> getStereotypes() {
        return stereotypes;
    }

    /** {@return the network details, null until the instance has been met once} */
    public LocalNetwork getNetwork() {
        return network;
    }

    /** Network details of the host of one instance. */
    public static class LocalNetwork extends Structure {

        private final String machineId;
        private final String fqdn;
        private final LinkedHashMap<String, NetworkAddress> addresses;

        LocalNetwork(HashMap<?, ?> struct) {
            this(new StructReader(struct));
        }

        private LocalNetwork(StructReader reader) {
            super(reader);
            machineId = reader.text("machine_id");
            fqdn = reader.text("fqdn");
            addresses = reader.structs("addresses", NetworkAddress::new);
        }

        /** {@return an opaque text, stable per machine; instances with the same one are on the same node} */
        public String getMachineId() {
            return machineId;
        }

        /** {@return the fully qualified domain name of the host} */
        public String getFqdn() {
            return fqdn;
        }

        /** {@return a new map of the addresses by interface name, loopback left out} */
        public HashMap<String, NetworkAddress> getAddresses() {
            return new LinkedHashMap<>(addresses);
        }
    }

    /** One address of an instance, with what the resolver of that host says of it. */
    public static class NetworkAddress extends Structure {

        private final String hostName;
        private final List<String> aliases;
        private final List<String> ipv4Addresses;
        private final NicInformation nicInfo;

        NetworkAddress(HashMap<?, ?> struct) {
            this(new StructReader(struct));
        }

        private NetworkAddress(StructReader reader) {
            super(reader);
            hostName = reader.text("host_name");
            aliases = reader.texts("aliases");
            ipv4Addresses = reader.texts("ipv4_addresses");
            nicInfo = reader.struct("nic_info", NicInformation::new);
        }

        /** {@return the host name of the address; the address itself when it has none} */
        public String getHostName() {
            return hostName;
        }

        /** {@return the other names of the address, unmodifiable} */
        public List<String> getAliases() {
            return aliases;
        }

        /** {@return the IPv4 addresses of the host name, unmodifiable} */
        public List<String> getIpv4Addresses() {
            return ipv4Addresses;
        }

        /** {@return the interface} */
        public NicInformation getNicInfo() {
            return nicInfo;
        }
    }

    /** One network interface. */
    public static class NicInformation extends Structure {

        private final String nicName;
        private final String ipv4Address;
        private final String netmask;

        NicInformation(HashMap<?, ?> struct) {
            this(new StructReader(struct));
        }

        private NicInformation(StructReader reader) {
            super(reader);
            nicName = reader.text("nic_name");
            ipv4Address = reader.text("ipv4_address");
            netmask = reader.text("netmask");
        }

        /** {@return the name of the interface} */
        public String getNicName() {
            return nicName;
        }

        /** {@return the IPv4 address of the interface} */
        public String getIpv4Address() {
            return ipv4Address;
        }

        /** {@return the IPv4 netmask of the interface} */
        public String getNetmask() {
            return netmask;
        }
    }
}
