"""Real daemons, real faults: what the simulator says of virtual ones, judged on histories of real ones.

`live/` holds the scenarios (`make test-faults`); the rest is what they need, and the tests of the judges.
"""
