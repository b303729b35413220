"""The namespace `supvisors`."""

from __future__ import annotations

from supvisors_client.api.control import ControlApi
from supvisors_client.api.local import LocalApi
from supvisors_client.api.prediction import PredictionApi
from supvisors_client.api.status import StatusApi


class SupvisorsApi(StatusApi, PredictionApi, ControlApi, LocalApi):
    """What Supvisors offers: the methods of the client itself."""
