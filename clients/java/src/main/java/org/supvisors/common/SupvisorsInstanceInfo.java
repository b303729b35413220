package org.supvisors.common;

import java.util.HashMap;
import java.util.List;

/**
 * One Supvisors instance, as seen by the instance that answers.
 * An absent field gives null, an absent list or map an empty one.
 */
public class SupvisorsInstanceInfo extends Structure implements SupvisorsAnyInfo {

    private final String identifier;
    private final String nickIdentifier;
    private final String nodeName;
    private final Integer port;
    private final SupvisorsInstanceState state;
    private final Integer loading;
    private final Boolean processFailure;
    private final Integer remoteSequenceCounter;
    private final Double remoteMonotonicTime;
    private final Double remoteTime;
    private final Integer localSequenceCounter;
    private final Double localMonotonicTime;
    private final Double localTime;
    private final Double stalled;
    private final String reason;
    private final List<Orphan> orphans;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsInstanceInfo(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    private SupvisorsInstanceInfo(StructReader reader) {
        super(reader);
        identifier = reader.text("identifier");
        nickIdentifier = reader.text("nick_identifier");
        nodeName = reader.text("node_name");
        port = reader.integer("port");
        state = reader.state("statename", "statecode", SupvisorsInstanceState.class, SupvisorsInstanceState::ordinal);
        loading = reader.integer("loading");
        processFailure = reader.flag("process_failure");
        remoteSequenceCounter = reader.integer("remote_sequence_counter");
        remoteMonotonicTime = reader.real("remote_mtime");
        remoteTime = reader.real("remote_time");
        localSequenceCounter = reader.integer("local_sequence_counter");
        localMonotonicTime = reader.real("local_mtime");
        localTime = reader.real("local_time");
        stalled = reader.real("stalled");
        reason = reader.text("reason");
        orphans = reader.listOf("orphans", Orphan::new);
    }

    /** {@return the identifier of the instance} */
    @Override
    public String getName() {
        return identifier;
    }

    /** {@return the identifier of the instance, {@code host_id:http_port}} */
    public String getIdentifier() {
        return identifier;
    }

    /** {@return the nick name of the instance, or a copy of its identifier if it has none} */
    public String getNickIdentifier() {
        return nickIdentifier;
    }

    /** {@return the host of the instance, as written in the configuration} */
    public String getNodeName() {
        return nodeName;
    }

    /** {@return the HTTP port of its supervisord, in [1;65535]} */
    public Integer getPort() {
        return port;
    }

    /** {@return the state of the instance, null if unknown to this client} */
    public SupvisorsInstanceState getState() {
        return state;
    }

    /** {@return the sum of the expected loading of the processes that run there, in %, from 0} */
    public Integer getLoading() {
        return loading;
    }

    /** {@return true if a process of a RUNNING instance is FATAL or has exited unexpectedly} */
    public Boolean hasProcessFailure() {
        return processFailure;
    }

    /** {@return the TICK counter of the instance since its start} */
    public Integer getRemoteSequenceCounter() {
        return remoteSequenceCounter;
    }

    /** {@return the monotonic clock of the instance at its last heartbeat, in seconds} */
    public Double getRemoteMonotonicTime() {
        return remoteMonotonicTime;
    }

    /** {@return the POSIX time of the instance at its last heartbeat, in whole seconds} */
    public Integer getRemoteTime() {
        return Conversions.toInteger(remoteTime);
    }

    /** {@return the POSIX time of the instance at its last heartbeat, in seconds} */
    public Double getRemotePosixTime() {
        return remoteTime;
    }

    /** {@return the local TICK counter when that heartbeat was received} */
    public Integer getLocalSequenceCounter() {
        return localSequenceCounter;
    }

    /** {@return the local monotonic clock when that heartbeat was received, in seconds} */
    public Double getLocalMonotonicTime() {
        return localMonotonicTime;
    }

    /** {@return the local POSIX time when that heartbeat was received, in whole seconds} */
    public Integer getLocalTime() {
        return Conversions.toInteger(localTime);
    }

    /** {@return the local POSIX time when that heartbeat was received, in seconds} */
    public Double getLocalPosixTime() {
        return localTime;
    }

    /** {@return the age of the main loop of the instance at its last heartbeat, in seconds; null from an older server} */
    public Double getStalled() {
        return stalled;
    }

    /** {@return why the instance is not RUNNING and what to do, empty when it is; null from an older server} */
    public String getReason() {
        return reason;
    }

    /**
     * {@return the programs of the instance that have survived a former supervisord, which was killed, and still run,
     * unmodifiable; none unless it is RUNNING}
     */
    public List<Orphan> getOrphans() {
        return orphans;
    }

    /** {@return the names of the instance} */
    public SupvisorsIdentifier getSupvisorsIdentifier() {
        return new SupvisorsIdentifier(identifier, nickIdentifier);
    }

    /** A program that has survived the supervisord that started it. */
    public static class Orphan extends Structure {

        private final String namespec;
        private final Integer pid;
        private final Integer start;

        Orphan(HashMap<?, ?> struct) {
            this(new StructReader(struct));
        }

        private Orphan(StructReader reader) {
            super(reader);
            namespec = reader.text("namespec");
            pid = reader.integer("pid");
            start = reader.integer("start");
        }

        /** {@return what it ran as: {@code group:name}, or {@code name} when both are equal} */
        public String getNamespec() {
            return namespec;
        }

        /** {@return its pid} */
        public Integer getPID() {
            return pid;
        }

        /** {@return the POSIX time of its start, in seconds} */
        public Integer getStart() {
            return start;
        }
    }
}
