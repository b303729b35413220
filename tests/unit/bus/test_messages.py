"""Messages between two instances that are linked."""
from __future__ import annotations

import time

from supvisors.engine.messages import Envelope, Heartbeat, Ping, Pong, Submit, Update
from supvisors.model.identity import Incarnation
from supvisors.model.process import ProcessRecord
from tests.unit.bus.nodes import Node, beat, cluster, linked, submit, wait_for


def test_links_come_up_both_ways_once() -> None:
    with linked('', '') as (a, b):
        assert len(a.links(b)) == 1
        assert len(b.links(a)) == 1


def test_messages_arrive_whole_and_in_order() -> None:
    with linked('', '') as (a, b):
        before = time.monotonic()
        for number in range(500):
            a.send(b, submit(number))
        wait_for(lambda: len(b.bodies(Submit)) == 500)
        assert [body.request for body in b.bodies(Submit)] == [str(number) for number in range(500)]
        envelope = next(item for item in b.told if isinstance(item, Envelope))
        assert (envelope.sender, envelope.incarnation, envelope.term) == (a.identifier, Incarnation('n0-1', 1), 7)
        assert envelope.bus_port == a.bus.description()['port']
        assert b.times == sorted(b.times)
        assert before <= b.times[-1] <= time.monotonic()


def test_one_send_reaches_several_and_big_ones_pass() -> None:
    records = tuple(ProcessRecord('group', f'process_{number}', description='x' * 1000) for number in range(1000))
    with linked('', '', '') as (a, b, c):
        a.send([b, c], Update(records))
        wait_for(lambda: b.bodies(Update) and c.bodies(Update))
        assert b.bodies(Update) == c.bodies(Update) == [Update(records)]


def test_what_is_sent_to_a_peer_that_is_not_there_is_dropped_not_kept() -> None:
    with linked('', '') as (a, b):
        b.bus.close()
        wait_for(lambda: not a.is_linked(b))
        before = a.bus.counters.unlinked
        a.send(b, submit('lost'))
        a.bus.send(['nobody:1', a.identifier], a.envelope(submit('lost')))
        wait_for(lambda: a.bus.counters.unlinked == before + 3)
        b.told.clear()
        b.new_bus()
        b.start()
        wait_for(lambda: a.is_linked(b))
        a.send(b, submit('kept'))
        wait_for(lambda: b.bodies(Submit))
        assert b.bodies(Submit) == [submit('kept')]


def test_unlinked_peers_do_not_hold_back_the_others() -> None:
    with linked('', '', '') as (a, b, c):
        b.bus.close()
        a.send([b, c], submit(1))
        wait_for(lambda: c.bodies(Submit))


def test_a_frozen_main_loop_still_beats_and_its_age_grows() -> None:
    with linked('', '') as (a, b):
        a.bus.main_loop_alive()
        a.bus.set_beat([b.identifier], a.envelope(beat(system_state=4)))

        def beats() -> list[Heartbeat]:
            return [body for body in b.bodies(Heartbeat) if isinstance(body, Heartbeat)]

        wait_for(lambda: len(beats()) >= 3)
        first, second, third = beats()[:3]
        assert 0 <= first.loop_age < second.loop_age < third.loop_age
        assert first.times.mono < second.times.mono < third.times.mono
        assert abs(time.time() - third.times.wall) < 60
        assert (first.times.counter, first.system_state, first.claim) == (1, 4, beat().claim)
        envelope = next(item for item in b.told if isinstance(item, Envelope))
        assert envelope.bus_port == a.bus.description()['port']
        a.bus.main_loop_alive()
        count = len(beats())
        wait_for(lambda: len(beats()) > count)
        assert beats()[-1].loop_age < third.loop_age


def test_a_new_beat_is_sent_at_once_and_replaces_the_other() -> None:
    with linked('', '', '') as (a, b, c):
        a.bus.set_beat([b.identifier], a.envelope(beat(system_state=1)))
        wait_for(lambda: b.bodies(Heartbeat))
        a.bus.set_beat([c.identifier], a.envelope(beat(system_state=2)))
        wait_for(lambda: len(c.bodies(Heartbeat)) >= 3)
        assert {body.system_state for body in b.bodies(Heartbeat)} == {1}
        assert {body.system_state for body in c.bodies(Heartbeat)} == {2}
        a.bus.set_beat([], a.envelope(beat()))


def test_ping_is_answered_without_the_main_loop() -> None:
    with linked('', '') as (a, b):
        a.send(b, Ping(41))  # b's engine has never said anything
        wait_for(lambda: a.bodies(Pong))
        assert answers(a) == [Envelope(b.identifier, Incarnation('n1-1', 0), 0, 0, Pong(41), None, port(b))]
        b.bus.set_beat([], b.envelope(beat()))
        a.send(b, Ping(42))
        wait_for(lambda: len(answers(a)) == 2)
        assert answers(a)[1] == Envelope(b.identifier, Incarnation('n1-1', 1), 7, 3, Pong(42), None, port(b))
        assert not b.bodies(Ping)


def answers(node: Node) -> list[Envelope]:
    return [item for item in node.pump() if isinstance(item, Envelope)]


def port(node: Node) -> int:
    return int(node.bus.description()['port'])


def test_a_sender_that_is_not_known_is_counted_and_told_once() -> None:
    with cluster('') as (alone,), linked('', '') as (a, b):
        a.bus.send([b.identifier], alone.envelope(submit(1)))
        a.bus.send([b.identifier], alone.envelope(submit(2)))
        a.send(b, submit(3))
        wait_for(lambda: b.bodies(Submit))
        assert b.bodies(Submit) == [submit(3)]
        assert b.bus.counters.unknown_sender == 2
        problems = b.bus.problems()
        assert len(problems) == 1
        assert alone.identifier in problems[0]
        assert b.bus.problems() == []
