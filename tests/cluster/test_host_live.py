"""The host in a real supervisord: the loop, the processes, the orders, the requests of users."""
from __future__ import annotations

import shutil
import signal
import statistics
import time
import urllib.error
import urllib.request
import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cluster.test_host_daemon import Daemon, wait_for

pytestmark = pytest.mark.live

STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL = 0, 10, 20, 30, 40, 100, 200

PROGRAMS = """
[program:quick]
command=/bin/sleep 1000
autostart=false
startsecs=0

[program:slow]
command=/bin/sleep 1000
autostart=false
startsecs=1

[program:missing]
command=/nowhere/program
autostart=false

[program:folder]
command=/tmp
autostart=false

[program:unloggable]
command=/bin/sleep 1000
autostart=false
stdout_logfile={folder}/logs/out.log

[program:crash]
command=/bin/sh -c "sleep 0.3; exit 3"
autostart=false
autorestart=false
startsecs=0

[program:failing]
command=/bin/false
autostart=false
startretries=1

[program:stubborn]
command=/bin/sh -c "trap '' TERM; while :; do sleep 0.1; done"
autostart=false
startsecs=0
stopwaitsecs=1

[program:alpha]
command=/bin/sleep 1000
autostart=false
startsecs=0

[program:beta]
command=/bin/sleep 1000
process_name=worker_%(process_num)d
numprocs=3
numprocs_start=9
autostart=false
startsecs=0
redirect_stderr=true
stdout_logfile=NONE

[group:app]
programs=alpha,beta
"""


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    (tmp_path / 'logs').mkdir()
    daemon = Daemon(tmp_path, PROGRAMS)
    try:
        yield daemon.start()
    finally:
        daemon.kill()


def fault(call: Any, *args: object) -> tuple[int, str]:
    with pytest.raises(xmlrpc.client.Fault) as caught:
        call(*args)
    return caught.value.faultCode, caught.value.faultString


def adopted(daemon: Daemon) -> list[list[Any]]:
    """What was adopted, with the state that the process had then."""
    return [call[1:] for call in daemon.rpc.probe.calls() if call[0] == 'adopt']


# ---- one host for two servers

def test_two_servers_share_one_host_and_each_event_is_told_once(daemon: Daemon) -> None:
    assert daemon.rpc.probe.order(True, 'quick', '') == [0, '']
    daemon.wait_state('quick', RUNNING)
    assert daemon.unix_rpc.probe.order(False, 'quick', '') == [0, '']
    daemon.wait_state('quick', STOPPED)
    assert daemon.states('quick') == [STARTING, RUNNING, STOPPING, STOPPED]
    assert len(daemon.journal('factory')) == 2
    assert daemon.journal('ready') == ['ready 12']
    assert daemon.rpc.probe.addresses() == [['127.0.0.1', daemon.port], ['user', 'secret']]


def test_records_tell_the_program_of_each_process(daemon: Daemon) -> None:
    assert daemon.rpc.probe.records() == ['app:alpha', 'app:worker_10', 'app:worker_11', 'app:worker_9', 'crash',
                                          'failing', 'folder', 'missing', 'quick', 'slow', 'stubborn', 'unloggable']
    worker = daemon.rpc.probe.record('app:worker_10')
    assert (worker['program_name'], worker['process_index']) == ('beta', 1)
    assert (worker['has_stdout'], worker['has_stderr']) == (False, False)
    alpha = daemon.rpc.probe.record('app:alpha')
    assert (alpha['program_name'], alpha['process_index']) == ('alpha', 0)
    assert (alpha['has_stdout'], alpha['has_stderr']) == (True, True)
    assert alpha['description'] == daemon.rpc.supervisor.getProcessInfo('app:alpha')['description'] == 'Not started'


def test_ticks_are_observed(daemon: Daemon) -> None:
    wait_for(lambda: ['HostTick', ''] in daemon.rpc.probe.calls(), 'a tick of 5 s')


# ---- the loop

