"""The secret that the instances share: the content of `secret_file`, or else the password of the HTTP server."""
from __future__ import annotations

import os.path
from pathlib import Path

from supvisors.config.errors import ConfigurationError, Problem


def read_secret(path: str, password: str) -> str:
    """Return the secret; empty when there is neither a file nor a password.

    :param path: option `secret_file`; empty when it is not set. Blanks around its content do not count.
    :raise ConfigurationError: the file cannot be read, or holds nothing. It never falls back to another secret.
    """
    if not path:
        return password
    if os.path.exists(path) and not os.path.isfile(path):
        # a pipe could be read once, and would be waited for at the next reload
        raise _refused(path, 'is not a regular file')
    try:
        secret = Path(path).read_text(encoding='utf-8').strip()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise _refused(path, f'cannot be read ({reason})') from None
    if not secret:
        raise _refused(path, 'is empty')
    return secret


def _refused(path: str, reason: str) -> ConfigurationError:
    accepted = 'a text file that holds the secret, the same on all instances'
    remedy = 'correct the file and its permissions, or remove the option'
    return ConfigurationError([Problem('option secret_file', path, accepted, reason, remedy)])
