package org.supvisors.common;

import java.util.HashMap;

/**
 * One process of one Supvisors instance, as the instance that answers knows it.
 * An absent field gives null.
 */
public class SupvisorsInnerProcessInfo extends SupvisorsLocalProcessInfo {

    private final String identifier;
    private final String nickIdentifier;
    private final Double eventTime;
    private final Double localMonotonicTime;
    private final Double uptime;
    private final Boolean crashed;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsInnerProcessInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsInnerProcessInfo(StructReader reader) {
        super(reader);
        identifier = reader.text("identifier");
        nickIdentifier = reader.text("nick_identifier");
        eventTime = reader.real("event_time");
        localMonotonicTime = reader.real("local_mtime");
        uptime = reader.real("uptime");
        crashed = reader.flag("has_crashed");
    }

    /** {@return {@code identifier/namespec}: the same process may be on several instances} */
    @Override
    public String getName() {
        return identifier + "/" + getNamespec();
    }

    /** {@return the namespec of the process} */
    public String getNamespec() {
        return super.getName();
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

    /** {@return the monotonic clock of the instance at the last event of the process, in seconds; 0 if none was seen} */
    public Double getEventMonotonicTime() {
        return eventTime;
    }

    /** {@return the monotonic clock of the instance that answers when it knew of that event, in seconds; 0 if none was seen} */
    public Double getLocalMonotonicTime() {
        return localMonotonicTime;
    }

    /** {@return the time since the last start of a running process, in seconds; 0 if it does not run} */
    public Double getUptime() {
        return uptime;
    }

    /** {@return true if the process was seen to crash since that instance started} */
    public Boolean hasCrashed() {
        return crashed;
    }
}
