"""One daemon and the calls that show all that the namespace `supervisor` can tell, for the tests of the Python SDK."""
from __future__ import annotations

import re
from typing import Any

from supvisors.demo import Layout, Program, wait_for
from supvisors_client import SupvisorsClient
from tests.cluster.layouts import PASSWORD, USER

ACCOUNTS = {'open': ('', ''), 'password': (USER, PASSWORD)}

ECHO = """/bin/sh -c 'echo ready; while read -r line; do echo "$line"; echo "$line" >&2; done'"""
LOGS = {'stdout_logfile': '%(here)s/%(program_name)s.out', 'stderr_logfile': '%(here)s/%(program_name)s.err'}
DEAF = "/bin/sh -c 'exec 0<&-; echo ready; exec /bin/sleep 100000'"
SHY = """/bin/sh -c 'trap "sleep 2; exit 0" TERM; echo ready; while :; do sleep 0.1; done'"""
# a signal that comes before the program is executed is lost: it is then killed after so long
QUICK = {'stopwaitsecs': '1'}


def layout(username: str = '', password: str = '') -> Layout:
    return Layout(
        nicks=('sv01',), username=username, password=password, groups={'web': ('echo', 'quiet')},
        programs=(
            Program('echo', ECHO, options={**LOGS, **QUICK}), Program('quiet', options=QUICK),
            Program('alone', options={**QUICK, 'exitcodes': '0,3', 'stdout_logfile': 'AUTO', 'priority': '7'}),
            Program('deaf', DEAF, options={**LOGS, **QUICK}), Program('late', options={**QUICK, 'startsecs': '60'}),
            Program('absent', '/nowhere/absent'), Program('closed', '/etc/passwd'),
            Program('crash', "/bin/sh -c 'exit 1'", options={'startsecs': '1', 'startretries': '0'}),
            Program('shy', SHY, options={'stopwaitsecs': '10', **LOGS}),
        ))


def wait_log(client: SupvisorsClient, name: str, text: str) -> None:
    wait_for(lambda: text in client.supervisor.tail_process_stdout_log(name, 0, 1000).text, 20, f'{text} from {name}')


READS: dict[str, tuple[Any, ...]] = {
    'getAPIVersion': (), 'getVersion': (), 'getSupervisorVersion': (), 'getIdentification': (), 'getState': (),
    'getPID': (), 'readLog': (0, 60), 'readMainLog': (0, 60), 'reloadConfig': (), 'getAllConfigInfo': (),
    'getProcessInfo': ('web:echo',), 'getAllProcessInfo': (), 'readProcessLog': ('web:echo', 0, 0),
    'readProcessStdoutLog': ('web:echo', -3, 0), 'readProcessStderrLog': ('web:echo', 0, 5),
    'tailProcessLog': ('web:echo', 0, 3), 'tailProcessStdoutLog': ('web:quiet', 0, 10),
    'tailProcessStderrLog': ('web:echo', 0, 100),
}
ACTS = {
    'clearLog', 'shutdown', 'restart', 'addProcessGroup', 'removeProcessGroup', 'startProcess', 'startProcessGroup',
    'startAllProcesses', 'stopProcess', 'stopProcessGroup', 'stopAllProcesses', 'signalProcess', 'signalProcessGroup',
    'signalAllProcesses', 'sendProcessStdin', 'sendRemoteCommEvent', 'clearProcessLog', 'clearProcessLogs',
    'clearAllProcessLogs',
}


def python_name(name: str) -> str:
    return re.sub(r'(?<=[a-z])(?=[A-Z])|(?<=API)(?=V)', '_', name).lower()