def test_each_wake_up_is_served(daemon: Daemon) -> None:
    # an idle loop turns once a second: 200 turns would take more than the deadline of the test
    assert daemon.rpc.probe.wake_ups(200) == 200


@pytest.mark.timeout(60)
def test_signals_are_seen_at_once(daemon: Daemon) -> None:
    # each signal comes at the beginning of a poll of one second: without a wake-up, they take longer than the test may
    for number in range(1, 151):
        daemon.signal(signal.SIGUSR2)
        wait_for(lambda: daemon.log().count('received SIGUSR2') == number, f'signal {number}', 15)  # noqa: B023


def test_the_loop_wakes_when_startsecs_ends(daemon: Daemon) -> None:
    lateness = []
    for number in range(1, 6):
        daemon.rpc.probe.order(True, 'slow', '')
        # an idle loop polls for one second: let its next poll begin, and end, in the middle of a second
        half = daemon.rpc.probe.record('slow')['start_mono'] + 0.5
        wait_for(lambda: daemon.rpc.probe.turns() and time.monotonic() > half, 'half a second')  # noqa: B023
        # not by a request, which would wake the loop
        wait_for(lambda: len(daemon.journal('changed slow 20')) == number, 'slow running')  # noqa: B023
        record = daemon.rpc.probe.record('slow')
        lateness.append(record['event_mono'] - record['start_mono'] - record['startsecs'])
        daemon.rpc.probe.order(False, 'slow', '')
        daemon.wait_state('slow', STOPPED)
    assert min(lateness) > 0
    # up to 1 s, at random, otherwise
    assert statistics.median(lateness) < 0.1


def test_backoff_ends_in_fatal(daemon: Daemon) -> None:
    assert daemon.rpc.probe.order(True, 'failing', '') == [0, '']
    record = daemon.wait_state('failing', FATAL)
    assert daemon.states('failing') == [STARTING, BACKOFF, STARTING, BACKOFF, FATAL]
    assert record['spawnerr'] == record['description'] == 'Exited too quickly (process log may have details)'
    assert record['pid'] == 0


def test_an_exception_in_a_callback_is_logged_and_the_loop_goes_on(daemon: Daemon) -> None:
    daemon.rpc.probe.fail('changed')
    assert daemon.rpc.probe.order(True, 'quick', '') == [0, '']
    daemon.wait_state('quick', RUNNING)
    daemon.rpc.probe.fail('adopt')
    assert daemon.rpc.supervisor.stopProcess('quick') is True
    log = daemon.log()
    assert 'RuntimeError: planted in changed' in log and 'handling ProcessStateStartingEvent' in log
    assert 'RuntimeError: planted in adopt' in log and 'noting that quick is stopped by a user' in log


# ---- orders

def test_order_to_start_and_stop(daemon: Daemon) -> None:
    assert daemon.rpc.probe.order(True, 'quick', '') == [0, '']
    record = daemon.wait_state('quick', RUNNING)
    assert psutil.pid_exists(record['pid'])
    assert record['description'].startswith(f"pid {record['pid']}, uptime ")
    assert record['start_mono'] > 0 and record['event_mono'] >= record['start_mono']
    assert daemon.rpc.probe.order(True, 'quick', '') == [0, '']
    assert daemon.rpc.probe.order(False, 'quick', '') == [0, '']
    record = daemon.wait_state('quick', STOPPED)
    assert (record['pid'], record['expected']) == (0, True)
    assert record['stop'] >= record['start'] and record['stop_mono'] == record['event_mono']
    assert daemon.rpc.probe.order(False, 'quick', '') == [0, '']
    assert adopted(daemon) == []


@pytest.mark.parametrize('start', [True, False])
def test_order_for_an_unknown_process(daemon: Daemon, start: bool) -> None:
    for name in ('nobody', 'app:nobody', 'app:*', 'app', ''):
        assert daemon.rpc.probe.order(start, name, '') == [10, name]
    assert daemon.rpc.probe.record('nobody') is False


