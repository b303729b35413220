"""The XSD that is shipped accepts and refuses what the check does, as far as a schema can tell."""
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import supvisors.config
from supvisors.config import ConfigurationError
from supvisors.config.rules import parse_rules
from supvisors.config.rules_grammar import GRAMMAR

FOLDER = Path(supvisors.config.__file__).parent
SCHEMA = etree.XMLSchema(etree.parse(str(FOLDER / 'rules.xsd')))


def schema_accepts(document: str) -> bool:
    return bool(SCHEMA.validate(etree.fromstring(document.encode())))


def check_accepts(document: str) -> bool:
    try:
        parse_rules([('f.xml', document.encode())])
    except ConfigurationError:
        return False
    return True


def program(body: str, attributes: str = 'name="p"') -> str:
    return ('<root><application name="a"><programs>'
            f'<program {attributes}>{body}</program></programs></application></root>')


def leaf(tag: str, text: str) -> list[str]:
    """The element wherever the grammar has it."""
    element = f'<{tag}>{text}</{tag}>'
    documents = []
    if tag in GRAMMAR['application'].leaves:
        documents.append(f'<root><application name="a_1">{element}</application></root>')
    if tag in GRAMMAR['program'].leaves:
        more = '<model name="m"/></root>' if tag == 'reference' else '</root>'
        documents.append(program(element, 'pattern="p"').replace('</root>', more))
        documents.append(f'<root><model name="x">{element}</model>{more}')
    assert documents, tag
    return documents


RANKS = ('start_sequence', 'stop_sequence')
GOOD = [
    *((tag, text) for tag in RANKS for text in ('0', '127', ' 5\n', '007', '+3', '-0')),
    *(('expected_loading', text) for text in ('0', '100', '\t42 ')),
    *((tag, text) for tag in ('required', 'wait_exit')
      for text in ('yes', 'No', 'ON', 'oFf', 'true', 'FALSE', '1', ' 0 ')),
    *(('identifiers', text) for text in ('*', ' a , b', 'h1:60000', ',a,', '#', '#,b')),
    *(('distribution', text) for text in ('ALL_INSTANCES', ' SINGLE_INSTANCE ', 'SINGLE_NODE\n')),
    *(('starting_strategy', text) for text in ('CONFIG', 'LESS_LOADED', 'MOST_LOADED', 'LOCAL', 'LESS_LOADED_NODE',
                                               'MOST_LOADED_NODE')),
    *(('starting_failure_strategy', text) for text in ('ABORT', 'STOP', 'CONTINUE')),
    *(('running_failure_strategy', text) for text in ('CONTINUE', 'RESTART_PROCESS', 'STOP_APPLICATION',
                                                      'RESTART_APPLICATION', 'SHUTDOWN', 'RESTART')),
    ('operational_status', "\n  any('x')\n"), ('reference', ' m '),
]
BAD = [
    *((tag, text) for tag in RANKS for text in ('', '-1', '128', '1.5', 'x', '1 2', '9' * 30, '0x1', '१')),
    *(('expected_loading', text) for text in ('', '101', '-1', '5%')),
    *((tag, text) for tag in ('required', 'wait_exit') for text in ('', 'maybe', '2', 'y', 'true false')),
    *(('identifiers', text) for text in ('', ' ', ' , ,')),
    *(('distribution', text) for text in ('', 'single_node', 'ANY', 'SINGLE_NODE,')),
    *(('starting_strategy', text) for text in ('', 'config', '1')),
    *(('starting_failure_strategy', text) for text in ('', 'abort', 'RESTART')),
    *(('running_failure_strategy', text) for text in ('', '0', 'ABORT')),
    ('operational_status', ''), ('operational_status', ' \n'), ('reference', ''), ('reference', ' '),
]
STRUCTURES = {
    '<root/>': True,
    '<root><!-- x --></root>': True,
    '<root><application/><alias name="a">b</alias><model name="m"/><application/></root>': True,
    '<root><application name="a"><programs/></application></root>': True,
    '<root><application name="a" pattern="b"/></root>': True,
    program('', 'name="p" pattern="q"'): True,
    program('', ''): True,
    program('<wait_exit>1</wait_exit><required>1</required><start_sequence>1</start_sequence>'): True,
    '<root xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="rules.xsd"/>': True,
    '<rules/>': False,
    '<root a="b"/>': False,
    '<root>text</root>': False,
    '<root><x/></root>': False,
    '<root><program/></root>': False,
    '<root><alias>a</alias></root>': False,
    '<root><alias name=" ">a</alias></root>': False,
    '<root><alias name="a"/></root>': False,
    '<root><alias name="a">b<c/></alias></root>': False,
    '<root><model/></root>': False,
    '<root><model name="m" pattern="p"/></root>': False,
    '<root><model name="m"><distribution>SINGLE_NODE</distribution></model></root>': False,
    '<root><model name="m"/><model name="m"/></root>': False,
    '<root><alias name="m">a</alias><alias name=" m ">a</alias></root>': False,
    '<root><application name=""/></root>': False,
    '<root><application pattern=" "/></root>': False,
    '<root><application nmae="a"/></root>': False,
    '<root><application name="a"/><application name="a"/></root>': False,
    '<root><application pattern="a"/><application pattern="a"/></root>': False,
    '<root><application name="a"/><application pattern="a"/></root>': True,
    '<root><application name="a">x</application></root>': False,
    '<root><application name="a"><programs/><programs/></application></root>': False,
    '<root><application name="a"><required>true</required></application></root>': False,
    '<root><application name="a"><programs name="b"/></application></root>': False,
    '<root><application name="a"><programs><application/></programs></application></root>': False,
    program('<loading>1</loading>'): False,
    program('<wait_exit>1</wait_exit><wait_exit>1</wait_exit>'): False,
    program('<wait_exit a="b">1</wait_exit>'): False,
    program('<wait_exit><x/>1</wait_exit>'): False,
    program('<starting_strategy>LOCAL</starting_strategy>'): False,
    program('').replace('</programs>', '<program name="p"/></programs>'): False,
    program('').replace('</programs>', '<program name="q"/></programs>'): True,
}
BEYOND = [
    program('<identifiers>@</identifiers>'),
    program('<identifiers>@,#</identifiers>', 'pattern="p"'),
    program('<reference>none</reference>'),
    program('', 'pattern="("'),
    '<root><application name="a"><operational_status>pass</operational_status></application></root>',
    '<root><application name="a"><identifiers>@</identifiers></application></root>',
    '<root><application name="a"><identifiers>#</identifiers></application></root>',
    '<root><alias name="a">a</alias></root>',
    '<root><model name="m"><reference>m</reference></model></root>',
]


