"""A whole system on this machine: what `supvisors demo` shows, and what the live tests and benchmarks run on."""

from supvisors.demo.cluster import Ending, LocalCluster
from supvisors.demo.daemon import Daemon
from supvisors.demo.layout import SLEEP, Layout, Program, application, rules_file
from supvisors.demo.waiting import wait_for

__all__ = ['SLEEP', 'Daemon', 'Ending', 'Layout', 'LocalCluster', 'Program', 'application', 'rules_file', 'wait_for']
