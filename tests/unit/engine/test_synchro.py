"""When the synchronization ends: the options, the first meetings, the group that is refused, the answer of a user."""

from __future__ import annotations

from typing import Any

import pytest

from supvisors.engine.commands import Refused
from supvisors.model.enums import FaultCode
from supvisors.model.enums import SupvisorsState as S
from supvisors.model.enums import SynchroOption as O
from tests.unit.engine.builders import ident
from tests.unit.engine.situation import READY, Situation

GROUP = ('239.0.0.1', 7777)
LATE = 1000.0

MEETING = 2.0
"""By then those that could be met have been."""


# -- each option alone
@pytest.mark.parametrize('option', [O.STRICT, O.LIST])
def test_all_known_instances_are_awaited(option: O) -> None:
    situation = Situation(option)
    situation.join('b')
    assert not situation.synchronized(LATE)
    situation.join('c')
    assert situation.synchronized()


@pytest.mark.parametrize('option', [O.STRICT, O.LIST, O.CORE])
def test_one_that_leaves_is_not_there(option: O) -> None:
    situation = Situation(option, core='c')
    situation.join('bc')
    situation.status('c', leaving=True)
    assert not situation.synchronized(LATE)


@pytest.mark.parametrize('option', [O.STRICT, O.LIST, O.CORE])
def test_one_that_is_met_and_does_not_count_yet_is_not_there(option: O) -> None:
    situation = Situation(option, core='c')
    situation.join('b')
    situation.meet('c')
    assert not situation.synchronized(LATE)


@pytest.mark.parametrize(('option', 'enough'), [(O.STRICT, True), (O.LIST, False)])
def test_a_discovered_instance_counts_for_the_list_and_not_for_strict(option: O, enough: bool) -> None:
    situation = Situation(option)
    situation.discover('d')
    situation.join('bc')
    assert situation.synchronized(LATE) is enough
    situation.join('d')
    assert situation.synchronized(LATE)


@pytest.mark.parametrize(('option', 'enough'), [(O.STRICT, False), (O.LIST, False), (O.CORE, True)])
def test_a_refused_instance_blocks_the_options_that_count_it(option: O, enough: bool) -> None:
    situation = Situation(option, core='b')
    situation.join('b')
    situation.refuse('c')
    assert situation.synchronized(LATE) is enough


def test_the_timeout_is_enough() -> None:
    situation = Situation(O.TIMEOUT, synchro_timeout=15.0)
    situation.core.deadline = 1e9
    assert not situation.synchronized(14.9)
    assert situation.core.deadline == READY + 15.0  # and the engine wants to be called then
    assert situation.synchronized(15.0)


def test_the_timeout_is_not_armed_again() -> None:
    situation = Situation(O.TIMEOUT, synchro_timeout=15.0)
    situation.at(LATE)
    situation.synchro.begin()
    assert situation.synchronized(LATE)


@pytest.mark.parametrize(
    ('core', 'members', 'enough'),
    [('b', '', False), ('b', 'c', False), ('b', 'b', True), ('bc', 'b', False), ('bc', 'bc', True), ('', 'bc', False)],
)
def test_the_core_instances_are_enough(core: str, members: str, enough: bool) -> None:
    situation = Situation(O.CORE, core=core)
    situation.join(members)
    assert situation.synchronized(LATE) is enough


def test_a_name_that_means_nothing_yet_may_be_the_stereotype_of_one_never_met() -> None:
    situation = Situation(O.CORE, core='bx')
    situation.join('b')
    assert not situation.synchronized(LATE)
    for peer in situation.peers.others():
        peer.info = situation.core.settings.info
    assert situation.synchronized(LATE)  # all are known, and none of them has it


def test_a_user_and_no_option_at_all_wait_for_a_master() -> None:
    for situation in (Situation(O.USER), Situation()):
        situation.join('bc')
        assert not situation.synchronized(LATE)


# -- together
def test_the_first_satisfied_option_is_enough() -> None:
    situation = Situation(O.STRICT, O.CORE, O.TIMEOUT, core='b', synchro_timeout=15.0)
    assert not situation.synchronized(3.0)
    situation.join('b')
    assert situation.synchronized(3.0)
    assert Situation(O.STRICT, O.TIMEOUT).synchronized(15.0)


