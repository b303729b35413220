"""The logs of one supervisord and of its processes.

supervisord reads them as UTF-8, and answers HTTP 500 where they are not. A control character that XML cannot carry
arrives as U+FFFD.
"""

from __future__ import annotations

from supvisors_client.api.runner import Namespace
from supvisors_client.methods import supervisor
from supvisors_client.models import LogTail, ProcessStatus
from supvisors_client.timeouts import DEFAULT, Timeout


class LogsApi(Namespace):
    """The methods that read and empty logs."""

    def read_log(self, offset: int, length: int, *, timeout: Timeout = DEFAULT) -> str:
        """Return a part of the log of supervisord.

        Args:
            offset: first byte to read, from 0; a negative one counts from the end, with `length` 0.
            length: number of bytes, 0 or more; 0 for all that follows.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadArgumentsFault: `length` is negative, or not 0 beside a negative `offset`.
            NoFileFault: supervisord has no log file.
            FailedFault: the file cannot be read.
        """
        return self._run(supervisor.READ_LOG, offset, length, timeout=timeout)

    def read_main_log(self, offset: int, length: int, *, timeout: Timeout = DEFAULT) -> str:
        """Return the same as `read_log`; older name.

        Args:
            offset: first byte to read, from 0; a negative one counts from the end, with `length` 0.
            length: number of bytes, 0 or more; 0 for all that follows.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadArgumentsFault: `length` is negative, or not 0 beside a negative `offset`.
            NoFileFault: supervisord has no log file.
            FailedFault: the file cannot be read.
        """
        return self._run(supervisor.READ_MAIN_LOG, offset, length, timeout=timeout)

    def clear_log(self, *, timeout: Timeout = DEFAULT) -> bool:
        """Empty the log of supervisord.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            NoFileFault: supervisord has no log file.
            FailedFault: the file cannot be removed.
        """
        return self._run(supervisor.CLEAR_LOG, timeout=timeout)

    def read_process_log(self, name: str, offset: int, length: int, *, timeout: Timeout = DEFAULT) -> str:
        """Return the same as `read_process_stdout_log`; older name.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            offset: first byte to read, from 0; a negative one counts from the end, with `length` 0.
            length: number of bytes, 0 or more; 0 for all that follows.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
            BadArgumentsFault: `length` is negative, or not 0 beside a negative `offset`.
            NoFileFault: there is no such file: not logged, or nothing written yet.
            FailedFault: the file cannot be read.
        """
        return self._run(supervisor.READ_PROCESS_LOG, name, offset, length, timeout=timeout)

    def read_process_stdout_log(self, name: str, offset: int, length: int, *, timeout: Timeout = DEFAULT) -> str:
        """Return a part of the log of the standard output of a process.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            offset: first byte to read, from 0; a negative one counts from the end, with `length` 0.
            length: number of bytes, 0 or more; 0 for all that follows.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
            BadArgumentsFault: `length` is negative, or not 0 beside a negative `offset`.
            NoFileFault: there is no such file: not logged, or nothing written yet.
            FailedFault: the file cannot be read.
        """
        return self._run(supervisor.READ_PROCESS_STDOUT_LOG, name, offset, length, timeout=timeout)

    def read_process_stderr_log(self, name: str, offset: int, length: int, *, timeout: Timeout = DEFAULT) -> str:
        """Return a part of the log of the standard error of a process.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            offset: first byte to read, from 0; a negative one counts from the end, with `length` 0.
            length: number of bytes, 0 or more; 0 for all that follows.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
            BadArgumentsFault: `length` is negative, or not 0 beside a negative `offset`.
            NoFileFault: there is no such file: not logged, or nothing written yet.
            FailedFault: the file cannot be read.
        """
        return self._run(supervisor.READ_PROCESS_STDERR_LOG, name, offset, length, timeout=timeout)

    def tail_process_log(self, name: str, offset: int, length: int, *, timeout: Timeout = DEFAULT) -> LogTail:
        """Return the same as `tail_process_stdout_log`; older name.

        That is its last `length` bytes; nothing if it holds no more than `offset` bytes, or is not there. To follow a
        log, give the `offset` of the answer to `read_process_stdout_log`.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            offset: number of bytes that are known already, 0 or more.
            length: number of bytes to read at most, 0 or more.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
        """
        return self._run(supervisor.TAIL_PROCESS_LOG, name, offset, length, timeout=timeout)

    def tail_process_stdout_log(self, name: str, offset: int, length: int, *, timeout: Timeout = DEFAULT) -> LogTail:
        """Return the end of the log of the standard output of a process.

        That is its last `length` bytes; nothing if it holds no more than `offset` bytes, or is not there. To follow a
        log, give the `offset` of the answer to `read_process_stdout_log`.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            offset: number of bytes that are known already, 0 or more.
            length: number of bytes to read at most, 0 or more.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
        """
        return self._run(supervisor.TAIL_PROCESS_STDOUT_LOG, name, offset, length, timeout=timeout)

    def tail_process_stderr_log(self, name: str, offset: int, length: int, *, timeout: Timeout = DEFAULT) -> LogTail:
        """Return the end of the log of the standard error of a process.

        That is its last `length` bytes; nothing if it holds no more than `offset` bytes, or is not there. To follow a
        log, give the `offset` of the answer to `read_process_stderr_log`.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            offset: number of bytes that are known already, 0 or more.
            length: number of bytes to read at most, 0 or more.
            timeout: limit in seconds.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
        """
        return self._run(supervisor.TAIL_PROCESS_STDERR_LOG, name, offset, length, timeout=timeout)

    def clear_process_log(self, name: str, *, timeout: Timeout = DEFAULT) -> bool:
        """Do the same as `clear_process_logs`; older name.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            timeout: limit in seconds.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
            FailedFault: a file cannot be removed.
        """
        return self._run(supervisor.CLEAR_PROCESS_LOG, name, timeout=timeout)

    def clear_process_logs(self, name: str, *, timeout: Timeout = DEFAULT) -> bool:
        """Empty the logs of the standard output and the standard error of a process.

        Args:
            name: `group:name`, or `name` when both are equal; no wildcard.
            timeout: limit in seconds.

        Returns:
            True.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
            BadNameFault: unknown process, or a group.
            FailedFault: a file cannot be removed.
        """
        return self._run(supervisor.CLEAR_PROCESS_LOGS, name, timeout=timeout)

    def clear_all_process_logs(self, *, timeout: Timeout = DEFAULT) -> list[ProcessStatus]:
        """Empty the logs of all processes of this supervisord, which may need a second for each.

        The `status` of each may be FAILED.

        Args:
            timeout: limit in seconds; none by default.

        Returns:
            One for each process.

        Raises:
            ShutdownStateFault: this supervisord is stopping.
        """
        return self._run(supervisor.CLEAR_ALL_PROCESS_LOGS, timeout=timeout)