@pytest.mark.parametrize(('name', 'code', 'text'), [('missing', 20, "can't find command '/nowhere/program'"),
                                              ('folder', 21, "command at '/tmp' is a directory")])
def test_order_that_cannot_be_obeyed_ends_in_fatal(daemon: Daemon, name: str, code: int, text: str) -> None:
    for times in (1, 2):
        assert daemon.rpc.probe.order(True, name, '') == [code, text]
        record = daemon.rpc.probe.record(name)
        assert (record['state'], record['spawnerr'], record['description']) == (FATAL, text, text)
        assert daemon.states(name) == [FATAL] * times


def test_order_that_supervisord_fails_to_spawn(daemon: Daemon) -> None:
    shutil.rmtree(daemon.folder / 'logs')
    assert daemon.rpc.probe.order(True, 'unloggable', '')[0] == 50
    assert 'making dispatchers' in daemon.rpc.probe.record('unloggable')['spawnerr']


def test_order_while_stopping_and_while_leaving(daemon: Daemon) -> None:
    daemon.rpc.probe.order(True, 'stubborn', '')
    pid = daemon.wait_state('stubborn', RUNNING)['pid']
    # before this, the shell has not set its trap
    wait_for(lambda: psutil.Process(pid).children(), 'a shell that works')
    assert daemon.rpc.probe.order(False, 'stubborn', '') == [0, '']
    assert daemon.rpc.probe.order(False, 'stubborn', '') == [0, '']
    assert daemon.rpc.probe.order(True, 'stubborn', '') == [91, 'stubborn is stopping']
    daemon.rpc.probe.leave(False)
    assert daemon.rpc.probe.order(True, 'quick', '') == [6, 'quick']
    wait_for(daemon.ended, 'the end of supervisord')
    # its programs are followed to their end
    assert daemon.journal()[-3:] == ['leaving', 'changed stubborn 0 True 0', 'closing']


def test_a_stop_right_after_a_start_is_not_lost(daemon: Daemon) -> None:
    # a program that misses its signal is killed after 10 s
    for _ in range(30):
        assert daemon.rpc.system.multicall([{'methodName': 'probe.order', 'params': [True, 'quick', '']},
                                            {'methodName': 'probe.order', 'params': [False, 'quick', '']}]) \
            == [[0, ''], [0, '']]
        daemon.wait_state('quick', STOPPED)
    assert 'SIGKILL' not in daemon.log()


def test_unexpected_exit(daemon: Daemon) -> None:
    daemon.rpc.probe.order(True, 'crash', '')
    record = daemon.wait_state('crash', EXITED)
    assert (record['expected'], record['pid'], record['spawnerr']) == (False, 0, 'Bad exit code 3')
    assert daemon.journal('changed crash 100') == ['changed crash 100 False 0']


def test_extra_arguments(daemon: Daemon) -> None:
    def command() -> list[str]:
        pid = daemon.wait_state('quick', RUNNING)['pid']
        # supervisord's own until the child executes it
        wait_for(lambda: psutil.Process(pid).cmdline()[:1] == ['/bin/sleep'], 'the command of the program')
        return psutil.Process(pid).cmdline()

    def restart(extra_args: str) -> None:
        assert daemon.rpc.probe.order(False, 'quick', '') == [0, '']
        daemon.wait_state('quick', STOPPED)
        assert daemon.rpc.probe.order(True, 'quick', extra_args) == [0, '']

    restart("1 '2'")
    assert command() == ['/bin/sleep', '1000', '1', '2']
    assert daemon.rpc.probe.record('quick')['extra_args'] == "1 '2'"
    restart('3')
    assert command() == ['/bin/sleep', '1000', '3']
    # the configuration has not changed for supervisord: `update` restarts nothing
    assert daemon.rpc.supervisor.reloadConfig() == [[[], [], []]]
    # a plain start uses them again, and says so
    daemon.rpc.supervisor.stopProcess('quick')
    daemon.rpc.supervisor.startProcess('quick')
    assert command() == ['/bin/sleep', '1000', '3']
    assert adopted(daemon) == [[False, 'quick', '', RUNNING], [True, 'quick', '3', STOPPED]]
    restart('')
    assert command() == ['/bin/sleep', '1000']


