"""What update_numprocs refuses, in which order, and that nothing has changed then."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from supvisors.engine.commands import Refused
from supvisors.host.numprocs_plan import MAX_NUMPROCS
from supvisors.model.enums import FaultCode, ProcessState
from tests.unit.host.situation import Situation, situations

Make = Callable[[str], Situation]

PROGRAMS = """
[program:pool]
command=/bin/true
process_name=p_%(process_num)d
numprocs=2
autostart=false
[program:probe]
command=/bin/true
autostart=false
[group:tools]
programs=pool,probe
"""


@pytest.fixture
def make(make_supervisord: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    # all at one go, however slow the machine is
    monkeypatch.setattr('supvisors.host.numprocs.SLICE', 60.0)
    yield from situations(make_supervisord)


def refusal(situation: Situation, program: str, numprocs: int, lazy: bool = False) -> tuple[int, str]:
    """Asked twice: a refusal leaves no trace, in supervisord nor in what is answered to the next call."""
    before = _picture(situation)
    answers = []
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            situation.host.update_numprocs(program, numprocs, lazy)
        answers.append((int(caught.value.code), caught.value.text))
        assert _picture(situation) == before
    assert answers[0] == answers[1]
    return answers[0]


def _picture(situation: Situation) -> Any:
    groups = situation.supervisord.process_groups
    processes = {group: [(name, id(process), process.state, id(process.config), vars(process.config).copy())
                         for name, process in groups[group].processes.items()] for group in groups}
    folder = Path(situation.supervisord.options.childlogdir)
    return (processes, situation.host.records(), list(situation.calls), situation.supervisord.options.parse_warnings[:],
            sorted(folder.iterdir()) if folder.exists() else [])


@pytest.mark.parametrize('program', ['nope', '', 'tools', 'tools:pool', 'p_0', 'POOL', 'program:pool'])
@pytest.mark.parametrize('numprocs', [2, 0])
def test_an_unknown_program_comes_first(make: Make, program: str, numprocs: int) -> None:
    assert refusal(make(PROGRAMS), program, numprocs) \
        == (FaultCode.BAD_NAME, f'the local supervisord has no program {program!r}')


@pytest.mark.parametrize('numprocs', [0, -1, -100])
@pytest.mark.parametrize('program', ['pool', 'probe'])
def test_a_number_that_is_not_positive(make: Make, program: str, numprocs: int) -> None:
    assert refusal(make(PROGRAMS), program, numprocs) \
        == (FaultCode.INCORRECT_PARAMETERS, f'numprocs {numprocs} of {program}: an integer > 0 is expected')


def test_names_that_do_not_depend_on_the_number(make: Make) -> None:
    situation = make(PROGRAMS)
    assert refusal(situation, 'probe', 2) == (
        FaultCode.NOT_APPLICABLE, 'the process_name of probe does not depend on the process number: put '
                                  '%(process_num)d in the process_name of [program:probe]')
    assert situation.host.update_numprocs('probe', 1, False)() == (0, '')


def test_more_than_supervisord_could_bear(make: Make) -> None:
    code, text = refusal(make(PROGRAMS), 'pool', 2**31 - 1)
    assert (code, text) == (FaultCode.FAILED, f'numprocs {2**31 - 1} of pool: at most {MAX_NUMPROCS} processes in a '
                                              'group; nothing has changed')


def test_a_log_folder_that_is_not_there(make: Make, tmp_path: Path) -> None:
    (tmp_path / '0').mkdir()
    (tmp_path / '1').mkdir()
    situation = make(PROGRAMS.replace('numprocs=2', f'numprocs=2\nstdout_logfile={tmp_path}/%(process_num)d/out.log'))
    code, text = refusal(situation, 'pool', 3)
    assert code == FaultCode.FAILED and f'{tmp_path}/2' in text
    assert "in section 'program:pool'" in text and text.endswith("supervisord.conf'); nothing has changed")
    # what is there does not need it
    assert situation.host.update_numprocs('pool', 1, False)() == (0, '')
    (tmp_path / '2').mkdir()
    assert situation.host.update_numprocs('pool', 3, False)() == (0, '')


def test_names_of_another_program_of_the_group(make: Make) -> None:
    situation = make(PROGRAMS.replace('command=/bin/true\nautostart=false\n[group',
                                      'command=/bin/true\nprocess_name=p_3\nautostart=false\n[group'))
    assert situation.host.update_numprocs('pool', 3, False)() == (0, '')
    assert refusal(situation, 'pool', 4) == (
        FaultCode.FAILED, "with numprocs=4, the group tools has another process with the name 'p_3': change the "
                          "process_name of [program:pool]; nothing has changed")


def test_names_that_change_with_the_number(make: Make) -> None:
    situation = make(PROGRAMS.replace('p_%(process_num)d', 'p_%(process_num)d_of_%(numprocs)d'))
    assert refusal(situation, 'pool', 3) == (
        FaultCode.FAILED, "with numprocs=3, 'p_0_of_2' would have the name 'p_0_of_3': change the process_name of "
                          '[program:pool]; nothing has changed')


def test_names_that_repeat(make: Make) -> None:
    situation = make(PROGRAMS.replace('p_%(process_num)d', 'p_%(process_num).1s'))
    assert situation.host.update_numprocs('pool', 10, False)() == (0, '')
    assert refusal(situation, 'pool', 11)[1].startswith(
        "with numprocs=11, the group tools has another process with the name 'p_1'")
    situation = make(PROGRAMS.replace('p_%(process_num)d', 'p_%(process_num).2s'))
    assert refusal(situation, 'pool', 101)[1].startswith(
        "with numprocs=101, processes 10 and 100 would have the name 'p_10'")


@pytest.mark.parametrize('lazy', [False, True])
def test_a_process_in_an_unknown_state(make: Make, lazy: bool) -> None:
    situation = make(PROGRAMS)
    situation.process('tools:p_1').state = ProcessState.UNKNOWN.value
    assert refusal(situation, 'pool', 1, lazy) == (
        FaultCode.FAILED, 'tools:p_1 is in an unknown process state: supervisord cannot stop it; nothing has changed')


def test_one_group_of_two_refuses(make: Make) -> None:
    situation = make(PROGRAMS.replace('[program:probe]', '[program:third]\ncommand=/bin/true\nautostart=false\n'
                                      'process_name=p_2\n[program:probe]') + '[group:zone]\nprograms=pool,third\n')
    assert 'the group zone has another process' in refusal(situation, 'pool', 3)[1]
    # and while the log files are made
    assert situation.host.update_numprocs('pool', 1, False)() == (0, '')
    situation.supervisord.options.childlogdir = '/nowhere'
    assert refusal(situation, 'pool', 2) == (
        FaultCode.FAILED, 'the log files of p_1 cannot be made in childlogdir /nowhere: No such file or directory; '
                          'nothing has changed')


def test_log_files_made_before_one_fails_are_removed(make: Make, tmp_path: Path) -> None:
    situation = make(PROGRAMS)
    options = situation.supervisord.options
    names: list[str] = []

    def name_of_log(name: str, identifier: str, channel: str) -> str:
        names.append(name)
        if len(names) % 4 == 0:
            raise OSError(28, 'No space left on device')
        return str(type(options).get_autochildlog_name(options, name, identifier, channel))

    options.get_autochildlog_name = name_of_log
    # looked at by `refusal`: the files of the folder are those of before
    assert refusal(situation, 'pool', 4)[1].startswith('the log files of p_3 cannot be made')
    assert names[:4] == ['p_2', 'p_2', 'p_3', 'p_3']


def test_a_file_that_has_become_wrong_since_is_not_asked(make: Make, tmp_path: Path) -> None:
    """What was read when the group was made holds, until the user has the group made anew."""
    situation = make(PROGRAMS)
    config = tmp_path / 'supervisord.conf'
    config.write_text(config.read_text().replace('p_%(process_num)d', 'x_%(process_num)d').replace(
        'numprocs=2', 'numprocs=nine'))
    with pytest.raises(ValueError, match='nine'):
        situation.supervisord.options.process_config(do_usage=False)
    assert situation.host.update_numprocs('pool', 3, False)() == (0, '')
    assert situation.names('tools') == ['p_0', 'p_1', 'probe', 'p_2']
    config.write_text(config.read_text().replace('numprocs=nine', 'numprocs=5'))
    situation.supervisord.options.process_config(do_usage=False)
    assert situation.host.update_numprocs('pool', 4, False)() == (0, '')
    assert situation.names('tools') == ['p_0', 'p_1', 'probe', 'p_2', 'p_3']
