package org.supvisors.common;

/** Information about something that has a name. */
public interface SupvisorsAnyInfo {

    /** {@return the name, used as key in the maps that the clients return} */
    String getName();
}
