"""The ledger is a set union where the larger version wins: no order of messages matters."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from supvisors.engine.orchestration.ledger import (
    Ledger,
    failure_item,
    intent_item,
    placement_item,
    request_item,
    request_of,
    subject_of,
)
from supvisors.model.ledger import AUTOMATIC, Failure, Intent, Item, Placement, RequestRecord, Version


def written(ledger_items: list[Item]) -> Ledger:
    ledger = Ledger()
    ledger.merge(ledger_items)
    return ledger


def content(ledger: Ledger) -> dict[str, Item]:
    return {item.key: item for item in ledger.items()}


versions = st.builds(Version, st.integers(0, 5), st.sampled_from('abc'), st.integers(0, 5))


def make(kind: str, key: str, version: Version) -> Item:
    """One version is one write: it has one value."""
    if kind == 'i':
        return intent_item(key, version, Intent(version.sequence % 2 == 0, f'{version}'))
    if kind == 'p':
        return placement_item(key, version, Placement(version.master, f'{version}', 0, ended=bool(version.term % 2)))
    if kind == 'f':
        return failure_item(key, version, Failure(f'{version}', events={'a:1': version.sequence / 3}))
    return request_item(key, version, RequestRecord({'kind': f'{version}'}, version.sequence > 2))


items = st.lists(st.builds(make, st.sampled_from('iprf'), st.sampled_from(['x', 'y', 'z']), versions), max_size=20)


@given(items, st.data())
def test_the_order_of_merging_does_not_matter(some: list[Item], data: Any) -> None:
    one, other = written(some), written(data.draw(st.permutations(some)))
    assert content(one) == content(other)
    assert one.digest == other.digest


@given(items, items)
def test_two_ledgers_that_exchange_all_are_equal(some: list[Item], others: list[Item]) -> None:
    one, other = written(some), written(others)
    mine, theirs = one.items(), other.items()
    one.merge(theirs)
    other.merge(mine)
    assert content(one) == content(other)
    assert one.digest == other.digest


@given(items, items, items)
def test_merging_is_associative(first: list[Item], second: list[Item], third: list[Item]) -> None:
    left = written([*written([*first, *second]).items(), *third])
    right = written([*first, *written([*second, *third]).items()])
    assert content(left) == content(right)
    assert left.digest == right.digest


@given(items)
def test_merging_again_changes_nothing(some: list[Item]) -> None:
    ledger = written(some)
    before, digest = ledger.items(), ledger.digest
    assert ledger.merge(some) == []
    assert ledger.merge(ledger.items()) == []
    assert (ledger.items(), ledger.digest) == (before, digest)


@given(items, items)
def test_the_digest_tells_what_differs(some: list[Item], others: list[Item]) -> None:
    one, other = written(some), written(others)
    assert (one.digest == other.digest) == (content(one) == content(other))


def test_items_that_resemble_each_other_do_not_cancel_out_in_the_digest() -> None:
    """Four writes in a row about two processes: a sum of checksums that is linear would be 0."""
    keys = (('i', 'app:x'), ('i', 'app:y'), ('p', 'app:x'), ('p', 'app:y'))
    some = [make(kind, name, Version(4, 'a:1', 10 + number)) for number, (kind, name) in enumerate(keys)]
    assert written(some).digest != 0


@given(items)
def test_each_key_holds_its_largest_version_and_what_is_taken_is_returned(some: list[Item]) -> None:
    ledger = Ledger()
    for item in some:
        known = content(ledger).get(item.key)
        taken = ledger.merge((item,))
        assert taken == ([item] if known is None or item.version > known.version else [])
    assert len(ledger) == len({item.key for item in some})
    for key, item in content(ledger).items():
        assert item.version == max(one.version for one in some if one.key == key)


def test_a_higher_term_wins_over_any_sequence() -> None:
    ledger = written([intent_item('x', Version(1, 'b', 99), Intent(True))])
    assert ledger.merge([intent_item('x', Version(2, 'a', 1), Intent(False))])
    assert ledger.intent('x') == Intent(False)
    assert [item.version for item in ledger.items()] == [Version(2, 'a', 1)]


def test_open_requests_come_in_the_order_of_their_acceptance_and_done_ones_apart() -> None:
    accepted = {'late': Version(3, 'a', 1), 'early': Version(1, 'c', 9), 'middle': Version(1, 'c', 10)}
    ledger = written([request_item(key, version, RequestRecord({})) for key, version in accepted.items()])
    ledger.merge([request_item('done', Version(1, 'a', 1), RequestRecord({}, done=True, code=70, text='no'))])
    assert [key for key, _ in ledger.open_requests()] == ['early', 'middle', 'late']


def test_a_finished_request_that_is_forgotten_leaves_no_trace_and_does_not_come_back() -> None:
    version, later = Version(1, 'a', 1), Version(1, 'a', 2)
    ledger = written([request_item('a:1/boot/7', version, RequestRecord({}))])
    ledger.forget('r:a:1/boot/7')
    assert [key for key, _ in ledger.open_requests()] == ['a:1/boot/7']  # it is not finished
    ledger.merge([request_item('a:1/boot/7', later, RequestRecord({}, done=True))])
    assert ledger.digest == 0
    ledger.forget('r:a:1/boot/7')
    assert len(ledger) == 0
    assert ledger.merge([request_item('a:1/boot/7', version, RequestRecord({}))]) == []
    assert ledger.forgotten('a:1/boot/7')
    assert not ledger.forgotten('a:1/boot/8')
    assert not ledger.forgotten('a:1/other/7')


def test_intents_placements_and_requests_of_one_name_are_three_things() -> None:
    version = Version(1, 'a', 1)
    ledger = written(
        [
            intent_item('x', version, Intent(True, '-v')),
            placement_item('x', version, Placement('a', 'boot', 2)),
            request_item('x', version, RequestRecord({'kind': 'k'})),
        ]
    )
    assert len(ledger) == 3
    assert ledger.intent('x') == Intent(True, '-v')
    assert ledger.placement('x') == Placement('a', 'boot', 2)
    assert ledger.request('x') == RequestRecord({'kind': 'k'})


def test_a_placement_that_has_ended_tells_that_the_process_has_run() -> None:
    placement = Placement('a', 'boot', 0, 'r1')
    ended = Placement('a', 'boot', 0, 'r1', ended=True)
    ledger = written([placement_item('x', Version(1, 'a', 1), placement)])
    assert ledger.placed() == ['x']
    assert ledger.placement('x') == ledger.last_placement('x') == placement
    ledger.merge([placement_item('x', Version(1, 'a', 2), ended)])
    assert ledger.placed() == []
    assert ledger.placement('x') is None
    assert ledger.last_placement('x') == ended


def test_what_was_never_written_is_none() -> None:
    ledger = Ledger()
    assert ledger.intent('x') is ledger.placement('x') is ledger.request('x') is None
    assert ledger.last_placement('x') is None
    assert (len(ledger), ledger.digest) == (0, 0)


def test_request_of() -> None:
    version = Version(1, 'a', 1)
    assert request_of(request_item('a:1/boot/3', version, None)) == 'a:1/boot/3'
    assert request_of(intent_item('r:x', version, Intent(True))) is None


def test_subject_of() -> None:
    version = Version(1, 'a', 1)
    assert subject_of(intent_item('app:x', version, Intent(True))) == 'app:x'
    assert subject_of(placement_item('x', version, Placement('a', 'boot', 0))) == 'x'


def test_what_was_removed_is_not_wanted_again_by_who_has_missed_it() -> None:
    asked = intent_item('x', Version(2, 'a', 1), Intent(True, '-v', 'r1'))
    gone = intent_item('x', Version(2, 'a', 2), None)
    automatic = intent_item('x', Version(9, 'b', 1), Intent(True, '', AUTOMATIC))
    for order in ((asked, gone, automatic), (automatic, gone, asked), (gone, asked, automatic)):
        ledger = written(list(order))
        assert ledger.intent('x') is None
    again = intent_item('x', Version(2, 'a', 3), Intent(False, '', 'r2'))
    assert written([again, gone, asked]).intent('x') == Intent(False, '', 'r2')


def test_a_failure_that_is_over_says_nothing() -> None:
    ledger = written([failure_item('x', Version(2, 'a', 1), Failure('no room'))])
    assert ledger.failure('x') == Failure('no room')
    ledger.merge([failure_item('x', Version(2, 'a', 2), Failure())])
    assert ledger.failure('x') is None
