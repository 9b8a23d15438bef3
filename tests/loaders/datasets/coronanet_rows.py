"""What the tests of CoronaNet share: names of events, and how their rows are loaded."""

from __future__ import annotations

from collections.abc import Callable

from tests.loaders.datasets.small_sets import Loaded

LoadRows = Callable[..., Loaded]
"""The fixture `loaded`: loads the rows given."""

EVENT = "coronanet-R_000000000000001"
"""The event of the row that `coronanet_row` returns when nothing is changed."""

LEVEL = {"type": "Declaration of Emergency", "date_start": "2020-01-24", "policy_id": "9"}
"""What rows say of the emergency level of Hubei, which is an event of the curated world."""
