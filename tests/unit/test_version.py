"""The version is written in one place; what cannot read that place is compared with it."""
from __future__ import annotations

import re
from importlib.metadata import requires, version
from pathlib import Path
from xml.etree import ElementTree

import supvisors_client

ROOT = Path(__file__).parents[2]
MAVEN = '{http://maven.apache.org/POM/4.0.0}'


def test_both_distributions() -> None:
    assert version('supvisors') == version('supvisors-client') == supvisors_client.__version__


def test_the_plugin_requires_the_client_of_its_version() -> None:
    assert f'supvisors-client=={supvisors_client.__version__}' in (requires('supvisors') or [])


def test_the_jar() -> None:
    pom = ElementTree.parse(ROOT / 'clients' / 'java' / 'pom.xml').getroot()
    # Maven says SNAPSHOT of what Python calls a development release
    assert pom.findtext(f'{MAVEN}version') == re.sub(r'\.dev\d+$', '-SNAPSHOT', supvisors_client.__version__)


def test_the_change_log_has_it() -> None:
    release = re.sub(r'\.dev\d+$', '', supvisors_client.__version__)
    assert f'## {release}' in (ROOT / 'CHANGELOG.md').read_text(encoding='utf-8')
