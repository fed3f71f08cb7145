"""A register of 100,000 assets: how long a page of a search, what a map draws, the due list and the queue take.

`python -m benchmarks.register [--assets 100000] [--database URL]`; without a URL, SQLite in a folder of its own; what a
URL names is emptied of assets and suggestions first. Times are whole: opening the database, asking, counting all
answers and reading the page. A hundred questions of each sort, after one that is not counted. On a machine that others
use, the processor time says more than the clock; on PostgreSQL the server's is in it, where it runs on this machine.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text

from assets.due import due
from assets.keeping import derive
from assets.schema import AssetRow
from assets.search import AssetQuery, count_by_freshness, map_assets, search_assets
from store.engine import database_url, engine_of
from store.queue import SubmissionRow, waiting
from store.roles import ANYONE, CLI
from store.session import reading, writing
from words.categories import CATEGORIES

WEST, SOUTH, EAST, NORTH = -0.6, 51.2, 0.6, 51.9
TODAY = date(2026, 11, 23)
TIMES = 100
FOR_STEWARDS = ("first page, no filter", "a word that many have", "freshness")
"""What is asked once more by somebody who sees hidden and held assets too."""
FIRST = (
    "Saint",
    "Old",
    "New",
    "Upper",
    "Lower",
    "North",
    "Green",
    "Mill",
    "Church",
    "Harrow",
    "Marsh",
    "Queen's",
)
SECOND = (
    "Field",
    "Bridge",
    "Wick",
    "Hill",
    "Ford",
    "Lane",
    "Park",
    "Cross",
    "Gate",
    "Well",
    "Stone",
    "Heath",
)
THIRD = (
    "Community Hall",
    "Library",
    "Nursery",
    "Surgery",
    "Club",
    "Church",
    "Café",
    "School",
    "Garden",
    "Centre",
)


def row(number: int, chance: random.Random) -> dict[str, Any]:
    """Return one asset of a made-up register."""
    made = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    confirmed = TODAY - timedelta(days=chance.randint(0, 1200)) if chance.random() < 0.7 else None
    asset = AssetRow(
        id=str(UUID(int=chance.getrandbits(128))),
        name=f"{chance.choice(FIRST)} {chance.choice(SECOND)} {chance.choice(THIRD)} {number}",
        category=chance.choice(list(CATEGORIES)),
        source_category="",
        longitude=chance.uniform(WEST, EAST),
        latitude=chance.uniform(SOUTH, NORTH),
        postcode=f"SS{chance.randint(1, 17)} {chance.randint(1, 9)}{chr(65 + number % 26)}{chr(65 + number % 23)}",
        address=f"{chance.randint(1, 200)} {chance.choice(SECOND)} Street",
        website="",
        description=" ".join(chance.choices(FIRST + SECOND, k=20)),
        geocode_method="coordinates",
        geocode_quality="as given",
        place=f"place{number % 20}",
        area=f"E{number % 5000:08d}",
        status="accepted" if chance.random() < 0.95 else "held",
        review_reason="",
        source="made up",
        confirmed_on=confirmed,
        created_at=made,
        updated_at=made,
        precision="hidden" if chance.random() < 0.01 else "exact",
        organisation=chance.choice(SECOND),
        **dict.fromkeys(("for_whom", "kind"), ""),
    )
    asset.kind = "place"
    derive(asset)
    return {name: value for name, value in vars(asset).items() if not name.startswith("_")}


def fill(home: Path, count: int) -> None:
    """Write the register past the histories, which would take an hour and are not measured here."""
    chance = random.Random(5)  # noqa: S311 - made-up names
    with writing(home) as session:
        # what was deleted row by row would leave PostgreSQL a table of twice the size
        emptied = "TRUNCATE {} CASCADE" if database_url(home).startswith("postgresql") else "DELETE FROM {}"
        for table in ("assets", "submissions"):
            session.execute(text(emptied.format(table)))
        session.execute(insert(SubmissionRow), [suggestion(number, chance) for number in range(count // 2)])
        for start in range(0, count, 5_000):
            rows = [row(number, chance) for number in range(start, min(count, start + 5_000))]
            session.execute(insert(AssetRow), rows)
    if database_url(home).startswith("postgresql"):
        with engine_of(database_url(home)).connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT", larder_writes=True)
            connection.execute(text("VACUUM ANALYZE"))


def suggestion(number: int, chance: random.Random) -> dict[str, Any]:
    """Return one suggestion of a made-up queue; a fifth of them wait."""
    made = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    waits = number % 5 == 0
    return {
        "id": str(UUID(int=chance.getrandbits(128))),
        "kind": chance.choice(("new", "change", "confirm", "report", "insight", "conflict", "duplicate")),
        "subject_kind": "asset",
        "subject_id": None,
        "base_version": None,
        "payload": {
            "values": {"name": f"{chance.choice(FIRST)} {chance.choice(THIRD)}", "description": "x " * 100}
        },
        "note": "",
        "submitter": "",
        "submitter_name": "",
        "contact_email": "",
        "status": "waiting" if waits else "approved",
        "submitted_at": made,
        "decided_at": None if waits else made,
        "decided_by": "",
        "decision_reason": "",
        "version": 1,
    }


def box(chance: random.Random, share: float) -> tuple[float, float, float, float]:
    """Return a box that has a share of the width and of the height of the whole."""
    wide, high = (EAST - WEST) * share, (NORTH - SOUTH) * share
    west, south = chance.uniform(WEST, EAST - wide), chance.uniform(SOUTH, NORTH - high)
    return west, south, west + wide, south + high


def questions(count: int) -> dict[str, Callable[[random.Random], AssetQuery]]:
    """Return the sorts of questions, each made anew by chance."""
    categories = list(CATEGORIES)
    return {
        "first page, no filter": lambda chance: AssetQuery(),
        "a word that many have": lambda chance: AssetQuery(text=chance.choice(FIRST)),
        "the start of a word": lambda chance: AssetQuery(text=chance.choice(SECOND)[:3]),
        "two words": lambda chance: AssetQuery(text=f"{chance.choice(FIRST)} {chance.choice(THIRD)}"),
        "a word that one has": lambda chance: AssetQuery(text=str(chance.randrange(count))),
        "a word that none has": lambda chance: AssetQuery(text=f"zz{chance.random()}"),
        "a category": lambda chance: AssetQuery(categories=[chance.choice(categories)]),
        "a word, a category, stale": lambda chance: AssetQuery(
            text=chance.choice(SECOND),
            categories=[chance.choice(categories)],
            freshness=("stale",),
            today=TODAY,
        ),
        "freshness": lambda chance: AssetQuery(freshness=("fresh", "ageing"), today=TODAY),
        "a box of a tenth by a tenth": lambda chance: AssetQuery(box=box(chance, 0.1)),
        "a place": lambda chance: AssetQuery(place=f"place{chance.randrange(20)}"),
        "a page far down": lambda chance: AssetQuery(page=chance.randint(500, 1500)),
    }


def servers_time(home: Path) -> Callable[[], float]:
    """Return what tells how many seconds of the processor the server of PostgreSQL has used for this process."""
    with reading(home) as session:
        number = session.scalar(select(func.pg_backend_pid()))
    told = Path(f"/proc/{number}/schedstat")
    return (lambda: int(told.read_text().split()[0]) / 1e9) if told.is_file() else (lambda: 0.0)


class Watch:
    """What tells how long something takes: on the clock, and of processor time, the database's with it."""

    def __init__(self, home: Path) -> None:
        self._server = servers_time(home) if database_url(home).startswith("postgresql") else lambda: 0.0

    def timed(self, act: Callable[[], object]) -> tuple[float, float]:
        """Return how many milliseconds something takes."""
        start, busy = time.perf_counter(), time.process_time() + self._server()
        act()
        clock = time.perf_counter() - start
        return clock * 1000, (time.process_time() + self._server() - busy) * 1000

    def tell(self, name: str, acts: Sequence[Callable[[], object]]) -> list[tuple[float, float]]:
        """Print the median and the 95th percentile of some questions, on the clock and of processor time."""
        acts[0]()
        times = [self.timed(act) for act in acts]
        tell(name, times)
        return times


