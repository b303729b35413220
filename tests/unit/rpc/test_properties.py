"""Whatever a client sends, and whatever the engine shows: an answer or a fault, which XML can carry."""
from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from xmlrpc.client import Fault, loads

import attrs
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from supervisor.xmlrpc import RootRPCInterface, RPCError, traverse, xmlrpc_marshal

from supvisors.engine.messages import Info
from supvisors.engine.view import InnerProcessView, Prediction, ProcessView
from supvisors.model.enums import ProcessState, SupvisorsState
from supvisors.model.identity import Now
from supvisors.model.orphan import Orphan
from supvisors.model.process import ProcessRecord
from supvisors.rpc import payloads
from supvisors.rpc.expression import check_expression
from tests.contract.checker import ContractError, check, load_contract
from tests.unit.rpc.dispatcher import WAITING, Dispatcher
from tests.unit.rpc.world import OTHER, Daemon, World, instance_view

CONTRACT = load_contract()
METHODS: dict[str, Any] = CONTRACT['methods']

# a busy machine is no reason to fail
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates and control characters included
LEAVES = (st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.datetimes()
          | st.sampled_from([10**4000, 2**31, -2**63, '', '*', ':', ':*', 'a' * 100_000, datetime.max]))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
                      max_leaves=5)
PLAUSIBLE = st.sampled_from(['alpha', 'edge', 'web', 'backup', 'free', 'web:api', 'web:*', 'backup:', 'backup:mirror',
                             'CONFIG', 'LOCAL', 1, 5, True, False, '', '-x', 'web|back', '(', '(a+)+$'])


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, list[Any]]:
    name = draw(st.sampled_from(sorted(METHODS)))
    count = len(METHODS[name]['params']) + draw(st.sampled_from([0, 0, 0, 0, 0, -1, 1]))
    return name, [draw(PLAUSIBLE | PLAUSIBLE | VALUES) for _ in range(count)]


def is_good(spec: dict[str, Any], value: object) -> bool:
    """Read in the contract, not in the code under test."""
    try:
        check(value, spec, CONTRACT)
    except (ContractError, ValueError):
        return False
    if spec['name'] == 'regex':
        return is_expression(str(value))
    if isinstance(value, str) and 'enum' not in spec:
        return value != '' or spec.get('default') == ''
    return True


def is_expression(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, OverflowError):
        return False
    return True


@patient
@given(call=calls(), state=st.sampled_from([SupvisorsState.OPERATION] * 3 + list(SupvisorsState)))
@example(call=('start_process', [10**4000, 'backup']), state=SupvisorsState.OPERATION)
@example(call=('start_application', [True, 'backup']), state=SupvisorsState.OPERATION)
@example(call=('stop_process', ['web:api', 1]), state=SupvisorsState.OPERATION)
def test_any_call(call: tuple[str, list[Any]], state: SupvisorsState) -> None:
    name, arguments = call
    daemon = Daemon(World(state=state))
    root = RootRPCInterface([('supvisors', daemon.interface)])
    specs = METHODS[name]['params']
    required = sum('default' not in spec for spec in specs)
    good = required <= len(arguments) <= len(specs) and all(map(is_good, specs, arguments[:len(specs)]))
    try:
        value = traverse(root, f'supvisors.{name}', arguments)
    except RPCError as error:
        value = error
    assert daemon.errors == []
    if isinstance(value, RPCError):
        assert value.code in {fault['code'] for fault in METHODS[name]['faults']}
        assert len(value.text) < 1000
        assert value.text.isascii()
        assert value.text.isprintable()
        assert (daemon.world.requests, daemon.world.predicted) == ([], [])
        return
    assert good
    if not callable(value):
        check(loads(xmlrpc_marshal(value))[0][0], METHODS[name]['returns'], CONTRACT)
    assert len(daemon.world.requests) == (callable(value) or name in ('restart', 'shutdown'))
    assert len(daemon.world.predicted) == name.startswith('test_')


WIRE_TEXT = st.text(st.characters(exclude_categories=('Cs', 'Cc'), exclude_characters='\ufffe\uffff'))
WIRE_LEAVES = st.booleans() | st.integers(-2**31, 2**31 - 1) | st.floats(allow_nan=False) | WIRE_TEXT | st.none()
WIRE_VALUES = st.recursive(WIRE_LEAVES, lambda inner: st.lists(inner, max_size=3)
                           | st.dictionaries(WIRE_TEXT, inner, max_size=3), max_leaves=5)


