"""Pairs: entries of the register that are likely one asset, found among all and put to a steward."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, radians
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from scipy.spatial import KDTree
from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.keeping import KIND, visible
from assets.likeness import METRES_A_DEGREE, SAME_SITE_METRES, Description, Likeness, likeness
from assets.schema import Asset, AssetRow
from store.queue import Submission, submit
from store.roles import Actor, require

MOST_AT_A_SITE = 200
"""Entries of one postcode that are compared each with each; more than that share no door, but a default."""


@dataclass(frozen=True)
class Pair:
    """Two entries that are likely one: the elder, which would stay, the younger, and how alike they are."""

    elder: Asset
    younger: Asset
    likeness: Likeness


def find_pairs(session: Session, actor: Actor) -> list[Pair]:
    """Return the accepted entries that are likely one asset, the surest first.

    Compared are entries of the same postcode and entries within 60 m; `assets.likeness` tells what is judged. Raises
    Forbidden for who may not merge.
    """
    require(actor, "merge")
    query = select(AssetRow).where(AssetRow.status == "accepted", *visible(actor))
    assets = [row.asset() for row in session.scalars(query.order_by(AssetRow.created_at, AssetRow.id))]
    described = [Description.of(asset) for asset in assets]
    found = []
    for left, right in sorted(at_one_site(described)):
        alike = likeness(described[left], described[right])
        if alike.likely:
            found.append(Pair(assets[left], assets[right], alike))
    return sorted(
        found, key=lambda pair: (-pair.likeness.score, pair.elder.name, pair.elder.id, pair.younger.id)
    )


def ask_about_pairs(session: Session, actor: Actor) -> list[Submission]:
    """Put every likely pair into the queue and return what stands there of them.

    A pair is asked about once: what a steward has decided of it stays decided. Raises Forbidden.
    """
    return [
        submit(
            session,
            actor=actor,
            kind="duplicate",
            subject_kind=KIND,
            subject_id=pair.elder.id,
            base_version=pair.elder.version,
            payload={"other": pair.younger.id},
            note=f"Likely one: {', '.join(pair.likeness.reasons)}.",
            key=str(uuid5(NAMESPACE_URL, f"duplicate:{pair.elder.id}:{pair.younger.id}")),
        )
        for pair in find_pairs(session, actor)
    ]


def at_one_site(described: Sequence[Description]) -> set[tuple[int, int]]:
    """Return the positions of all that share a postcode or stand within 60 m, the smaller first."""
    return _of_one_postcode(described) | _near(described)


def _of_one_postcode(described: Sequence[Description]) -> set[tuple[int, int]]:
    sites: dict[str, list[int]] = {}
    for place, one in enumerate(described):
        if one.postcode:
            sites.setdefault(one.postcode.replace(" ", "").upper(), []).append(place)
    return {pair for site in sites.values() if len(site) <= MOST_AT_A_SITE for pair in combinations(site, 2)}


def _near(described: Sequence[Description]) -> set[tuple[int, int]]:
    known = [
        (place, one.longitude, one.latitude)
        for place, one in enumerate(described)
        if one.longitude is not None and one.latitude is not None
    ]
    if len(known) < 2:
        return set()
    places = np.array([place for place, _, _ in known])
    degrees = np.array([(longitude, latitude) for _, longitude, latitude in known])
    stretch = np.array([cos(radians(float(degrees[:, 1].mean()))), 1.0])
    close = KDTree(degrees * stretch * METRES_A_DEGREE).query_pairs(SAME_SITE_METRES, output_type="ndarray")
    return {(int(min(pair)), int(max(pair))) for pair in places[close]}
