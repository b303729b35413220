"""Names, whatever they are and however many."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from supvisors.bus import resolver as module
from supvisors.bus.mailbox import Mailbox
from supvisors.bus.reactor import Reactor, Watch
from supvisors.bus.resolver import LIMIT, Resolver, is_numeric

ODD = ['a\0b', 'x' * 100, 'a..b', '.', ' ', 'h\u00f6st..', '\ud800']


class Names:
    """A resolver, and the part of the bus thread that it needs."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.reactor = Reactor(lambda name, error: self.errors.append(error))
        self.resolver = Resolver(self.mailbox)
        self.errors: list[Exception] = []
        self.told: list[tuple[str, tuple[str, ...]]] = []
        self.reactor.watch(self.mailbox.fd, zmq.POLLIN, Watch('mailbox', self._collect, lambda: None))

    def _collect(self) -> None:
        for call, args in self.mailbox.take():
            call(*args)

    def ask(self, host: str) -> None:
        self.resolver.resolve(host, lambda addresses: self.told.append((host, addresses)))

    def wait(self, count: int) -> None:
        self.reactor.after(20, lambda: pytest.fail('names are not resolved'))
        while len(self.told) < count:
            self.reactor.turn()


@pytest.fixture
def names() -> Iterator[Names]:
    names = Names()
    yield names
    names.resolver.join(5)
    names.mailbox.close()


@pytest.mark.parametrize('host', ODD)
def test_odd_names_are_not_numeric(host: str) -> None:
    assert not is_numeric(host)


def test_odd_names_are_unknown_and_end_no_thread_for_good(names: Names) -> None:
    for host in ODD:
        names.ask(host)
    for number in range(2 * LIMIT):
        names.ask(f'a\0{number}')
    names.wait(len(ODD) + 2 * LIMIT)
    assert all(addresses == () for _, addresses in names.told)
    names.told.clear()
    names.ask('localhost')
    names.wait(1)
    assert '127.0.0.1' in names.told[0][1]
    assert not names.errors


def test_what_is_remembered_and_waited_for_is_bounded(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'NAMES', 2)
    names.ask('localhost')
    names.wait(1)
    for number in range(5):  # the mailbox is not read meanwhile
        names.ask(f'a\0{number}')
    assert names.told[1:] == [(f'a\0{number}', ()) for number in (2, 3, 4)]
    names.wait(6)
    assert len(names.resolver._known) == 1
    assert names.resolver.known('localhost') == names.told[0][1]
