package org.supvisors.common;

/**
 * Strategies applied when a process crashes in a starting application.
 * The order counts: the ordinal is the value used by the server.
 */
public enum StartingFailureStrategy {
    ABORT,
    STOP,
    CONTINUE
}
