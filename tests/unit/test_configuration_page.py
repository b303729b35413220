"""docs/configuration.md is what its generator writes today, and tells every option."""
from __future__ import annotations

import pytest

from supvisors.config.option_table import FORMER, option_table
from tools import generate_configuration_doc

PAGE = generate_configuration_doc.PAGE


def test_the_page_is_up_to_date() -> None:
    """When this fails: python tools/generate_configuration_doc.py"""
    assert PAGE.read_text(encoding='utf-8') == generate_configuration_doc.render()


def test_every_option_has_one_line() -> None:
    rows = [line for line in generate_configuration_doc.render().splitlines() if line.startswith('| `')]
    options = option_table(60000)
    for name in (*options, *FORMER):
        assert len([row for row in rows if row.startswith(f'| `{name}` |')]) == 1, name
    assert len(rows) == len(options) + len(FORMER) + 4, 'the others are the expansions'


def test_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert generate_configuration_doc.main(['--check']) == 0
    monkeypatch.setattr(generate_configuration_doc, 'PAGE', generate_configuration_doc.ROOT / 'README.md')
    assert generate_configuration_doc.main(['--check']) == 1
