package org.supvisors.rpc;

import java.util.Map;

/**
 * The calls whose answer the server holds until the work is done, for as long as that takes.
 * Most do so only when their parameter {@code wait}, true by default, is true.
 */
final class HeldCalls {

    private static final int ALWAYS = Integer.MAX_VALUE;

    private static final Map<String, Integer> WAIT_PARAMETER = Map.ofEntries(
            Map.entry("supervisor.startProcess", 1),
            Map.entry("supervisor.stopProcess", 1),
            Map.entry("supervisor.startProcessGroup", 1),
            Map.entry("supervisor.stopProcessGroup", 1),
            Map.entry("supervisor.startAllProcesses", 0),
            Map.entry("supervisor.stopAllProcesses", 0),
            Map.entry("supervisor.clearAllProcessLogs", ALWAYS),
            Map.entry("supvisors.start_application", 2),
            Map.entry("supvisors.stop_application", 1),
            Map.entry("supvisors.start_process", 3),
            Map.entry("supvisors.stop_process", 1),
            Map.entry("supvisors.restart_application", 2),
            Map.entry("supvisors.restart_process", 3),
            Map.entry("supvisors.start_any_process", 3),
            Map.entry("supvisors.start_args", 2),
            Map.entry("supvisors.update_numprocs", 2),
            Map.entry("supvisors.enable", 1),
            Map.entry("supvisors.disable", 1),
            Map.entry("supvisors.restart_sequence", 0));

    private HeldCalls() {
    }

    static boolean isHeld(String method, Object... args) {
        if ("system.multicall".equals(method)) {
            return args.length > 0 && args[0] instanceof Object[] && anyIsHeld((Object[]) args[0]);
        }
        Integer rank = WAIT_PARAMETER.get(method);
        return rank != null && (args.length <= rank || Boolean.TRUE.equals(args[rank]));
    }

    private static boolean anyIsHeld(Object[] calls) {
        for (Object item : calls) {
            if (item instanceof Map) {
                Map<?, ?> call = (Map<?, ?>) item;
                Object params = call.get("params");
                Object[] args = params instanceof Object[] ? (Object[]) params : new Object[0];
                if (isHeld(String.valueOf(call.get("methodName")), args)) {
                    return true;
                }
            }
        }
        return false;
    }
}