def test_bad_quotes_change_nothing(daemon: Daemon) -> None:
    daemon.rpc.probe.order(True, 'quick', '5')
    daemon.rpc.probe.order(False, 'quick', '')
    before = daemon.wait_state('quick', STOPPED)
    code, text = daemon.rpc.probe.order(True, 'quick', "it's")
    assert code == 2 and 'No closing quotation' in text
    assert daemon.rpc.probe.record('quick') == before
    assert before['extra_args'] == '5'


# ---- requests of users

def test_plain_requests_are_adopted_before_they_act(daemon: Daemon) -> None:
    rpc = daemon.rpc.supervisor
    assert rpc.startProcess('quick') is True
    assert rpc.stopProcess('quick:quick') is True
    assert adopted(daemon) == [[True, 'quick', '', STOPPED], [False, 'quick', '', RUNNING]]


@pytest.mark.parametrize(('start', 'stop', 'name'), [('startProcessGroup', 'stopProcessGroup', 'app'),
                                               ('startProcess', 'stopProcess', 'app:*')])
def test_requests_for_a_group_are_adopted_for_each_member(daemon: Daemon, start: str, stop: str, name: str) -> None:
    members = ['app:alpha', 'app:worker_10', 'app:worker_11', 'app:worker_9']
    assert daemon.rpc.probe.order(True, 'app:alpha', '') == [0, '']
    daemon.wait_state('app:alpha', RUNNING)
    getattr(daemon.unix_rpc.supervisor, start)(name)
    # alpha runs already: it is left alone
    assert sorted(adopted(daemon)) == [[True, member, '', STOPPED] for member in members[1:]]
    getattr(daemon.rpc.supervisor, stop)(name)
    assert sorted(adopted(daemon))[:4] == [[False, member, '', RUNNING] for member in members]


def test_requests_for_all_are_adopted(daemon: Daemon) -> None:
    shutil.rmtree(daemon.folder / 'logs')
    daemon.rpc.supervisor.startAllProcesses(False)
    started = {call[1] for call in adopted(daemon) if call[0]}
    assert started == set(daemon.rpc.probe.records()) - {'missing', 'folder'}
    daemon.rpc.supervisor.stopAllProcesses()
    stopped = {call[1] for call in adopted(daemon) if not call[0]}
    assert {'quick', 'slow', 'app:alpha', 'stubborn'} <= stopped <= started


def test_refused_requests_are_not_adopted(daemon: Daemon) -> None:
    rpc = daemon.rpc.supervisor
    assert fault(rpc.startProcess, 'missing')[0] == 20
    assert fault(rpc.startProcess, 'folder')[0] == 21
    assert fault(rpc.startProcess, 'nobody')[0] == 10
    assert fault(rpc.startProcess, 'quick', True, 'too many')[0] == 2
    assert fault(rpc.startProcess)[0] == 2
    assert fault(rpc.stopProcess, 'quick')[0] == 70
    daemon.rpc.probe.order(True, 'quick', '')
    assert fault(rpc.startProcess, 'quick')[0] == 60
    assert adopted(daemon) == []


def test_supervisor_interface_still_describes_itself(daemon: Daemon) -> None:
    system = daemon.rpc.system
    assert {'supervisor.startProcess', 'supervisor.stopProcess', 'probe.order'} <= set(system.listMethods())
    assert 'Start a process' in system.methodHelp('supervisor.startProcess')
    assert system.methodSignature('supervisor.startProcess') == ['boolean', 'string', 'boolean']
    assert system.methodSignature('supervisor.stopProcess') == ['boolean', 'string', 'boolean']
    answer = system.multicall([{'methodName': 'supervisor.startProcess', 'params': ['quick']},
                               {'methodName': 'supervisor.stopProcess', 'params': ['quick']}])
    assert answer == [True, True]
    assert [call[:2] for call in adopted(daemon)] == [[True, 'quick'], [False, 'quick']]


