package org.supvisors.common;

/**
 * Strategies that choose the instance where a process is started.
 * The order counts: the ordinal is the value sent to and received from the server.
 */
public enum StartingStrategy {
    CONFIG,
    LESS_LOADED,
    MOST_LOADED,
    LOCAL,
    LESS_LOADED_NODE,
    MOST_LOADED_NODE
}
