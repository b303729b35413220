"""A live cluster that the record is replayed on: one call as it was recorded, its outcome, and whether it may be so."""
from __future__ import annotations

import http.client
import xmlrpc.client
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import attrs

from supvisors.demo import LocalCluster
from tests.contract.checker import load_contract
from tests.contract.replay.layout import RECORDED
from tests.contract.replay.record import Record, decisions
from tests.contract.replay.shapes import FieldDifference, problems

TIMEOUT = 30.0


@attrs.frozen
class Outcome:
    """A value, or a fault with its text, or an HTTP status."""
    value: Any = None
    fault: int = 0
    text: str = ''
    http: int = 0

    def __str__(self) -> str:
        if self.http:
            return f'HTTP {self.http}'
        return f'fault {self.fault} {self.text!r}' if self.fault else f'result {self.value!r}'


@cache
def decided() -> Mapping[str, Mapping[str, Any]]:
    """Record -> the item of answers.json that wants another outcome."""
    return {record: item for item in decisions()['answers'] for record in item['records']}


@cache
def fault_names() -> Mapping[int, str]:
    return {code: name for name, code in load_contract()['faults'].items()}


@attrs.frozen
class Stage:
    """The cluster, and what its answers have shown: the decisions about fields that some answer has met."""
    cluster: LocalCluster
    met: set[FieldDifference] = attrs.field(factory=set)

    def call(self, nick: str, method: str, *params: Any) -> Outcome:
        """Call a method, by its full name, with any parameters."""
        body = xmlrpc.client.dumps(params, method, allow_none=True).encode()
        connection = http.client.HTTPConnection('127.0.0.1', self.cluster[nick].port, timeout=TIMEOUT)
        try:
            connection.request('POST', '/RPC2', body, {'Content-Type': 'text/xml'})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            return Outcome(http=answer.status)
        try:
            (value,), _ = xmlrpc.client.loads(text)
        except xmlrpc.client.Fault as error:
            return Outcome(fault=error.faultCode, text=error.faultString)
        return Outcome(self._recorded_names(value))

    def ask(self, nick: str, method: str, *params: Any) -> Any:
        """The result of a method of Supvisors."""
        outcome = self.call(nick, f'supvisors.{method}', *params)
        assert not outcome.fault and not outcome.http, f'{method}{params}: {outcome}'
        return outcome.value

    def replay(self, record: Record) -> Outcome:
        """The call of a record, made again."""
        return self.call(record.instance, record.method, *self._live_names(list(record.params)))

    def problems_of(self, records: Iterable[Record]) -> list[str]:
        """Replay these, and tell what is not as it should be."""
        return [f'{record}: {problem}' for record in records for problem in self.check(record, self.replay(record))]

    def check(self, record: Record, outcome: Outcome) -> Iterator[str]:
        """What is not as recorded, or as decided."""
        expected = decided().get(record.id, {}).get('outcome', record.outcome)
        found = outcome.fault or (f'HTTP {outcome.http}' if outcome.http else 'result')
        if found != expected:
            yield f'{outcome} instead of {expected}'
        elif outcome.fault and not outcome.text.startswith(fault_names()[outcome.fault]):
            yield f'the text does not begin with {fault_names()[outcome.fault]}: {outcome.text!r}'
        elif found == 'result' and record.outcome == 'result':
            yield from problems(outcome.value, record.shape, self.met, record.method)

    # -- names
    def _live_names(self, value: Any) -> Any:
        return _replaced(value, {RECORDED[daemon.nick]: daemon.identifier for daemon in self.cluster})

    def _recorded_names(self, value: Any) -> Any:
        return _replaced(value, {daemon.identifier: RECORDED[daemon.nick] for daemon in self.cluster})


def _replaced(value: Any, names: Mapping[str, str]) -> Any:
    """The value with other identifiers, wherever they are: keys of structs too."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_replaced(item, names) for item in value]
    if isinstance(value, dict):
        return {_replaced(key, names): _replaced(item, names) for key, item in value.items()}
    return value
