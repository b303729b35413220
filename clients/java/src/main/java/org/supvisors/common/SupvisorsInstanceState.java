package org.supvisors.common;

/**
 * States of a Supvisors instance.
 * The order counts: the ordinal is the value used by the server.
 */
public enum SupvisorsInstanceState {
    STOPPED,
    CHECKING,
    CHECKED,
    RUNNING,
    FAILED,
    ISOLATED
}