@pytest.mark.parametrize('option', [O.STRICT, O.LIST, O.CORE, O.TIMEOUT])
def test_a_user_need_not_answer_when_another_option_is_satisfied(option: O) -> None:
    situation = Situation(O.USER, option, core='b')
    assert not situation.synchronized(1.0)
    situation.join('bc')
    assert situation.synchronized(LATE)


@pytest.mark.parametrize('option', [O.STRICT, O.LIST, O.CORE, O.TIMEOUT])
def test_a_user_need_not_wait_for_the_other_options(option: O) -> None:
    situation = Situation(O.USER, option, core='b')
    situation.synchro.end('')
    assert situation.synchronized(MEETING)


# -- the first meetings
@pytest.mark.parametrize('how', ['not reached yet', 'linked', 'met'])
def test_a_core_alone_waits_for_those_that_it_could_meet(how: str) -> None:
    situation = Situation(O.CORE, core='a', letters='ab')
    peer = situation.peers[ident('b')]
    peer.linked, peer.problem = how != 'not reached yet', 'refused' if how == 'linked' else ''
    if how == 'met':
        situation.meet('b')
    situation.core.deadline = 1e9
    assert not situation.synchronized(1.9)
    assert situation.core.deadline == READY + 2.0
    assert situation.synchronized(2.0)


@pytest.mark.parametrize('how', ['member', 'cannot be reached'])
def test_a_core_does_not_wait_when_there_is_nobody_to_meet(how: str) -> None:
    situation = Situation(O.CORE, core='a', letters='ab')
    if how == 'member':
        situation.join('b')
    else:
        situation.peers[ident('b')].problem = 'connection refused'
    assert situation.synchronized(0.0)


def test_a_user_does_not_cut_the_first_meetings_short() -> None:
    situation = Situation(O.USER, letters='ab')
    situation.synchro.end('')
    assert not situation.synchronized(MEETING - 0.1)
    assert situation.synchronized(MEETING)


@pytest.mark.parametrize('option', [O.STRICT, O.LIST, O.CORE])
def test_with_the_discovery_some_time_is_left_for_the_beacons(option: O) -> None:
    situation = Situation(option, letters='a', core='a', multicast_group=GROUP)
    situation.core.deadline = 1e9
    assert not situation.synchronized(1.9)
    assert situation.core.deadline == READY + 2.0
    assert situation.synchronized(2.0)


@pytest.mark.parametrize('group', [None, GROUP])
def test_a_short_timeout_waits_for_those_that_could_be_met(group: tuple[str, int] | None) -> None:
    situation = Situation(O.TIMEOUT, synchro_timeout=1.0, multicast_group=group)
    situation.peers[ident('b')].problem = 'connection refused'
    assert not situation.synchronized(1.9)  # c may be on its way
    assert situation.synchronized(2.0)


def test_a_short_timeout_waits_for_the_beacons_and_for_nobody_else() -> None:
    assert not Situation(O.TIMEOUT, letters='a', synchro_timeout=1.0, multicast_group=GROUP).synchronized(1.9)
    assert Situation(O.TIMEOUT, letters='a', synchro_timeout=1.0).synchronized(1.0)


# -- a multicast group that is not joined
def without_group(*options: O, **values: Any) -> Situation:
    values.setdefault('joined', False)
    return Situation(*options, letters='a', core='a', multicast_group=GROUP, **values)


@pytest.mark.parametrize('joined', [None, False])
@pytest.mark.parametrize('option', [O.STRICT, O.LIST, O.CORE, O.USER])
def test_who_cannot_find_the_others_does_not_begin_alone(option: O, joined: bool | None) -> None:
    situation = without_group(option, joined=joined)
    situation.synchro.choice = '*'
    assert not situation.synchronized(LATE)
    situation.synchro.group_joined(True)
    situation.core.deadline = 1e9
    assert not situation.synchronized(LATE + 1.9)
    assert situation.core.deadline == READY + LATE + MEETING  # those that are there have that time to be heard
    assert situation.synchronized(LATE + MEETING)


@pytest.mark.parametrize('option', [O.STRICT, O.LIST, O.CORE])
def test_members_of_the_list_are_not_enough_without_the_group(option: O) -> None:
    situation = Situation(option, core='b', joined=False, multicast_group=GROUP)
    situation.join('bc')
    assert not situation.synchronized(LATE)
    situation.synchro.group_joined(True)
    assert situation.synchronized(LATE + MEETING)


