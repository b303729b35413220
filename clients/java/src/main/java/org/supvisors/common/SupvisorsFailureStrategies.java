package org.supvisors.common;

/**
 * Strategies applied when the initial conditions of Supvisors are lost.
 * The order counts: the ordinal is the value used by the server.
 */
public enum SupvisorsFailureStrategies {
    CONTINUE,
    RESYNC,
    SHUTDOWN
}
