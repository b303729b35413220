"""One class per fault of the contract, and how a received fault becomes one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from supvisors_client.errors import Fault


class KnownFault(Fault):
    """A fault that the contract names: `CODE` and `NAME` are those of the class."""

    CODE: ClassVar[int]
    NAME: ClassVar[str]


class UnknownMethodFault(KnownFault):
    """The server has no such method: the plugin is not loaded, or is older than this call."""

    CODE = 1
    NAME = 'UNKNOWN_METHOD'


class IncorrectParametersFault(KnownFault):
    """Wrong number, type or value of parameters."""

    CODE = 2
    NAME = 'INCORRECT_PARAMETERS'


class BadArgumentsFault(KnownFault):
    """Arguments that Supervisor cannot use."""

    CODE = 3
    NAME = 'BAD_ARGUMENTS'


class SignatureUnsupportedFault(KnownFault):
    """The method publishes no signature."""

    CODE = 4
    NAME = 'SIGNATURE_UNSUPPORTED'


class ShutdownStateFault(KnownFault):
    """The supervisord that answers is stopping."""

    CODE = 6
    NAME = 'SHUTDOWN_STATE'


class BadNameFault(KnownFault):
    """Unknown instance, application, process or program."""

    CODE = 10
    NAME = 'BAD_NAME'


class BadSignalFault(KnownFault):
    """Unknown signal."""

    CODE = 11
    NAME = 'BAD_SIGNAL'


class NoFileFault(KnownFault):
    """The command of the program was not found."""

    CODE = 20
    NAME = 'NO_FILE'


class NotExecutableFault(KnownFault):
    """The command of the program cannot be executed."""

    CODE = 21
    NAME = 'NOT_EXECUTABLE'


class FailedFault(KnownFault):
    """The request failed; with Supvisors, the Master could not be reached or was lost before the outcome was known."""

    CODE = 30
    NAME = 'FAILED'


class AbnormalTerminationFault(KnownFault):
    """Nothing could be started: no resource, no rule, or disabled everywhere."""

    CODE = 40
    NAME = 'ABNORMAL_TERMINATION'


class SpawnErrorFault(KnownFault):
    """The process was started and did not stay up."""

    CODE = 50
    NAME = 'SPAWN_ERROR'


class AlreadyStartedFault(KnownFault):
    """The target runs already."""

    CODE = 60
    NAME = 'ALREADY_STARTED'


class NotRunningFault(KnownFault):
    """The target does not run, or did not end up running."""

    CODE = 70
    NAME = 'NOT_RUNNING'


class SuccessFault(KnownFault):
    """Not an error: a status inside the group results of Supervisor."""

    CODE = 80
    NAME = 'SUCCESS'


class AlreadyAddedFault(KnownFault):
    """The group is there already."""

    CODE = 90
    NAME = 'ALREADY_ADDED'


class StillRunningFault(KnownFault):
    """A process still runs at the end of a stop."""

    CODE = 91
    NAME = 'STILL_RUNNING'


class CantRereadFault(KnownFault):
    """The configuration of supervisord could not be read again."""

    CODE = 92
    NAME = 'CANT_REREAD'


class SupvisorsConfErrorFault(KnownFault):
    """The configuration of Supvisors is wrong."""

    CODE = 100
    NAME = 'SUPVISORS_CONF_ERROR'


class BadSupvisorsStateFault(KnownFault):
    """Supvisors is not in a state in which this request is accepted."""

    CODE = 101
    NAME = 'BAD_SUPVISORS_STATE'


class NotManagedFault(KnownFault):
    """The application has no rules."""

    CODE = 102
    NAME = 'NOT_MANAGED'


class DisabledFault(KnownFault):
    """The program is disabled."""

    CODE = 103
    NAME = 'DISABLED'


class NotApplicableFault(KnownFault):
    """The request does not apply to this program or configuration."""

    CODE = 104
    NAME = 'NOT_APPLICABLE'


class NotInstalledFault(KnownFault):
    """The server lacks an optional package that the request needs."""

    CODE = 105
    NAME = 'NOT_INSTALLED'


FAULTS: Mapping[int, type[KnownFault]] = {fault.CODE: fault for fault in KnownFault.__subclasses__()}

_SYMBOLIC = re.compile(r'([A-Z][A-Z0-9_]*)(?:: ?(.*))?', re.DOTALL)


def received_fault(code: int, text: str) -> Fault:
    """Return the fault of a code and a text, `NAME` or `NAME: detail`; any other text is taken as the detail."""
    match = _SYMBOLIC.fullmatch(text)
    name, detail = (match[1], match[2] or '') if match else ('', text)
    known = FAULTS.get(code)
    return known(code, known.NAME, detail) if known else Fault(code, name, detail)
