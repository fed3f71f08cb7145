"""Runs from records made by hand on the town, with a guard of their own: nothing was baked."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd

from bake.guard import guard_digest, guard_in_the_making
from bake.runs import GUARDED, Run, publish
from bake.subject import Subject
from disclosure.gate import release_counts
from disclosure.released import Released
from tests.bake.test_release import FROM_RECORDS, answered, record
from tests.disclosure.tables import nested

PLAIN = Subject("schools", "good_level_of_development", ("N",), ("Y",))


def released() -> Released:
    """What the gate makes of eight areas with 15 children each, among them small counts."""
    return release_counts(*nested([[4], [3], [6], [6], [8], [8], [8], [8]], [[15], [15]] * 4))


def guarded_run(
    home: Path,
    town: gpd.GeoDataFrame,
    subject: Subject = PLAIN,
    *,
    place: str = "town",
    earlier: Sequence[str] = (),
    given_away: bool = False,
) -> Run:
    """Publish a run that says of what it tells, with a guard of two releases."""
    told: dict[str, Any] = {
        **FROM_RECORDS,
        "place": {"name": place},
        "settings": {
            "records": {"subject": asdict(subject), "earlier": list(earlier), "given_away": given_away}
        },
    }
    areas = answered(town)
    with guard_in_the_making(
        home, subject, areas.index, {"counts": released(), "agencies.a": released()}
    ) as guard:
        told[GUARDED] = guard_digest(guard)
        return publish(home, areas, told, record(), guard=guard)
