package org.supvisors.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.supvisors.common.SupervisorConfigUpdates;
import org.supvisors.common.SupervisorLogResult;
import org.supvisors.common.SupvisorsNetworkInfo;
import org.supvisors.rpc.SupervisorXmlRpc;
import org.supvisors.rpc.SupervisorXmlRpcClient;
import org.supvisors.rpc.SupvisorsXmlRpc;
import org.supvisors.rpc.SystemXmlRpc;

/** The Java class of every namespace of the contracts, and where its methods do not follow from them. */
final class Namespaces {

    static final List<Namespace> ALL = List.of(
            new Namespace("supvisors", Contract.API.get("methods"), SupvisorsXmlRpc.class, SupvisorsXmlRpc::new,
                    Map.of("get_api_version", "getAPIVersion",
                            "get_all_applications_info", "getAllApplicationInfo",
                            "end_sync", "endSynchronization"),
                    Set.of("getNetworkInfos")),
            new Namespace("supervisor", Contract.SUPERVISORD.get("namespaces").get("supervisor"), SupervisorXmlRpc.class,
                    SupervisorXmlRpc::new, Map.of(), Set.of()),
            new Namespace("system", Contract.SUPERVISORD.get("namespaces").get("system"), SystemXmlRpc.class,
                    SystemXmlRpc::new, Map.of(), Set.of("createCall")));

    private static final Map<String, Class<?>> TYPES = Map.of("string", String.class, "boolean", Boolean.class,
            "int", Integer.class, "boolean|array", Boolean.class, "array", Object[].class);

    /** The arrays that are no map by name, and what is made of them. */
    private static final Map<String, Class<?>> ARRAYS = Map.of(
            "get_network_info", SupvisorsNetworkInfo.class,
            "get_core_identifiers", List.class,
            "reloadConfig", SupervisorConfigUpdates.class,
            "tailProcessStdoutLog", SupervisorLogResult.class,
            "tailProcessStderrLog", SupervisorLogResult.class,
            "tailProcessLog", SupervisorLogResult.class,
            "listMethods", List.class,
            "methodSignature", List.class,
            "multicall", Object[].class);

    private Namespaces() {
    }

    /** One method of a contract, with a number of arguments that it accepts. */
    record Signature(Namespace namespace, String name, int count) {

        JsonNode description() {
            return namespace.methods.get(name);
        }

        List<JsonNode> params() {
            return namespace.params(name).subList(0, count);
        }

        Method javaMethod() throws NoSuchMethodException {
            Class<?>[] types = params().stream().map(Namespaces::javaType).toArray(Class<?>[]::new);
            return namespace.type.getMethod(namespace.javaName(name), types);
        }

        Class<?> returnType() {
            JsonNode returns = description().get("returns");
            switch (returns.get("type").asText()) {
                case "array":
                    return ARRAYS.getOrDefault(name, HashMap.class);
                case "struct":
                    return Structures.BY_NAME.get(returns.get("structure").asText()).type;
                default:
                    return TYPES.get(returns.get("type").asText());
            }
        }

        @Override
        public String toString() {
            return namespace + "." + name + " with " + count;
        }
    }

    /** A namespace and its Java class. */
    static final class Namespace {
        final String name;
        final Class<?> type;
        final Set<String> additions;
        private final JsonNode methods;
        private final Function<SupervisorXmlRpcClient, Object> constructor;
        private final Map<String, String> javaNames;

        private Namespace(String name, JsonNode methods, Class<?> type, Function<SupervisorXmlRpcClient, Object> constructor,
                          Map<String, String> javaNames, Set<String> additions) {
            this.name = name;
            this.methods = methods;
            this.type = type;
            this.constructor = constructor;
            this.javaNames = javaNames;
            this.additions = additions;
        }

        Object proxy(SupervisorXmlRpcClient client) {
            return constructor.apply(client);
        }

        List<String> methodNames() {
            List<String> names = new ArrayList<>();
            methods.fieldNames().forEachRemaining(names::add);
            return names;
        }

        String javaName(String method) {
            String[] words = method.split("_");
            return javaNames.getOrDefault(method, words[0] + Arrays.stream(words).skip(1)
                    .map(word -> word.substring(0, 1).toUpperCase() + word.substring(1)).collect(Collectors.joining()));
        }

        Stream<Signature> signatures() {
            return methodNames().stream().flatMap(method -> {
                List<JsonNode> params = params(method);
                long mandatory = params.stream().filter(param -> !param.has("default")).count();
                return Stream.iterate(params.size(), count -> count >= mandatory, count -> count - 1)
                        .map(count -> new Signature(this, method, count));
            });
        }

        private List<JsonNode> params(String method) {
            List<JsonNode> params = new ArrayList<>();
            methods.get(method).get("params").forEach(params::add);
            return params;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Class<?> javaType(JsonNode param) {
        return param.has("enum") ? Enumerations.BY_NAME.get(param.get("enum").asText()).type
                : TYPES.get(param.get("type").asText());
    }
}
