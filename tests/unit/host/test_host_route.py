"""What a small public page is told of the request."""
from __future__ import annotations

import pytest

from supvisors.host.route import MAX_PARAMETERS, Route, parse_query


class Request:
    """The part of supervisord's HTTP request that names the page."""

    def __init__(self, uri: str) -> None:
        self.uri = uri


@pytest.mark.parametrize(('uri', 'query'), [
    ('/a/b', {}), ('/a/b?', {}), ('/a/b?x', {'x': ''}), ('/a/b?x=1&y=2', {'x': '1', 'y': '2'}),
    ('/a/b?from=%5Bfe80%3A%3A1%5D%3A60000', {'from': '[fe80::1]:60000'}), ('/a/b?x=1&x=2', {'x': '2'}),
    ('/a/b?x=a?b', {'x': 'a?b'}), ('/a/b?%ff=%zz', {'\ufffd': '%zz'}), ('/a/b?from=h%C3%B6st', {'from': 'h\u00f6st'}),
    ('/a/b?' + '&'.join(f'p{number}=' for number in range(MAX_PARAMETERS + 1)), {}),
])
def test_query(uri: str, query: dict[str, str]) -> None:
    assert parse_query(uri) == query


@pytest.mark.parametrize(('uri', 'matches'), [
    ('/a/b', True), ('/a/b?x=1', True), ('/a/b/', False), ('/a/bc', False), ('/a', False), ('/?/a/b', False),
])
def test_one_exact_path_whatever_the_query(uri: str, matches: bool) -> None:
    assert Route('/a/b', lambda query: {}, lambda doing: None).match(Request(uri)) is matches
