"""The `supvisors.*` XML-RPC namespace: parameters, payloads, faults, deferred answers."""
from supvisors.rpc.namespace import RPCInterface

__all__ = ['RPCInterface']
