"""The elements of the list, and the local one among them. No network is asked."""
import socket
import uuid
from types import SimpleNamespace

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supvisors.config import ConfigurationError, HostNames, find_local, host_names, local_network
from supvisors.config.elements import has_own_nick, parse_element
from supvisors.config.errors import Refused
from supvisors.config.instances import look_up
from supvisors.config.network import describe, machine_id, normalise
from supvisors.config.options import read_options
from supvisors.model.identity import Identity
from supvisors.model.options import Options

PORT = 60000
HOST = HostNames('Web1.example.org', frozenset(('127.0.0.1', '::1', '10.0.0.1', 'fd00::1')))
NAMES = {'alias': ['10.0.0.1'], 'web1.other.org': ['10.0.0.1'], 'web1.far.org': ['10.9.9.9'], 'six': ['fd00:0::1%eth0'],
         'far': ['10.0.0.9'], 'loop': ['127.0.1.1']}


class Names:
    """A name server that remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, host):
        self.asked.append(host)
        return NAMES.get(host, [])


def find(text, *, nick='supervisor', host=HOST, port=PORT, names=None, **options):
    elements = read_options({'supvisors_list': text}, http_port=port, nick=nick, here='/', environ={})[0].instances
    options = Options(instances=elements, **options)
    return find_local(options, http_port=port, nick=nick, host=host, look_up=names or Names())


def refusal(*args, **kwargs):
    with pytest.raises(ConfigurationError) as caught:
        find(*args, **kwargs)
    problem, = caught.value.problems
    return problem


def warnings(found):
    return [note.text for note in found.notes if note.level == 'warn']


@pytest.mark.parametrize(('text', 'identity', 'identifier', 'nick'), [
    ('cliche81', Identity('cliche81', PORT, 'cliche81'), 'cliche81:60000', 'cliche81'),
    ('cliche81:60001', Identity('cliche81', 60001), 'cliche81:60001', 'cliche81:60001'),
    ('<db>192.168.1.49', Identity('192.168.1.49', PORT, 'db'), '192.168.1.49:60000', 'db'),
    ('<db>cliche:60002', Identity('cliche', 60002, 'db'), 'cliche:60002', 'db'),
    ('<supervisor>h1', Identity('h1', PORT, 'h1'), 'h1:60000', 'h1'),
    ('<supervisor>h1:1', Identity('h1', 1), 'h1:1', 'h1:1'),
    ('<a-b_c:1.2>Host_é.x-1:65535', Identity('Host_é.x-1', 65535, 'a-b_c:1.2'), 'Host_é.x-1:65535', 'a-b_c:1.2'),
    ('h1:80', Identity('h1', 80), 'h1:80', 'h1:80'),
    ('[::1]', Identity('::1', PORT, '::1'), '[::1]:60000', '::1'),
    ('<six>[fd00::2]:60001', Identity('fd00::2', 60001, 'six'), '[fd00::2]:60001', 'six'),
])
def test_element(text, identity, identifier, nick):
    element = parse_element(text, PORT)
    assert element == identity
    assert (element.identifier, element.nick_identifier) == (identifier, nick)
    assert has_own_nick(element) == (element.nick not in ('', element.host_id))


@pytest.mark.parametrize(('text', 'part'), [
    ('h1:0', 'port'), ('h1:65536', 'port'), ('[::1]:0', 'port'), ('[nothing]', 'host'), ('[h1]:0', 'host'),
    ('[fe80::1%eth0]:1', 'zone'), ('fe80::1', 'brackets'), ('<a>fe80::1:2', 'brackets'), ('h1:٣', 'is not'),
    ('', 'is not'), ('<>h1', 'is not'), ('h1:', 'is not'), ('<a><b>h1', 'is not')])
def test_bad_element(text, part):
    with pytest.raises(Refused, match=part):
        parse_element(text, PORT)


@given(st.text(max_size=30) | st.from_regex(r'(<\w>)?\[?[\w:.]{0,8}\]?(:\d{0,6})?'))
def test_any_element(text):
    try:
        element = parse_element(text, PORT)
    except Refused:
        return
    assert 1 <= element.port <= 65535
    assert element.host_id
    assert parse_element(element.identifier, PORT).identifier == element.identifier


@pytest.mark.parametrize(('text', 'kwargs', 'identifier', 'how', 'asked'), [
    ('h1,h2', {'local_identifier': 'h2'}, 'h2:60000', 'local_identifier', []),
    ('h1,h2', {'local_identifier': 'h2:60000'}, 'h2:60000', 'local_identifier', []),
    ('<a>10.0.0.1,<b>h2', {'local_identifier': 'b', 'nick': 'a'}, 'h2:60000', 'local_identifier', []),
    ('<a>10.0.0.1,<b>far', {'nick': 'b'}, 'far:60000', "supervisord's identifier", []),
    ('h1,far', {'nick': 'far'}, 'far:60000', "supervisord's identifier", []),
    ('h1:1,far:2', {'nick': 'far:2', 'port': 2}, 'far:2', "supervisord's identifier", []),
    ('<a>10.0.0.1,<b>far', {'nick': 'c'}, '10.0.0.1:60000', 'address', []),
    ('far,10.0.0.1,web1', {}, '10.0.0.1:60000', 'address', []),
    ('127.0.0.1:60000,127.0.0.1:60001', {}, '127.0.0.1:60000', 'address', []),
    ('127.0.0.1:60000,127.0.0.1:60001', {'port': 60001}, '127.0.0.1:60001', 'address', []),
    ('127.0.0.9,far', {}, '127.0.0.9:60000', 'address', []),
    ('[::1]:60000,far', {}, '[::1]:60000', 'address', []),
    ('[fd00:0:0::1],far', {}, '[fd00:0:0::1]:60000', 'address', []),
    ('far,WEB1', {}, 'WEB1:60000', 'name of the host', []),
    ('far,web1.example.ORG', {}, 'web1.example.ORG:60000', 'name of the host', []),
    ('localhost:60001,localhost:60000', {}, 'localhost:60000', 'name of the host', []),
    ('far,alias:60001,alias', {}, 'alias:60000', 'look-up', ['far', 'alias']),
    ('far,gone,six', {}, 'six:60000', 'look-up', ['far', 'gone', 'six']),
    ('far:1,loop', {}, 'loop:60000', 'look-up', ['loop']),
    ('far,alias,web1.other.org', {}, 'web1.other.org:60000', 'look-up', ['web1.other.org']),
    ('10.0.0.7,web1.far.org,alias', {}, 'alias:60000', 'look-up', ['web1.far.org', 'alias']),
])
def test_found(text, kwargs, identifier, how, asked):
    names = Names()
    found = find(text, names=names, **kwargs)
    assert found.local.identifier == identifier
    assert found.local in found.instances
    assert how in found.notes[0].text
    assert names.asked == asked


@pytest.mark.parametrize(('text', 'kwargs', 'parts'), [
    ('far,gone', {}, ['no element', 'far:60000, gone:60000', '10.0.0.1', 'web1.example.org', '2 looked up']),
    ('10.0.0.1:60001', {}, ['no element has the local HTTP port 60000', '0 looked up']),
    ('far', {'nick': 'x'}, ["no element has supervisord's identifier 'x'"]),
    ('10.0.0.1', {'local_identifier': 'x'}, ["the nick 'x' of option local_identifier"]),
    ('10.0.0.1,127.0.0.1,far', {}, ['several', 'an address of the host', '10.0.0.1:60000, 127.0.0.1:60000']),
    ('web1,localhost', {}, ['several', 'the name of the host']),
    ('alias,loop', {}, ['several', 'look-up']),
])
def test_not_found_or_several(text, kwargs, parts):
    problem = refusal(text, **kwargs)
    assert all(part in str(problem) for part in parts), str(problem)
    assert 'set local_identifier' in problem.remedy


@pytest.mark.parametrize(('element', 'nick', 'expected', 'warned'), [
    ('<a>10.0.0.1', 'supervisor', 'a', 0),
    ('<a>10.0.0.1', 'a', 'a', 0),
    ('<a>10.0.0.1', 'b', 'a', 1),
    ('10.0.0.1:60000', 'supervisor', '10.0.0.1:60000', 0),
    ('10.0.0.1', 'supervisor', '10.0.0.1', 0),
    ('10.0.0.1', 'b', 'b', 0),
    ('10.0.0.1:60000', 'b', 'b', 0),
    ('<supervisor>10.0.0.1', 'b', 'b', 0),
])
def test_nick_of_the_local_instance(element, nick, expected, warned):
    found = find(f'far,{element}', nick=nick, stereotypes=('@A',))
    assert found.local.nick_identifier == expected
    assert found.instances == (Identity('far', PORT, 'far'), found.local)
    assert found.local.stereotypes == ('@A',)
    assert len(warnings(found)) == warned
    if warned:
        assert "'b'" in warnings(found)[0]
        assert "'a'" in warnings(found)[0]


def test_nick_of_another_instance():
    assert 'is the name of far:60000' in str(refusal('far,10.0.0.1', nick='far', local_identifier='10.0.0.1'))


def test_other_port_by_name_is_warned_about():
    assert 'redirection' in warnings(find('<a>far:61000,h2', nick='a'))[0]


@pytest.mark.parametrize(('nick', 'local_identifier', 'local'), [
    ('supervisor', '', Identity('Web1.example.org', PORT, 'Web1.example.org', ('x',))),
    ('a', '', Identity('Web1.example.org', PORT, 'a', ('x',))),
    ('supervisor', '<b>10.0.0.1', Identity('10.0.0.1', PORT, 'b', ('x',))),
])
def test_alone(nick, local_identifier, local):
    found = find('', nick=nick, local_identifier=local_identifier, stereotypes=('x',))
    assert found.local == local
    assert found.instances == (local,)
    assert 'alone' in found.notes[0].text


def test_alone_with_a_bad_identifier():
    assert 'is not' in str(refusal('', local_identifier='a b'))


def test_real_look_up_never_fails():
    assert look_up('127.0.0.1') == ['127.0.0.1']
    assert look_up('::1') == ['::1']
    for host in ('a..b', 'x' * 300, '\ud800', 'a\0b'):
        assert look_up(host) == []


def test_real_host_is_found_by_loopback(monkeypatch):
    monkeypatch.setattr(socket, 'gethostbyaddr', None)
    monkeypatch.setattr(socket, 'getfqdn', None)
    monkeypatch.setattr(socket, 'getaddrinfo', None)
    options = Options(instances=(Identity('127.0.0.1', 1), Identity('127.0.0.1', 2)))
    assert find_local(options, http_port=2, nick='supervisor').local.port == 2
    assert '127.0.0.1' in host_names().addresses
    network = local_network()
    assert set(network) == {'fqdn', 'machine_id', 'addresses'}
    assert network['fqdn'] == socket.gethostname()
    assert 'lo' not in network['addresses']


def test_host_names_of_odd_interfaces(monkeypatch):
    nic = SimpleNamespace
    monkeypatch.setattr(psutil, 'net_if_addrs', lambda: {
        'eth0': [nic(family=socket.AF_INET, address='10.0.0.1', netmask=None),
                 nic(family=socket.AF_INET6, address='fe80::1%eth0', netmask='ffff::'),
                 nic(family=psutil.AF_LINK, address='02:fc:00:00:00:01', netmask=None)],
        'lo': [nic(family=socket.AF_INET, address='127.0.0.1', netmask='255.0.0.0')], 'none': []})
    monkeypatch.setattr(uuid, 'getnode', lambda: 0x02fc00000001)
    assert host_names().addresses == {'10.0.0.1', 'fe80::1', '127.0.0.1'}
    network = local_network()
    assert network['machine_id'] == '02:fc:00:00:00:01'
    assert network['addresses'] == {'eth0': {
        'host_name': socket.gethostname(), 'aliases': [], 'ipv4_addresses': ['10.0.0.1'],
        'nic_info': {'nic_name': 'eth0', 'ipv4_address': '10.0.0.1', 'netmask': '255.255.255.255'}}}


def test_addresses_of_two_interfaces():
    nics = {'lo': [('127.0.0.1', '255.0.0.0')], 'a': [('10.0.0.1', '255.0.0.0'), ('10.0.0.2', '255.0.0.0')],
            'b': [('127.0.0.2', '255.0.0.0'), ('10.1.0.1', '255.255.0.0')], 'c': []}
    addresses = describe(nics, 'h1')
    assert {name: (item['host_name'], item['ipv4_addresses'], item['nic_info']['netmask'])
            for name, item in addresses.items()} == {
        'a': ('10.0.0.1', ['10.0.0.1'], '255.0.0.0'), 'b': ('10.1.0.1', ['10.1.0.1'], '255.255.0.0')}


def test_machine_id_without_a_hardware_address_does_not_change():
    drawn = [machine_id(1 << 40 | number, 'h1') for number in (1, 2)]
    assert drawn[0] == drawn[1] != machine_id(1 << 40, 'h2')
    assert machine_id(1, 'h1') == machine_id(1, 'h2') == '00:00:00:00:00:01'


@pytest.mark.parametrize(('address', 'expected'), [
    ('10.0.0.1', '10.0.0.1'), ('FD00:0::1', 'fd00::1'), ('fe80::1%eth0', 'fe80::1'), ('h1', ''),
    ('', ''), ('1.2.3', '')])
def test_normalise(address, expected):
    assert normalise(address) == expected