@patient
@given(name=st.sampled_from(sorted(METHODS)), arguments=st.lists(PLAUSIBLE | WIRE_VALUES, max_size=5))
def test_any_call_through_the_dispatcher(name: str, arguments: list[Any]) -> None:
    """The same from bytes to bytes: `poll` asserts that the HTTP status is 200."""
    try:
        value = Dispatcher(Daemon().interface).call(name, *arguments)
    except Fault:
        return
    if value is not WAITING:
        check(value, METHODS[name]['returns'], CONTRACT)


INTS = st.integers(0, 2**70)
FLOATS = st.floats()
NOWS = st.builds(Now, st.floats(0, 1e12), st.floats(0, 1e12))
RECORDS = st.builds(
    ProcessRecord, group=ANY_TEXT, name=ANY_TEXT, state=st.sampled_from([-1, 5, *map(int, ProcessState)]),
    spawnerr=ANY_TEXT, description=ANY_TEXT, pid=INTS, start=INTS, start_mono=st.floats(0, 1e12), stop=INTS,
    stop_mono=st.floats(0, 1e12), startsecs=INTS, stopwaitsecs=INTS, extra_args=ANY_TEXT, program_name=ANY_TEXT,
    process_index=INTS)
PROCESSES = st.builds(ProcessView, ANY_TEXT, ANY_TEXT, INTS, st.booleans(), st.just(('b', 'a')), ANY_TEXT, FLOATS)
JSON = st.recursive(st.none() | st.booleans() | INTS | FLOATS | ANY_TEXT,
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
                    max_leaves=8)
ADDRESSES = st.dictionaries(ANY_TEXT, st.fixed_dictionaries({}, optional={
    'nic_info': JSON, 'host_name': JSON, 'aliases': JSON, 'ipv4_addresses': JSON}) | JSON, max_size=3)
NETWORKS = st.fixed_dictionaries({}, optional={'fqdn': JSON, 'addresses': ADDRESSES | JSON})


def carried(struct: object, structure: str) -> None:
    """The struct is what the contract says, on this side and on the other side of the wire."""
    for value in (struct, loads(xmlrpc_marshal(struct).encode())[0][0]):
        check(value, {'type': 'struct', 'structure': structure}, CONTRACT)


@patient
@given(record=RECORDS, now=NOWS)
def test_any_record(record: ProcessRecord, now: Now) -> None:
    carried(payloads.local_process_info(record, now), 'LocalProcessInfo')


@patient
@given(record=RECORDS, clocks=st.tuples(FLOATS, FLOATS, FLOATS, FLOATS, FLOATS), crashed=st.booleans(), now=NOWS)
def test_any_record_of_another_instance(record: ProcessRecord, clocks: tuple[float, ...], crashed: bool,
                                        now: Now) -> None:
    """What another instance tells of its clock is not checked by anybody else."""
    start, stop, event, told, there = clocks
    record = attrs.evolve(record, start_mono=start, stop_mono=stop, event_mono=event)
    carried(payloads.inner_process_info(InnerProcessView(OTHER, record, told, crashed), now, there), 'InnerProcessInfo')


@patient
@given(view=PROCESSES, now=NOWS)
def test_any_process(view: ProcessView, now: Now) -> None:
    carried(payloads.process_info(view, now), 'ProcessInfo')


@patient
@given(network=NETWORKS, machine_id=ANY_TEXT)
def test_any_network(network: dict[str, object], machine_id: str) -> None:
    carried(payloads.network_info(instance_view(OTHER, Info('1', '', (), machine_id, network))), 'NetworkInfo')


@patient
@given(counter=INTS, loading=INTS, number=FLOATS, reason=ANY_TEXT)
def test_any_instance(counter: int, loading: int, number: float, reason: str) -> None:
    view = attrs.evolve(instance_view(OTHER, None), remote_counter=counter, local_counter=counter, loading=loading,
                        remote_mono=number, remote_wall=number, local_mono=number, local_wall=number, stalled=number,
                        reason=reason, orphans=(Orphan(reason, counter, loading),))
    carried(payloads.instance_info(view), 'InstanceInfo')


@patient
@given(group=ANY_TEXT, name=ANY_TEXT, state=INTS, reason=ANY_TEXT)
def test_any_prediction(group: str, name: str, state: int, reason: str) -> None:
    carried(payloads.start_prediction(Prediction(group, name, state, reason, ('b', 'a'))), 'StartPrediction')


@patient
@given(text=ANY_TEXT, expression=ANY_TEXT)
def test_any_expression(text: str, expression: str) -> None:
    """Refused with a text that can be told, or accepted as Python does."""
    refusal = None
    try:
        check_expression('regex', expression, [text])
    except RPCError as error:
        refusal = error
    assert (refusal is None) == is_expression(expression)
    if refusal is not None:
        assert refusal.code == 2
        assert len(refusal.text) < 1000
        assert refusal.text.isascii() and refusal.text.isprintable()
