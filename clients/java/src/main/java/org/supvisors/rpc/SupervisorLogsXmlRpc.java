package org.supvisors.rpc;

import java.util.HashMap;
import org.apache.xmlrpc.XmlRpcException;
import org.supvisors.common.SupervisorExecutionStatus;
import org.supvisors.common.SupervisorLogResult;

/** The part of the {@code supervisor} namespace that reads and clears logs: that of supervisord and those of its processes. */
abstract class SupervisorLogsXmlRpc {

    final NamespaceCalls calls;

    SupervisorLogsXmlRpc(NamespaceCalls calls) {
        this.calls = calls;
    }

    /**
     * Reads the log of supervisord.
     *
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 20 if there is no log, 3 for a wrong range,
     *         30 if the log cannot be read
     */
    public String readLog(Integer offset, Integer length) throws XmlRpcException {
        return calls.text("readLog", offset, length);
    }

    /**
     * Reads the log of supervisord; another name of {@link #readLog}.
     *
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 20 if there is no log, 3 for a wrong range,
     *         30 if the log cannot be read
     */
    public String readMainLog(Integer offset, Integer length) throws XmlRpcException {
        return calls.text("readMainLog", offset, length);
    }

    /**
     * Clears the log of supervisord.
     *
     * @return true
     * @throws XmlRpcException if the call fails; fault 20 if there is no log, 30 if it cannot be cleared
     */
    public Boolean clearLog() throws XmlRpcException {
        return calls.flag("clearLog");
    }

    /**
     * Reads the log of the standard output of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 20 if there is no log,
     *         3 for a wrong range, 30 if the log cannot be read
     */
    public String readProcessStdoutLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return calls.text("readProcessStdoutLog", namespec, offset, length);
    }

    /**
     * Reads the log of the standard output of a process; another name of {@link #readProcessStdoutLog}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 20 if there is no log,
     *         3 for a wrong range, 30 if the log cannot be read
     */
    public String readProcessLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return calls.text("readProcessLog", namespec, offset, length);
    }

    /**
     * Reads the log of the standard error of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset where to start, in bytes; negative to count from the end
     * @param length how much to read, in bytes; 0 for all
     * @return the text
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 20 if there is no log,
     *         3 for a wrong range, 30 if the log cannot be read
     */
    public String readProcessStderrLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return calls.text("readProcessStderrLog", namespec, offset, length);
    }

    /**
     * Reads the end of the log of the standard output of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset the offset given by the previous call, 0 at first, in bytes
     * @param length how much to read at most, in bytes
     * @return the text and the offset to ask for next
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process
     */
    public SupervisorLogResult tailProcessStdoutLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return new SupervisorLogResult(calls.items("tailProcessStdoutLog", namespec, offset, length));
    }

    /**
     * Reads the end of the log of the standard output of a process; another name of {@link #tailProcessStdoutLog}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset the offset given by the previous call, 0 at first, in bytes
     * @param length how much to read at most, in bytes
     * @return the text and the offset to ask for next
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process
     */
    public SupervisorLogResult tailProcessLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return new SupervisorLogResult(calls.items("tailProcessLog", namespec, offset, length));
    }

    /**
     * Reads the end of the log of the standard error of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @param offset the offset given by the previous call, 0 at first, in bytes
     * @param length how much to read at most, in bytes
     * @return the text and the offset to ask for next
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process
     */
    public SupervisorLogResult tailProcessStderrLog(String namespec, Integer offset, Integer length) throws XmlRpcException {
        return new SupervisorLogResult(calls.items("tailProcessStderrLog", namespec, offset, length));
    }

    /**
     * Clears the logs of a process.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 30 if a log cannot be cleared
     */
    public Boolean clearProcessLogs(String namespec) throws XmlRpcException {
        return calls.flag("clearProcessLogs", namespec);
    }

    /**
     * Clears the logs of a process; another name of {@link #clearProcessLogs}.
     *
     * @param namespec {@code group:process}, or {@code process} when both are equal
     * @return true
     * @throws XmlRpcException if the call fails; fault 10 for an unknown process, 30 if a log cannot be cleared
     */
    public Boolean clearProcessLog(String namespec) throws XmlRpcException {
        return calls.flag("clearProcessLog", namespec);
    }

    /**
     * Clears the logs of all processes.
     *
     * @return the outcomes by namespec
     * @throws XmlRpcException if the call fails
     */
    public HashMap<String, SupervisorExecutionStatus> clearAllProcessLogs() throws XmlRpcException {
        return calls.map("clearAllProcessLogs", SupervisorExecutionStatus.class);
    }
}