def test_a_group_that_is_lost_and_joined_again_leaves_the_same_time() -> None:
    situation = without_group(O.LIST, joined=True)
    assert not situation.synchronized(1.0)
    situation.synchro.group_joined(False)
    assert not situation.synchronized(LATE)
    situation.synchro.group_joined(True)
    situation.synchro.group_joined(True)
    assert not situation.synchronized(LATE + 1.9)
    assert situation.synchronized(LATE + MEETING)


@pytest.mark.parametrize('joined', [None, False])
def test_the_timeout_ends_the_wait_for_the_group_and_says_so(joined: bool | None) -> None:
    situation = without_group(O.LIST, O.TIMEOUT, joined=joined, synchro_timeout=15.0)
    situation.core.deadline = 1e9
    assert not situation.synchronized(14.9)
    assert situation.core.deadline == READY + 15.0
    assert situation.logs('critical') == []
    assert situation.synchronized(15.0)
    (told,) = situation.logs('critical')
    assert 'synchro_timeout (15 s)' in told and 'goes on without' in told


def test_a_short_timeout_leaves_the_bus_the_time_to_join() -> None:
    situation = without_group(O.TIMEOUT, joined=None, synchro_timeout=1.0)
    assert not situation.synchronized(1.9)
    assert situation.synchronized(2.0)


def test_a_group_that_is_joined_just_before_the_timeout_leaves_the_time_to_meet() -> None:
    situation = without_group(O.TIMEOUT, synchro_timeout=15.0)
    situation.at(14.9)
    situation.synchro.group_joined(True)
    assert not situation.synchronized(16.8)
    assert situation.synchronized(16.9)
    assert situation.logs('critical') == []


def test_the_wait_for_the_group_is_told_at_once_and_so_is_its_end() -> None:
    situation = without_group(O.LIST)
    situation.synchro.group_joined(False)
    (told,) = [text for text in situation.logs('warn') if 'the discovery' in text]
    assert 'does not work' in told and 'the synchronization waits' in told
    situation.synchro.group_joined(True)
    assert situation.logs('warn')[-1] == 'the discovery works'
    joined = Situation(O.LIST, multicast_group=GROUP)
    assert not any('the discovery' in text for text in joined.logs())


@pytest.mark.parametrize('joined', [None, True, False])
def test_without_the_discovery_no_group_is_waited_for(joined: bool | None) -> None:
    for option in (O.STRICT, O.LIST, O.CORE):
        situation = Situation(option, letters='a', core='a')
        if joined is not None:
            situation.synchro.group_joined(joined)
        assert situation.synchronized(0.0)


# -- two groups that refuse each other
@pytest.mark.parametrize(
    ('master', 'size', 'begun', 'waits'),
    [
        ('c', 0, False, True),
        ('c', 9, False, True),
        ('', 1, False, False),
        ('', 1, True, True),
        ('', 2, False, False),
        ('', 3, False, True),
    ],
)
def test_the_one_at_work_or_else_the_larger_group_goes_on(master: str, size: int, begun: bool, waits: bool) -> None:
    """a and b, which refuse c."""
    situation = Situation(O.TIMEOUT)
    situation.join('b')
    situation.refuse('c', master, size, begun)
    assert situation.synchronized(LATE) is not waits


@pytest.mark.parametrize(('local', 'waits'), [('a', False), ('b', True)])
def test_of_two_equal_groups_the_smaller_identifier_goes_on(local: str, waits: bool) -> None:
    other = 'b' if local == 'a' else 'a'
    situation = Situation(O.TIMEOUT, letters=local + other)
    situation.refuse(other, size=1)
    assert situation.synchronized(LATE) is not waits


@pytest.mark.parametrize('options', [(O.TIMEOUT,), (O.CORE,), (O.USER,)])
def test_no_option_at_all_ends_the_wait_for_the_other_group(options: tuple[O, ...]) -> None:
    situation = Situation(*options, core='a', letters='ab')
    situation.refuse('b', master='b')
    situation.synchro.choice = '*'
    assert not situation.synchronized(LATE)
    situation.peers[ident('b')].linked = False  # the other group cannot be reached: it may have ended
    assert situation.synchronized(LATE)


def test_the_wait_is_told_once_and_again_when_it_is_another_one() -> None:
    situation = Situation(O.TIMEOUT)
    situation.refuse('b', master='b')
    for _ in range(3):
        situation.synchronized(LATE)
    told = [text for text in situation.logs() if 'waits' in text]
    assert told == ['the synchronization waits: b:1 has another configuration: this is 1 here and 2 there']
    situation.lose('b')
    situation.refuse('c', master='c')
    situation.synchronized(LATE)
    assert len([text for text in situation.logs() if 'waits: c:1' in text]) == 1


