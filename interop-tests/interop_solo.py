"""One daemon whose programs show all that the namespace `supervisor` can tell."""
from __future__ import annotations

from supvisors.demo import Layout, Program

_ECHO = """/bin/sh -c 'while read -r line; do echo "$line"; echo "$line" >&2; done'"""
_LOGS = {'stdout_logfile': '%(here)s/%(program_name)s.out', 'stderr_logfile': '%(here)s/%(program_name)s.err'}
_STUBBORN = """/bin/sh -c 'trap "sleep 2; exit 0" TERM; echo ready; while :; do sleep 0.1; done'"""
SLOW = Program('slow', _STUBBORN, options={'stopwaitsecs': '10', 'stdout_logfile': '%(here)s/slow.out'})
"""Needs two seconds to stop, once its log says that it is ready."""
# a signal that comes before the program is executed is lost: it is then killed after so long
_QUICK = {'stopwaitsecs': '1'}

BROKEN = {'absent': 20, 'closed': 21, 'crash': 50}
"""The programs that do not start, and the fault that each gives."""


def solo(username: str, password: str, *more: Program) -> Layout:
    """One instance; nothing is running.

    web     `echo` writes what it reads to its two logs; `quiet` has no logs
    alone   its process has the name of its group, and an odd configuration
    """
    return Layout(
        nicks=('solo',), username=username, password=password, groups={'web': ('echo', 'quiet')},
        programs=(
            Program('echo', _ECHO, options={**_LOGS, **_QUICK}),
            Program('quiet', options=_QUICK),
            Program('alone', options={
                **_QUICK, 'directory': '/', 'exitcodes': '0,3', 'stopsignal': 'INT', 'killasgroup': 'true',
                'stopasgroup': 'true', 'redirect_stderr': 'true', 'priority': '7', 'stdout_logfile': 'AUTO',
                'stdout_logfile_maxbytes': '3MB', 'stdout_logfile_backups': '4', 'stdout_capture_maxbytes': '1KB',
                'stdout_events_enabled': 'true', 'serverurl': 'http://localhost:1', 'stderr_logfile_backups': '6',
            }),
            Program('absent', '/nowhere/absent'),
            Program('closed', '/etc/passwd'),
            # not so early that an answer without wait may or may not know of it
            Program('crash', "/bin/sh -c 'sleep 0.3; exit 1'", options={'startsecs': '1', 'startretries': '0'}),
            *more,
        ))
