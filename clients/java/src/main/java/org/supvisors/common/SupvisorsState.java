package org.supvisors.common;

/**
 * States of Supvisors.
 * The order counts: the ordinal is the value used by the server.
 */
public enum SupvisorsState {
    OFF,
    SYNCHRONIZATION,
    ELECTION,
    DISTRIBUTION,
    OPERATION,
    CONCILIATION,
    RESTARTING,
    SHUTTING_DOWN,
    FINAL
}
