package org.supvisors.common;

import java.util.HashMap;
import java.util.List;

/**
 * The rules of one process.
 * An absent field gives null, an absent list an empty one.
 */
public class SupvisorsProcessRules extends Structure implements SupvisorsAnyInfo {

    private final String applicationName;
    private final String processName;
    private final List<String> identifiers;
    private final Integer startSequence;
    private final Integer stopSequence;
    private final Boolean required;
    private final Boolean waitExit;
    private final Integer loading;
    private final Integer expectedLoading;
    private final StartingFailureStrategy startingFailureStrategy;
    private final RunningFailureStrategy runningFailureStrategy;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsProcessRules(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsProcessRules(StructReader reader) {
        super(reader);
        applicationName = reader.text("application_name");
        processName = reader.text("process_name");
        identifiers = reader.texts("identifiers");
        startSequence = reader.integer("start_sequence");
        stopSequence = reader.integer("stop_sequence");
        required = reader.flag("required");
        waitExit = reader.flag("wait_exit");
        loading = reader.integer("loading");
        expectedLoading = reader.integer("expected_loading");
        startingFailureStrategy = reader.named("starting_failure_strategy", StartingFailureStrategy.class);
        runningFailureStrategy = reader.named("running_failure_strategy", RunningFailureStrategy.class);
    }

    /** {@return the namespec of the process} */
    @Override
    public String getName() {
        return DataConversion.stringsToNamespec(applicationName, processName);
    }

    /** {@return the name of its application} */
    public String getApplicationName() {
        return applicationName;
    }

    /** {@return the name of the process} */
    public String getProcessName() {
        return processName;
    }

    /** {@return where it may start, in order of preference, unmodifiable; {@code *} means everywhere} */
    public List<String> getIdentifiers() {
        return identifiers;
    }

    /** {@return the rank in the start of its application, in [0;127]; 0 if not started with it} */
    public Integer getStartSequence() {
        return startSequence;
    }

    /** {@return the rank in the stop of its application, the greatest first, in [0;127]} */
    public Integer getStopSequence() {
        return stopSequence;
    }

    /** {@return true if the application fails without it} */
    public Boolean isRequired() {
        return required;
    }

    /** {@return true if the next rank waits for its expected exit} */
    public Boolean hasToWaitExit() {
        return waitExit;
    }

    /** {@return the expected loading of its node, in percent, in [0;100]; null from a server that calls it otherwise} */
    public Integer getLoading() {
        return loading;
    }

    /** {@return the expected loading of its node, in percent, in [0;100], whichever name the server gives it} */
    public Integer getExpectedLoading() {
        return expectedLoading == null ? loading : expectedLoading;
    }

    /**
     * Tells what becomes of the start of its application when it is required and fails to start.
     *
     * @return the strategy; null if unknown to this client or if it was not sent
     */
    public StartingFailureStrategy getStartingFailureStrategy() {
        return startingFailureStrategy;
    }

    /** {@return what is done when it fails or is lost, null if unknown to this client} */
    public RunningFailureStrategy getRunningFailureStrategy() {
        return runningFailureStrategy;
    }
}
