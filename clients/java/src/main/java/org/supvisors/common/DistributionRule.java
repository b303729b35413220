package org.supvisors.common;

/**
 * Rules that tell how the processes of an application are spread over the instances.
 * The order counts: the ordinal is the value used by the server.
 */
public enum DistributionRule {
    ALL_INSTANCES,
    SINGLE_INSTANCE,
    SINGLE_NODE
}
