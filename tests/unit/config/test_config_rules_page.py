"""docs/rules.md and rules.xsd are what their generator writes today; the page tells every element and what it does."""
from __future__ import annotations

import re

import pytest

from supvisors.config import rules_build
from supvisors.config.rules import parse_rules
from supvisors.config.rules_grammar import APPLICATION, GRAMMAR, PROGRAM, Leaf
from supvisors.model.rules import ApplicationRules, ProgramRules
from tools import generate_rules_doc

PAGE = generate_rules_doc.PAGE


def test_the_page_and_the_schema_are_up_to_date() -> None:
    """When this fails: python tools/generate_rules_doc.py"""
    assert PAGE.read_text(encoding='utf-8') == generate_rules_doc.render()
    assert generate_rules_doc.SCHEMA.read_text(encoding='utf-8') == generate_rules_doc.render_schema()


def test_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert generate_rules_doc.main(['--check']) == 0
    monkeypatch.setattr(generate_rules_doc, 'PAGE', generate_rules_doc.ROOT / 'README.md')
    assert generate_rules_doc.main(['--check']) == 1


def test_every_element_has_its_lines() -> None:
    text = generate_rules_doc.render()
    for tag in GRAMMAR:
        assert f'| `<{tag}>` |' in text
    for leaves, part in ((APPLICATION, 0), (PROGRAM, 1)):
        section = text.split('### &lt;')[part + 1].split('\n## ')[0]
        assert re.findall(r'^\| `(\w+)` \|', section, re.MULTILINE) == list(leaves)


@pytest.mark.parametrize(('rules', 'tag', 'leaf'), [
    *((ApplicationRules(), *item) for item in APPLICATION.items()),
    *((ProgramRules(), *item) for item in PROGRAM.items()),
])
def test_the_defaults_are_those_of_the_model(rules: ApplicationRules | ProgramRules, tag: str, leaf: Leaf) -> None:
    elsewhere = {'reference', 'operational_status', 'stop_sequence', 'starting_strategy'}
    if tag in elsewhere or leaf.default == 'of the application':
        return
    assert leaf.parser(leaf.default) == getattr(rules, tag)


def test_the_examples_are_accepted_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_build, 'LATER', frozenset())
    examples = re.findall(r'```xml\n(.*?)```', PAGE.read_text(encoding='utf-8'), re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        assert parse_rules([('example', example.encode())])[1] == ()
    rules, _ = parse_rules([('example', examples[0].encode())])
    assert rules.program('shop', 'http_00').identifiers == ('web1', 'web2')
