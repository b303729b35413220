"""The replicated ledger: versioned items, one for each intent, placement, failure or request; the larger wins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from supvisors.model.ledger import Failure, Intent, Item, Placement, RequestRecord, Version

_INTENT, _PLACEMENT, _REQUEST, _FAILURE = 'i:', 'p:', 'r:', 'f:'


class Ledger:
    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self.digest = 0
        """Equal on two instances when their items are; does not depend on the order of writing."""
        self.top = 0
        """The highest term of a version."""
        self._open: set[str] = set()
        self._floors: dict[str, int] = {}
        """Per origin, the highest number of a request that was forgotten."""

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> tuple[Item, ...]:
        return tuple(self._items.values())

    def merge(self, items: Iterable[Item]) -> list[Item]:
        """Take the items that are newer than ours; return those."""
        taken = []
        for item in items:
            known = self._items.get(item.key)
            if not self._is_over(item) if known is None else _rank(item) > _rank(known):
                self._replace(known, item)
                taken.append(item)
        return taken

    def _replace(self, known: Item | None, item: Item) -> None:
        if known is not None and _counts(known):
            self.digest ^= _fingerprint(known)
        if _counts(item):
            self.digest ^= _fingerprint(item)
        self._items[item.key] = item
        self.top = max(self.top, item.version.term)
        if item.request is not None:
            (self._open.discard if item.request.done else self._open.add)(item.key)

    def _is_over(self, item: Item) -> bool:
        request = request_of(item)
        return request is not None and self.forgotten(request)

    def forget(self, key: str) -> None:
        """Drop what is over. If an instance that was cut off brings a request back, it is not carried out again."""
        item = self._items.get(key)
        if item is None or _counts(item):
            return
        del self._items[key]
        request = request_of(item)
        if request is not None:
            origin, number = _parts(request)
            self._floors[origin] = max(number, self._floors.get(origin, 0))

    def forgotten(self, request: str) -> bool:
        """True if the request, or a later one of the same origin, has been finished and forgotten."""
        origin, number = _parts(request)
        return _REQUEST + request not in self._items and number <= self._floors.get(origin, -1)

    # -- typed reading
    def intent(self, namespec: str) -> Intent | None:
        item = self._items.get(_INTENT + namespec)
        return item.intent if item else None

    def placement(self, namespec: str) -> Placement | None:
        """Where the process is expected to run; None if it is not."""
        last = self.last_placement(namespec)
        return None if last is None or last.ended else last

    def last_placement(self, namespec: str) -> Placement | None:
        """Where the process was last seen running; None if it never was."""
        item = self._items.get(_PLACEMENT + namespec)
        return item.placement if item else None

    def failure(self, namespec: str) -> Failure | None:
        """Why the process could not be started; None if there is nothing to say. It may have been overtaken since."""
        item = self._items.get(_FAILURE + namespec)
        return item.failure if item and item.failure and item.failure.reason else None

    def request(self, request: str) -> RequestRecord | None:
        item = self._items.get(_REQUEST + request)
        return item.request if item else None

    def open_requests(self) -> list[tuple[str, RequestRecord]]:
        """The requests without an outcome, in the order in which they were accepted."""
        items = sorted((self._items[key] for key in self._open), key=lambda item: item.version)
        return [(item.key[len(_REQUEST) :], item.request) for item in items if item.request is not None]

    def placed(self) -> list[str]:
        """The processes that have a placement."""
        return [
            item.key[len(_PLACEMENT) :]
            for item in self._items.values()
            if item.placement is not None and not item.placement.ended
        ]


def intent_item(namespec: str, version: Version, intent: Intent | None) -> Item:
    """None: nobody wants anything of it any more."""
    return Item(_INTENT + namespec, version, intent=intent)


def placement_item(namespec: str, version: Version, placement: Placement | None) -> Item:
    """None: the process is not there any more."""
    return Item(_PLACEMENT + namespec, version, placement=placement)


def failure_item(namespec: str, version: Version, failure: Failure) -> Item:
    return Item(_FAILURE + namespec, version, failure=failure)


def request_item(request: str, version: Version, record: RequestRecord) -> Item:
    return Item(_REQUEST + request, version, request=record)


def request_of(item: Item) -> str | None:
    """The request that the item is about, if it is about one."""
    return item.key[len(_REQUEST) :] if item.key.startswith(_REQUEST) else None


def subject_of(item: Item) -> str:
    """The process that an item about a process is about."""
    return item.key[len(_INTENT) :]


def _parts(request: str) -> tuple[str, int]:
    """The origin of a request (an instance and its boot) and its number there."""
    origin, _, number = request.rpartition('/')
    return origin, int(number) if number.isdecimal() else 0


def _rank(item: Item) -> tuple[bool, Version]:
    """The larger wins. A request that has ended stays ended, whatever a rival has written of it since; and what a user
    wants (or that nobody wants anything, since it was removed) is not changed by the start sequence that the other side
    of a partition has followed."""
    ended = item.request is not None and item.request.done
    asked = item.key.startswith(_INTENT) and not (item.intent and item.intent.automatic)
    return ended or asked, item.version


def is_emptied(item: Item) -> bool:
    """True if it only says that something is over: the process was removed, or its failure has ended."""
    failing = item.failure is not None and item.failure.reason
    return item.intent is None and item.placement is None and item.request is None and not failing


def _counts(item: Item) -> bool:
    return not is_emptied(item) and (item.request is None or not item.request.done)


def _fingerprint(item: Item) -> int:
    # not a CRC: those are linear, and the sums of similar keys cancel out
    text = f'{item.key}|{item.version.term}|{item.version.master}|{item.version.sequence}'
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), 'big')
