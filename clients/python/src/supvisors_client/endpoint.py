"""Where the server is and how to present oneself to it, read from a URL."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, unquote, urlsplit

from supvisors_client.errors import ConfigurationError

DEFAULT_PATH = '/RPC2'
DEFAULT_PORTS = {'http': 80, 'https': 443}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server: either `unix_path`, or `host` and `port`."""

    host: str
    port: int
    path: str = DEFAULT_PATH
    secure: bool = False
    unix_path: str = ''
    authorization: str = field(default='', repr=False)
    """Value of the HTTP header of that name; empty to present nothing."""

    @property
    def host_header(self) -> str:
        """The authority part of a request, in ASCII."""
        host = self.host.partition('%')[0]
        if ':' in host:
            host = f'[{host}]'
        elif not host.isascii():
            host = host.encode('idna').decode('ascii')
        return host if self.unix_path or self.port == DEFAULT_PORTS[self._scheme] else f'{host}:{self.port}'

    @property
    def _scheme(self) -> str:
        return 'https' if self.secure else 'http'

    def __str__(self) -> str:
        """The URL, without user and password."""
        return f'unix://{self.unix_path}' if self.unix_path else f'{self._scheme}://{self.host_header}{self.path}'


def parse_endpoint(url: str, username: str | None = None, password: str | None = None) -> Endpoint:
    """Return the endpoint of a URL; `username` and `password` win over those in the URL, which are percent-decoded.

    Args:
        url: `http://`, `https://` (path `/RPC2` if none is given) or `unix:///path/of/socket`.
        username: without it there is no authentication.
        password: empty if None.

    Raises:
        ConfigurationError: the URL has another form; the text does not repeat it, since it may hold a password.
    """
    scheme, separator, rest = url.partition('://')
    scheme = scheme.lower()
    if not separator or scheme not in ('unix', *DEFAULT_PORTS):
        raise ConfigurationError('the URL must start with http://, https:// or unix://')
    if scheme == 'unix':
        authority, slash, path = rest.partition('/')
        user_info, at, host = authority.rpartition('@')
        if not slash or not path or host:
            raise ConfigurationError('the URL of a unix socket is unix:// followed by an absolute path')
        authorization = _authorization(user_info if at else None, username, password)
        return Endpoint('localhost', 0, unix_path=f'/{path}', authorization=authorization)
    return _parse_inet(_split(url), username, password)


def endpoint_from_env(environ: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that SUPERVISOR_SERVER_URL, SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD designate.

    Raises:
        ConfigurationError: a variable is missing (it is named), or the URL has a wrong form.
    """
    url = environ.get('SUPERVISOR_SERVER_URL', '')
    username = environ.get('SUPERVISOR_USERNAME', '')
    password = environ.get('SUPERVISOR_PASSWORD')
    if not url:
        raise ConfigurationError('SUPERVISOR_SERVER_URL is missing from the environment: not started by supervisord?')
    if username and password is None:
        raise ConfigurationError('SUPERVISOR_PASSWORD is missing from the environment beside SUPERVISOR_USERNAME')
    if password and not username:
        raise ConfigurationError('SUPERVISOR_USERNAME is missing from the environment beside SUPERVISOR_PASSWORD')
    return parse_endpoint(url, username or None, password or None)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ConfigurationError('the URL has a wrong host or port; a password in it must be %-encoded') from None
    if parts.query or parts.fragment:
        raise ConfigurationError('the URL holds ? or #; a password in it must be %-encoded')
    if not parts.hostname:
        raise ConfigurationError('the URL has no host')
    return parts


def _parse_inet(parts: SplitResult, username: str | None, password: str | None) -> Endpoint:
    user_info, at, _ = parts.netloc.rpartition('@')
    endpoint = Endpoint(
        host=parts.hostname or '',
        port=DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port,
        path=DEFAULT_PATH if parts.path in ('', '/') else quote(parts.path, safe="/%:@!$&'()*+,;=~"),
        secure=parts.scheme == 'https',
        authorization=_authorization(user_info if at else None, username, password),
    )
    try:
        _ = endpoint.host_header
    except UnicodeError:
        raise ConfigurationError('the host of the URL is not a host name') from None
    return endpoint


def _authorization(user_info: str | None, username: str | None, password: str | None) -> str:
    if username is None:
        if password is not None:
            raise ConfigurationError('a password without a user name')
        if user_info is None:
            return ''
        username, _, password = (unquote(part) for part in user_info.partition(':'))
    if ':' in username:
        raise ConfigurationError('a user name cannot hold a colon')
    return 'Basic ' + b64encode(f'{username}:{password or ""}'.encode()).decode('ascii')