def tell(name: str, times: list[tuple[float, float]]) -> None:
    """Print a line of medians and 95th percentiles."""
    told = [
        [statistics.median(each), statistics.quantiles(each, n=20)[-1]] for each in zip(*times, strict=True)
    ]
    print(f"{name:34}" + "".join(f"{value:9.1f}" for pair in told for value in pair), flush=True)


def measure(home: Path, count: int) -> None:
    """Ask each sort of question a hundred times, and say how long it took."""
    chance = random.Random(7)  # noqa: S311 - made-up questions
    watch = Watch(home)

    def asked(ask: Callable[..., object], *given: Any, **named: Any) -> Callable[[], object]:
        def act() -> object:
            with reading(home) as session:
                return ask(session, *given, **named)

        return act

    print(f"{'milliseconds':34}{'median':>9}{'95th':>9}{'busy':>9}{'95th':>9}", flush=True)
    everything: list[tuple[float, float]] = []
    for name, make in questions(count).items():
        for who in (ANYONE, CLI) if name in FOR_STEWARDS else (ANYONE,):
            acts = [asked(search_assets, make(chance), who) for _ in range(TIMES)]
            everything += watch.tell(f"search: {name}{', a steward' if who is CLI else ''}", acts)
    tell("search: all of these", everything)
    for name in ("first page, no filter", "a word that many have", "a place"):
        made = [questions(count)[name](chance) for _ in range(TIMES)]
        acts = [asked(count_by_freshness, replace(each, today=TODAY), ANYONE) for each in made]
        watch.tell(f"counts of states: {name}", acts)
    for share in (0.02, 0.1, 0.3, 1.0):
        boxes = [AssetQuery(box=box(chance, share)) for _ in range(TIMES)]
        watch.tell(f"map: {share:.0%} by {share:.0%}", [asked(map_assets, each, ANYONE) for each in boxes])
    watch.tell("due: first pages", [asked(due, CLI, TODAY, page=page) for page in range(1, 40)])
    watch.tell("queue: all kinds", [asked(waiting, CLI, page=page) for page in range(1, 40)])
    watch.tell("queue: one kind", [asked(waiting, CLI, kind="change", page=page) for page in range(1, 40)])


def main() -> None:
    """Make the register and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    if given.database:
        os.environ["LARDER_DATABASE"] = given.database
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, given.assets)
        print(f"{given.assets} assets, {database_url(home).split(':')[0]}")
        measure(home, given.assets)


if __name__ == "__main__":
    main()
