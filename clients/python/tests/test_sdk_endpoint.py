"""URLs, users and the environment."""

from __future__ import annotations

from base64 import b64decode

import pytest

from supvisors_client import ConfigurationError, SupvisorsClient
from supvisors_client.endpoint import endpoint_from_env, parse_endpoint


def user_info(authorization: str) -> str:
    scheme, _, encoded = authorization.partition(' ')
    assert scheme == 'Basic'
    return b64decode(encoded).decode()


@pytest.mark.parametrize(
    ('url', 'shown', 'host_header'),
    [
        ('http://host:60000', 'http://host:60000/RPC2', 'host:60000'),
        ('http://host:60000/', 'http://host:60000/RPC2', 'host:60000'),
        ('HTTP://Host', 'http://host/RPC2', 'host'),
        ('https://host', 'https://host/RPC2', 'host'),
        ('https://host:80/x/RPC2', 'https://host:80/x/RPC2', 'host:80'),
        ('http://[::1]:9001', 'http://[::1]:9001/RPC2', '[::1]:9001'),
        ('http://[fe80::1%eth0]:9001', 'http://[fe80::1]:9001/RPC2', '[fe80::1]:9001'),
        ('http://bücher:1', 'http://xn--bcher-kva:1/RPC2', 'xn--bcher-kva:1'),
        ('http://host:1/é', 'http://host:1/%C3%A9', 'host:1'),
        ('http://user:secret@host:1', 'http://host:1/RPC2', 'host:1'),
        ('unix:///run/s up.sock', 'unix:///run/s up.sock', 'localhost'),
        ('unix://user:secret@/run/s.sock', 'unix:///run/s.sock', 'localhost'),
    ],
)
def test_urls(url: str, shown: str, host_header: str) -> None:
    endpoint = parse_endpoint(url)
    assert (str(endpoint), endpoint.host_header) == (shown, host_header)


@pytest.mark.parametrize(
    'url',
    [
        '',
        'host:9001',
        'ftp://host',
        'http://',
        'http://:9001',
        'http://host:0x50',
        'http://host:70000',
        'http://host/RPC2?a=secret',
        'http://user:secret#@host',
        'http://user:secret/@host',
        'http://user:secret\u2100@host',
        'http://[::1',
        'http://' + 'a' * 64 + 'é',
        'unix://',
        'unix:///',
        'unix://run/s.sock',
        'unix://user:secret@host/run/s.sock',
    ],
)
def test_wrong_urls_are_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_endpoint(url)
    assert 'secret' not in str(caught.value)
    assert caught.value.__cause__ is None
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ('url', 'username', 'password', 'sent'),
    [
        ('http://h', 'user', 'p@$$w0rd', 'user:p@$$w0rd'),
        ('http://h', 'usér', 'pä:ss€', 'usér:pä:ss€'),
        ('http://h', 'user', None, 'user:'),
        ('http://user:p@$$w0rd@h', None, None, 'user:p@$$w0rd'),
        ('http://user:p%40$$w0rd%2F%3F@h', None, None, 'user:p@$$w0rd/?'),
        ('http://user@h', None, None, 'user:'),
        ('http://user:one@h', 'other', 'two', 'other:two'),
        ('unix://user:p%40ss@/run/s.sock', None, None, 'user:p@ss'),
    ],
)
def test_users(url: str, username: str | None, password: str | None, sent: str) -> None:
    assert user_info(parse_endpoint(url, username, password).authorization) == sent


def test_no_user() -> None:
    assert parse_endpoint('http://h').authorization == ''


@pytest.mark.parametrize(('username', 'password'), [('a:b', 'secret'), (None, 'secret')])
def test_wrong_users(username: str | None, password: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_endpoint('http://h', username, password)
    assert password not in str(caught.value)


def test_password_is_never_shown() -> None:
    client = SupvisorsClient('http://user:secret@host:1')
    assert repr(client) == '<SupvisorsClient http://host:1/RPC2>'
    shown = repr(parse_endpoint('http://user:secret@host:1'))
    assert 'secret' not in shown
    assert 'Basic' not in shown


def test_environment() -> None:
    env = {'SUPERVISOR_SERVER_URL': 'unix:///run/s.sock'}
    assert endpoint_from_env(env).authorization == ''
    assert endpoint_from_env({**env, 'SUPERVISOR_USERNAME': '', 'SUPERVISOR_PASSWORD': ''}).authorization == ''
    full = {**env, 'SUPERVISOR_USERNAME': 'user', 'SUPERVISOR_PASSWORD': 'p@$$w0rd'}
    assert user_info(endpoint_from_env(full).authorization) == 'user:p@$$w0rd'


@pytest.mark.parametrize(
    ('env', 'missing'),
    [
        ({}, 'SUPERVISOR_SERVER_URL'),
        ({'SUPERVISOR_SERVER_URL': ''}, 'SUPERVISOR_SERVER_URL'),
        ({'SUPERVISOR_SERVER_URL': 'http://h', 'SUPERVISOR_USERNAME': 'u'}, 'SUPERVISOR_PASSWORD'),
        ({'SUPERVISOR_SERVER_URL': 'http://h', 'SUPERVISOR_PASSWORD': 'secret'}, 'SUPERVISOR_USERNAME'),
    ],
)
def test_missing_variable_is_named(env: dict[str, str], missing: str) -> None:
    with pytest.raises(ConfigurationError, match=f'^{missing} is missing'):
        SupvisorsClient.from_env(env)


def test_from_env_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('SUPERVISOR_SERVER_URL', 'http://host:9001')
    monkeypatch.delenv('SUPERVISOR_USERNAME', raising=False)
    monkeypatch.delenv('SUPERVISOR_PASSWORD', raising=False)
    assert repr(SupvisorsClient.from_env()) == '<SupvisorsClient http://host:9001/RPC2>'


@pytest.mark.parametrize('seconds', [0, -1.0, float('nan'), float('inf')])
def test_limits_are_checked(seconds: float) -> None:
    with pytest.raises(ValueError, match='time-out'):
        SupvisorsClient('http://h', timeout=seconds)
    with pytest.raises(ValueError, match='time-out'):
        SupvisorsClient('http://h', connect_timeout=seconds)
    with pytest.raises(ValueError, match='time-out'):
        SupvisorsClient('http://h').get_api_version(timeout=seconds)
    with pytest.raises(ValueError, match='max_answer_bytes'):
        SupvisorsClient('http://h', max_answer_bytes=0)
