package org.supvisors.common;

import java.util.HashMap;

/**
 * The outcome of a request for one process of a group.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupervisorExecutionStatus extends Structure implements SupvisorsAnyInfo {

    private final String groupName;
    private final String processName;
    private final String description;
    private final SupervisorFaults status;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupervisorExecutionStatus(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupervisorExecutionStatus(StructReader reader) {
        super(reader);
        groupName = reader.text("group");
        processName = reader.text("name");
        description = reader.text("description");
        status = reader.coded("status", SupervisorFaults.class, SupervisorFaults::getFaultCode);
    }

    /** {@return the namespec of the process} */
    @Override
    public String getName() {
        return DataConversion.stringsToNamespec(groupName, processName);
    }

    /** {@return the name of its group} */
    public String getGroupName() {
        return groupName;
    }

    /** {@return the name of the process} */
    public String getProcessName() {
        return processName;
    }

    /** {@return the text of supervisord on the outcome, {@code OK} on success} */
    public String getDescription() {
        return description;
    }

    /** {@return the outcome, {@link SupervisorFaults#SUCCESS} if it went well, null if unknown to this client} */
    public SupervisorFaults getStatus() {
        return status;
    }
}
