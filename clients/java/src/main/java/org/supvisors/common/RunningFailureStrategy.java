package org.supvisors.common;

/**
 * Strategies applied when a process crashes in a running application.
 * The order counts: the ordinal is the value used by the server.
 */
public enum RunningFailureStrategy {
    CONTINUE,
    RESTART_PROCESS,
    STOP_APPLICATION,
    RESTART_APPLICATION,
    SHUTDOWN,
    RESTART
}
