package org.supvisors.common;

import java.util.HashMap;

/**
 * One process, as configured.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupervisorConfigInfo extends Structure implements SupvisorsAnyInfo {

    private final String groupName;
    private final String processName;
    private final Boolean inUse;
    private final Boolean autoStart;
    private final Integer processPriority;
    private final Integer groupPriority;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupervisorConfigInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupervisorConfigInfo(StructReader reader) {
        super(reader);
        groupName = reader.text("group");
        processName = reader.text("name");
        inUse = reader.flag("inuse");
        autoStart = reader.flag("autostart");
        processPriority = reader.integer("process_prio");
        groupPriority = reader.integer("group_prio");
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

    /** {@return true if its group is active} */
    public Boolean isInUse() {
        return inUse;
    }

    /** {@return true if supervisord starts it when it starts} */
    public Boolean isAutoStart() {
        return autoStart;
    }

    /** {@return the priority of the process in its group} */
    public Integer getProcessPriority() {
        return processPriority;
    }

    /** {@return the priority of its group} */
    public Integer getGroupPriority() {
        return groupPriority;
    }
}
