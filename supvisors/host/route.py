"""A small public page: no credentials, GET only, JSON."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from supvisors.host.shield import Shield

Answer = Callable[[dict[str, str]], dict[str, Any]]
"""From the parameters of the query to the content of the answer."""
MAX_PARAMETERS = 20


class Route:
    """A handler of supervisord's HTTP servers, for one exact path with any query."""
    IDENT = 'Supvisors HTTP Request Handler'

    def __init__(self, path: str, answer: Answer, shield: Shield) -> None:
        self._path = path
        self._answer = answer
        self._shield = shield

    def match(self, request: Any) -> bool:
        return bool(request.uri.partition('?')[0] == self._path)

    def handle_request(self, request: Any) -> None:
        if request.command != 'GET':
            request['Allow'] = 'GET'
            self._refuse(request, 405)
            return
        body = None
        with self._shield(f'answering {self._path}'):
            body = json.dumps(self._answer(parse_query(request.uri))).encode()
        if body is None:
            self._refuse(request, 500)
            return
        request['Content-Type'] = 'application/json'
        request['Cache-Control'] = 'no-store'
        request['Content-Length'] = len(body)
        request.push(body)
        request.done()

    @staticmethod
    def _refuse(request: Any, code: int) -> None:
        channel = request.channel
        # a body that nobody reads would be taken for the next request
        channel.set_terminator(None)
        request['Connection'] = 'close'
        request.error(code)
        channel.close_when_done()


def parse_query(uri: str) -> dict[str, str]:
    """The parameters of a query, the last of each name; none when there are too many to be meant."""
    try:
        return dict(parse_qsl(uri.partition('?')[2], keep_blank_values=True, max_num_fields=MAX_PARAMETERS))
    except ValueError:
        return {}