def get(daemon: Daemon, path: str, method: str = 'GET', password: str = '',
        data: bytes | None = None) -> tuple[str, bytes]:
    request = urllib.request.Request(f'http://127.0.0.1:{daemon.port}{path}', method=method, data=data)
    if password:
        request.add_header('Authorization', 'Basic dXNlcjpzZWNyZXQ=')
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.headers['Content-Type'], answer.read()


def test_requests_of_the_web_page_are_adopted(daemon: Daemon) -> None:
    get(daemon, '/index.html?processname=quick&action=start', password='secret')
    get(daemon, '/index.html?processname=quick&action=stop', password='secret')
    assert [call[:2] for call in adopted(daemon)] == [[True, 'quick'], [False, 'quick']]


# ---- HTTP

def test_a_deferred_answer_is_given_when_it_is_ready(daemon: Daemon) -> None:
    # its delay is one hour
    assert daemon.rpc.probe.wake_ups(1) == 1


def test_waiting_for_a_stop_does_not_burn_the_processor(daemon: Daemon) -> None:
    daemon.rpc.probe.order(True, 'stubborn', '')
    pid = daemon.wait_state('stubborn', RUNNING)['pid']
    wait_for(lambda: psutil.Process(pid).children(), 'a shell that works')
    times = psutil.Process(daemon.pid).cpu_times()
    assert daemon.rpc.supervisor.stopProcess('stubborn') is True
    after = psutil.Process(daemon.pid).cpu_times()
    # the process resists for one second
    # 0.5 s of processor otherwise
    assert after.user + after.system - times.user - times.system < 0.1


def test_route_answers_without_credentials(daemon: Daemon) -> None:
    kind, body = get(daemon, '/probe/hello')
    assert kind == 'application/json' and b'"pid": %d' % daemon.pid in body
    assert get(daemon, '/probe/hello?x=1')[0] == 'application/json'
    for path in ('/RPC2', '/', '/probe', '/probe/hello/', '/probe/hello2', '/mainlogtail', '/logtail/quick'):
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(daemon, path)
        assert caught.value.code == 401, path
        caught.value.close()
    assert b'supervisor' in get(daemon, '/', password='secret')[1].lower()


@pytest.mark.parametrize('method', ['POST', 'PUT', 'HEAD', 'DELETE'])
def test_route_only_answers_to_get(daemon: Daemon, method: str) -> None:
    body = b'GET /probe/hello HTTP/1.1\r\n\r\n' if method in ('POST', 'PUT') else None
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(daemon, '/probe/hello', method=method, data=body)
    assert (caught.value.code, caught.value.headers['Allow']) == (405, 'GET')
    caught.value.close()
    assert daemon.answers()


# ---- groups at run time

def test_groups_added_and_removed_at_run_time(daemon: Daemon) -> None:
    daemon.write(PROGRAMS + '[program:late]\ncommand=/bin/sleep 1000\nautostart=false\nnumprocs=2\n'
                            'process_name=p%(process_num)d\nnumprocs_start=5\n')
    assert daemon.rpc.supervisor.reloadConfig() == [[['late'], [], []]]
    assert daemon.rpc.supervisor.addProcessGroup('late')
    assert daemon.states('late:p5') == daemon.states('late:p6') == [STOPPED]
    record = daemon.rpc.probe.record('late:p6')
    assert (record['program_name'], record['process_index']) == ('late', 1)
    assert daemon.rpc.probe.order(True, 'late:p5', '') == [0, '']
    daemon.rpc.supervisor.stopProcessGroup('late')
    assert daemon.rpc.supervisor.removeProcessGroup('late')
    assert [call[1] for call in daemon.rpc.probe.calls() if call[0] == 'ProcessRemoved'] == ['late:p5', 'late:p6']
    assert daemon.rpc.probe.order(True, 'late:p5', '') == [10, 'late:p5']
