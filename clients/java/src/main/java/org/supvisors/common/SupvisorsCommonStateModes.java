package org.supvisors.common;

import java.util.HashMap;
import java.util.LinkedHashMap;

/**
 * State and modes, common to the whole of Supvisors and to one instance.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupvisorsCommonStateModes extends Structure implements SupvisorsAnyInfo {

    private final String identifier;
    private final String nickIdentifier;
    private final Double nowMonotonic;
    private final SupvisorsState state;
    private final Boolean degradedMode;
    private final Boolean discoveryMode;
    private final String masterIdentifier;
    private final LinkedHashMap<String, SupvisorsInstanceState> instanceStates;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsCommonStateModes(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    SupvisorsCommonStateModes(StructReader reader) {
        super(reader);
        identifier = reader.text("identifier");
        nickIdentifier = reader.text("nick_identifier");
        nowMonotonic = reader.real("now_monotonic");
        state = reader.state("fsm_statename", "fsm_statecode", SupvisorsState.class, SupvisorsState::ordinal);
        degradedMode = reader.flag("degraded_mode");
        discoveryMode = reader.flag("discovery_mode");
        masterIdentifier = reader.text("master_identifier");
        instanceStates = reader.names("instance_states", SupvisorsInstanceState.class);
    }

    /** {@return the identifier of the instance} */
    @Override
    public String getName() {
        return identifier;
    }

    /** {@return the identifier of the instance, {@code host_id:http_port}} */
    public String getIdentifier() {
        return identifier;
    }

    /** {@return the nick name of the instance, or a copy of its identifier if it has none} */
    public String getNickIdentifier() {
        return nickIdentifier;
    }

    /** {@return the names of the instance} */
    public SupvisorsIdentifier getSupvisorsIdentifier() {
        return new SupvisorsIdentifier(identifier, nickIdentifier);
    }

    /** {@return the monotonic clock of the answering host when it answered, in seconds} */
    public Double getNowMonotonic() {
        return nowMonotonic;
    }

    /** {@return the state of Supvisors, null if unknown to this client} */
    public SupvisorsState getState() {
        return state;
    }

    /** {@return true if Supvisors works with expected instances missing} */
    public Boolean inDegradedMode() {
        return degradedMode;
    }

    /** {@return true if discovery by multicast is on} */
    public Boolean inDiscoveryMode() {
        return discoveryMode;
    }

    /** {@return the identifier of the Master that this instance follows; empty if none} */
    public String getMasterIdentifier() {
        return masterIdentifier;
    }

    /** {@return a new map of the state of every known instance by identifier; a state unknown to this client is null} */
    public HashMap<String, SupvisorsInstanceState> getInstanceStates() {
        return new LinkedHashMap<>(instanceStates);
    }
}
