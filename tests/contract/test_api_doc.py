"""The pages of docs/ on the API are what their generator writes today, and tell all of the contracts."""
from __future__ import annotations

import re
from typing import Any

import pytest

from tests.contract.checker import load_contract
from tools import generate_api_doc

CONTRACTS: dict[str, dict[str, Any]] = {name: load_contract(name) for name in generate_api_doc.PAGES}


def methods_of(name: str) -> set[str]:
    contract = CONTRACTS[name]
    namespaces = contract.get('namespaces') or {contract['namespace']: contract['methods']}
    return {method for methods in namespaces.values() for method in methods}


@pytest.mark.parametrize('name', CONTRACTS)
def test_the_page_is_up_to_date(name: str) -> None:
    """When this fails: python tools/generate_api_doc.py"""
    assert generate_api_doc.PAGES[name].read_text(encoding='utf-8') == generate_api_doc.render(CONTRACTS[name])


@pytest.mark.parametrize('name', CONTRACTS)
def test_links_lead_somewhere(name: str) -> None:
    page = generate_api_doc.render(CONTRACTS[name])
    headings = [heading.lower() for heading in re.findall(r'^#+ (.+)$', page, re.MULTILINE)]
    assert len(set(headings)) == len(headings)
    links = set(re.findall(r'\]\(#([^)]+)\)', page))
    assert links <= set(headings)
    assert links >= {method.lower() for method in methods_of(name)}


@pytest.mark.parametrize('name', CONTRACTS)
def test_pages_lead_to_each_other(name: str) -> None:
    page = generate_api_doc.PAGES[name]
    targets = re.findall(r'\]\(([^#)]+)\)', page.read_text(encoding='utf-8'))
    assert targets
    assert all((page.parent / target).exists() for target in targets)


@pytest.mark.parametrize('kind', ['methods', 'structures', 'enums'])
@pytest.mark.parametrize('name', CONTRACTS)
def test_everything_has_a_heading(name: str, kind: str) -> None:
    page = generate_api_doc.render(CONTRACTS[name])
    wanted = methods_of(name) if kind == 'methods' else set(CONTRACTS[name][kind])
    assert all(f'\n### {one}\n' in page for one in wanted)


def test_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert generate_api_doc.main(['--check']) == 0
    monkeypatch.setitem(generate_api_doc.PAGES, 'supervisord', generate_api_doc.CONTRACTS / 'api.json')
    assert generate_api_doc.main(['--check']) == 1
