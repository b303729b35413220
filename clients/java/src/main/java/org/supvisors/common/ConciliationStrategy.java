package org.supvisors.common;

/**
 * Strategies applied when a process runs on several instances.
 * The order counts: the ordinal is the value sent to and received from the server.
 */
public enum ConciliationStrategy {
    SENICIDE,
    INFANTICIDE,
    USER,
    STOP,
    RESTART,
    RUNNING_FAILURE
}