@pytest.mark.parametrize(('tag', 'text'), GOOD)
def test_good(tag: str, text: str) -> None:
    for document in leaf(tag, text):
        assert schema_accepts(document), SCHEMA.error_log
        assert check_accepts(document)


@pytest.mark.parametrize(('tag', 'text'), BAD)
def test_bad(tag: str, text: str) -> None:
    for document in leaf(tag, text):
        assert not schema_accepts(document)
        assert not check_accepts(document)


@pytest.mark.parametrize(('document', 'accepted'), STRUCTURES.items())
def test_structures(document: str, accepted: bool) -> None:
    assert schema_accepts(document) is accepted, SCHEMA.error_log
    assert check_accepts(document) is accepted


def test_every_element_is_there() -> None:
    leaves = {*GRAMMAR['application'].leaves, *GRAMMAR['program'].leaves}
    assert {tag for tag, _ in GOOD} == {tag for tag, _ in BAD} == leaves


@pytest.mark.parametrize('document', BEYOND)
def test_what_a_schema_cannot_tell(document: str) -> None:
    assert schema_accepts(document)
    assert not check_accepts(document)


LEAVES = st.sampled_from([*GOOD, *BAD]).map(lambda pair: f'<{pair[0]}>{pair[1]}</{pair[0]}>')
TREES = st.recursive(
    LEAVES | st.just(''),
    lambda inner: st.builds(lambda tag, attribute, parts: f'<{tag}{attribute}>{"".join(parts)}</{tag}>',
                            st.sampled_from(list(GRAMMAR)),
                            st.sampled_from(('', ' name="a"', ' name="b"', ' pattern="b"', ' name=""')),
                            st.lists(inner, max_size=4)),
    max_leaves=10)


@settings(max_examples=300)
@given(st.lists(TREES, max_size=3).map(lambda parts: f'<root>{"".join(parts)}</root>'))
def test_what_the_schema_refuses_is_refused(document: str) -> None:
    if not schema_accepts(document):
        assert not check_accepts(document)
