package org.supvisors.common;

import java.util.List;

/** What a reload of the configuration has found. */
public class SupervisorConfigUpdates extends Structure {

    private final List<String> added;
    private final List<String> changed;
    private final List<String> removed;

    /**
     * Reads the answer as it is received from XML-RPC.
     *
     * @param updates one array of three arrays of group names: added, changed, removed
     */
    public SupervisorConfigUpdates(Object[] updates) {
        this(StructReader.ofItems(updates == null || updates.length == 0 ? null : updates[0], "added", "changed", "removed"));
    }

    private SupervisorConfigUpdates(StructReader reader) {
        super(reader);
        added = reader.texts("added");
        changed = reader.texts("changed");
        removed = reader.texts("removed");
    }

    /** {@return the names of the groups that are in the new configuration only, unmodifiable} */
    public List<String> getAdded() {
        return added;
    }

    /** {@return the names of the groups whose configuration has changed, unmodifiable} */
    public List<String> getChanged() {
        return changed;
    }

    /** {@return the names of the groups that are no more in the configuration, unmodifiable} */
    public List<String> getRemoved() {
        return removed;
    }
}