# -- the answer of a user
@pytest.mark.parametrize(('name', 'code'), [('nobody', 10), ('', 0), ('b', 70), ('c', 0), ('c:1', 0), ('*', 10)])
def test_the_name_of_the_master_is_checked(name: str, code: int) -> None:
    situation = Situation(O.USER)
    situation.join('c')
    if code:
        with pytest.raises(Refused) as refused:
            situation.synchro.end(name)
        assert int(refused.value.code) == code
        assert situation.synchro.choice == ''
    else:
        situation.synchro.end(name)
        assert situation.synchro.choice == ('c:1' if name else '*')


def test_without_the_option_a_user_has_nothing_to_say() -> None:
    situation = Situation(O.STRICT, O.TIMEOUT)
    with pytest.raises(Refused) as refused:
        situation.synchro.end('nobody')  # the option is looked at before the name
    assert refused.value.code == FaultCode.NOT_APPLICABLE
    assert situation.synchro.choice == ''


@pytest.mark.parametrize('state', [S.SYNCHRONIZATION, S.ELECTION])
def test_the_answer_given_to_a_member_counts_here(state: S) -> None:
    situation = Situation(O.USER)
    situation.join('b')
    assert situation.synchro.wanted() == ''
    situation.status('b', state=int(state), sync_end='c:1')
    assert situation.synchro.wanted() == 'c:1'
    assert situation.synchronized(MEETING)


def test_the_answer_of_one_that_has_a_master_or_of_no_member_is_old() -> None:
    situation = Situation(O.USER)
    situation.join('b')
    situation.status('b', state=int(S.OPERATION), sync_end='c:1')
    situation.status('c', state=int(S.SYNCHRONIZATION), sync_end='b:1')
    assert situation.synchro.wanted() == ''


def test_an_answer_told_by_others_counts_only_with_the_option() -> None:
    situation = Situation(O.STRICT)
    situation.join('b')
    situation.status('b', state=int(S.SYNCHRONIZATION), sync_end='b:1')
    assert situation.synchro.wanted() == ''


@pytest.mark.parametrize(
    ('told', 'wanted'),
    [(('*', '*'), '*'), (('c:1', '*'), 'c:1'), (('*', 'b:1'), 'b:1'), (('c:1', 'b:1'), 'b:1'), (('', 'c:1'), 'c:1')],
)
def test_of_two_answers_a_name_counts_more_and_the_smaller_one_most(told: tuple[str, str], wanted: str) -> None:
    situation = Situation(O.USER)
    situation.join('bc')
    for letter, answer in zip('bc', told, strict=True):
        situation.status(letter, state=int(S.SYNCHRONIZATION), sync_end=answer)
    assert situation.synchro.wanted() == wanted


def test_the_answer_given_here_counts_more_than_those_of_others() -> None:
    situation = Situation(O.USER)
    situation.join('bc')
    situation.status('b', state=int(S.SYNCHRONIZATION), sync_end='b:1')
    situation.synchro.end('c')
    assert situation.synchro.wanted() == 'c:1'


def test_only_a_member_that_stays_is_preferred() -> None:
    situation = Situation(O.USER)
    situation.join('c')
    assert situation.synchro.preferred() == ''
    situation.synchro.end('')
    assert situation.synchro.preferred() == ''
    situation.synchro.end('c')
    assert situation.synchro.preferred() == 'c:1'
    situation.status('c', leaving=True)
    assert situation.synchro.preferred() == ''
    situation.status('c')
    situation.lose('c')
    assert situation.synchro.preferred() == ''


def test_the_answer_has_served_once_there_is_a_master_or_the_synchronization_begins_again() -> None:
    for forget in ('led', 'begin'):
        situation = Situation(O.USER)
        situation.synchro.end('a')
        getattr(situation.synchro, forget)()
        assert situation.synchro.choice == ''


def test_who_waits_for_another_group_cannot_be_told_to_go_on() -> None:
    situation = Situation(O.USER)
    situation.refuse('b', size=3)
    with pytest.raises(Refused) as refused:
        situation.synchro.end('')
    assert refused.value.code == FaultCode.BAD_SUPVISORS_STATE
    assert 'b:1' in refused.value.text
    assert situation.synchro.choice == ''
