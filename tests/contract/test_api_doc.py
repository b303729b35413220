"""docs/api.md is what its generator writes today, and tells all of the contract."""
from __future__ import annotations

import re

import pytest

from tests.contract.checker import load_contract
from tools import generate_api_doc

CONTRACT = load_contract()


def test_the_page_is_up_to_date() -> None:
    """When this fails: python tools/generate_api_doc.py"""
    assert generate_api_doc.PAGE.read_text(encoding='utf-8') == generate_api_doc.render(CONTRACT)


def test_links_lead_somewhere() -> None:
    page = generate_api_doc.render(CONTRACT)
    headings = {heading.lower() for heading in re.findall(r'^#+ (.+)$', page, re.MULTILINE)}
    links = set(re.findall(r'\]\(#([^)]+)\)', page))
    assert links <= headings
    assert links >= set(CONTRACT['methods'])


@pytest.mark.parametrize('kind', ['methods', 'structures', 'enums'])
def test_everything_has_a_heading(kind: str) -> None:
    page = generate_api_doc.render(CONTRACT)
    assert all(f'\n### {name}\n' in page for name in CONTRACT[kind])


def test_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert generate_api_doc.main(['--check']) == 0
    monkeypatch.setattr(generate_api_doc, 'PAGE', generate_api_doc.CONTRACT)
    assert generate_api_doc.main(['--check']) == 1
