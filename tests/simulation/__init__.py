"""The deterministic simulator: many engines, one seeded virtual network and clock, faults of every kind.

From the bottom up: `clock`, `network` and `links` (the wire), `program` and `host` (one supervisord), `bus` and
`node` (one daemon around a real engine), `world` (all of them), `faults`, `clients`, `administration` and `scenario`
(what happens to it), `health` (what faults explain), `masters`, `copies`, `suspects`, `ranks`, `requests`, `arguments`,
`together` and `liveness` (what must hold),
`runner` and `__main__` (many seeds), `planted` (what the simulator must catch).
"""
