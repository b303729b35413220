package org.supvisors.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.supvisors.common.ConciliationStrategy;
import org.supvisors.common.DistributionRule;
import org.supvisors.common.LoggerLevels;
import org.supvisors.common.ProcessState;
import org.supvisors.common.RunningFailureStrategy;
import org.supvisors.common.StartingFailureStrategy;
import org.supvisors.common.StartingStrategy;
import org.supvisors.common.SupervisorState;
import org.supvisors.common.SupvisorsApplicationInfo;
import org.supvisors.common.SupvisorsFailureStrategies;
import org.supvisors.common.SupvisorsInstanceState;
import org.supvisors.common.SupvisorsState;

/** The Java type of every enumeration of the contract, and how its value is told. */
final class Enumerations {

    static final Map<String, JavaEnum<?>> BY_NAME = new LinkedHashMap<>();

    static {
        ordinal("SupvisorsStates", SupvisorsState.class);
        ordinal("SupvisorsInstanceStates", SupvisorsInstanceState.class);
        coded("ApplicationStates", SupvisorsApplicationInfo.State.class, SupvisorsApplicationInfo.State::getValue);
        coded("ProcessStates", ProcessState.class, ProcessState::getStateCode);
        coded("ProcessStatesEventOnly", ProcessState.class, ProcessState::getStateCode);
        ordinal("StartingStrategies", StartingStrategy.class);
        ordinal("ConciliationStrategies", ConciliationStrategy.class);
        ordinal("StartingFailureStrategies", StartingFailureStrategy.class);
        ordinal("RunningFailureStrategies", RunningFailureStrategy.class);
        ordinal("SupvisorsFailureStrategies", SupvisorsFailureStrategies.class);
        ordinal("DistributionRules", DistributionRule.class);
        coded("SupervisorStates", SupervisorState.State.class, SupervisorState.State::getCode);
        coded("LoggerLevels", LoggerLevels.class, LoggerLevels::getLevelCode);
    }

    private Enumerations() {
    }

    /** A Java enumeration, and how the value of a constant is told. */
    static final class JavaEnum<E extends Enum<E>> {
        final Class<E> type;
        private final ToIntFunction<E> valueOf;

        JavaEnum(Class<E> type, ToIntFunction<E> valueOf) {
            this.type = type;
            this.valueOf = valueOf;
        }

        Map<String, Integer> members() {
            Map<String, Integer> members = new LinkedHashMap<>();
            for (E constant : type.getEnumConstants()) {
                members.put(constant.name(), valueOf.applyAsInt(constant));
            }
            return members;
        }

        int value(Object constant) {
            return valueOf.applyAsInt(type.cast(constant));
        }
    }

    private static <E extends Enum<E>> void coded(String name, Class<E> type, ToIntFunction<E> valueOf) {
        BY_NAME.put(name, new JavaEnum<>(type, valueOf));
    }

    private static <E extends Enum<E>> void ordinal(String name, Class<E> type) {
        coded(name, type, Enum::ordinal);
    }
}
