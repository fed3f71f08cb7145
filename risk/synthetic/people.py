"""People: the children of all cohorts, in families, with their mothers and fathers."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.ground import Ground
from risk.synthetic.names import HERITAGES, draw_forenames, draw_surnames, feminine
from risk.synthetic.options import Options
from risk.synthetic.streams import stream

Ints = npt.NDArray[np.int64]
ONLY_CHILD = 0.62  # chance that the next child of an area opens a new family
TWIN = 0.045  # chance that a child with an older sibling here is its twin
BIRTHS_APART = 300  # days, at least, between siblings who are not twins
NEWCOMER, LEAVER = 0.08, 0.05


def day(value: date) -> int:
    """Return a date as whole days since 1970."""
    return int(np.datetime64(value, "D").astype(np.int64))


def first_birth(options: Options) -> int:
    """Return the first day on which a child of the oldest cohort is born."""
    return day(date(options.cohorts[0] - 6, 9, 1))


def last_birth(options: Options) -> int:
    """Return the last day on which a child of the cohort to come is born."""
    return day(date(options.next_cohort - 5, 8, 31))


def make_children(ground: Ground, options: Options, seed: int) -> pd.DataFrame:
    """Return one row a child: family, first_area (position), born (days), cohort, male, twin.

    A cohort is the year in which its children are assessed, at the end of reception: those born from 1 September six
    years before to 31 August five years before. Each area has as many children, of all cohorts, as the ground says.
    """
    rng = stream(seed, "children")
    area = np.repeat(np.arange(len(ground.children)), ground.children)
    family = _families(area, rng)
    twin = (np.diff(family, prepend=-1) == 0) & (rng.random(len(area)) < TWIN)
    born = _births(family, twin, options, rng)
    when = born.astype("datetime64[D]")
    year = when.astype("datetime64[Y]").astype(np.int64) + 1970
    month = when.astype("datetime64[M]").astype(np.int64) % 12 + 1
    return pd.DataFrame(
        {
            "family": family,
            "first_area": area,
            "born": born,
            "cohort": np.where(month >= 9, year + 6, year + 5),
            "birth_month": month,
            "male": rng.random(len(area)) < 0.512,
            "twin": twin | np.append(twin[1:], False),
        }
    )


def _families(area: Ints, rng: np.random.Generator) -> Ints:
    """Return a family number for each child: one to three children of one area."""
    opens = rng.random(len(area)) < ONLY_CHILD
    opens |= np.diff(area, prepend=-1) != 0
    family = np.cumsum(opens) - 1
    place = np.arange(len(area)) - np.flatnonzero(opens)[family]
    opens |= place % 3 == 0
    return np.asarray(np.cumsum(opens) - 1, dtype=np.int64)


def _births(family: Ints, twin: npt.NDArray[np.bool_], options: Options, rng: np.random.Generator) -> Ints:
    """Return days of birth, drawn again while siblings are too near in age (60 rounds leave none in practice)."""
    low, high = first_birth(options), last_birth(options) + 1
    born = rng.integers(low, high, len(family))
    for _ in range(60):
        _copy_twins(born, twin)
        near = _too_near(born, family, twin)
        if not near.any():
            break
        again = np.isin(family, family[near])
        born[again] = rng.integers(low, high, int(again.sum()))
    return _copy_twins(born, twin)


def _copy_twins(born: Ints, twin: npt.NDArray[np.bool_]) -> Ints:
    for turn in (1, 2):  # the second turn serves triplets
        born[twin] = born[np.flatnonzero(twin) - 1]
        if not (twin[1:] & twin[:-1]).any() and turn == 1:
            break
    return born


def _too_near(born: Ints, family: Ints, twin: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Say which children are born too soon before or after a sibling who is not a twin."""
    near = np.zeros(len(born), dtype=bool)
    for step in (1, 2):
        same = family[step:] == family[:-step]
        gap = np.abs(born[step:] - born[:-step])
        near[step:] |= same & (gap < BIRTHS_APART) & (gap > 0)
        near[step:] |= same & (gap == 0) & ~twin[step:]
    return near


def make_families(children: pd.DataFrame, ground: Ground, options: Options, seed: int) -> pd.DataFrame:
    """Return one row a family, by number: area, heritage, names, and when it came to and left the district.

    `arrived` is far in the past for families that were there all along, `left` far in the future for those who stay.
    """
    rng = stream(seed, "families")
    first = children.groupby("family")["first_area"].first().to_numpy(np.int64)
    n = len(first)
    minority = 1 / (1 + np.exp(1.55 - 0.55 * ground.seen[first] - 0.25 * ground.deprivation[first]))
    heritage = np.where(rng.random(n) < minority, rng.choice([1, 2, 3, 4], n, p=[0.34, 0.27, 0.27, 0.12]), 0)
    oldest = children.groupby("family")["born"].min().to_numpy(np.int64)
    youngest = children.groupby("family")["born"].max().to_numpy(np.int64)
    end = day(options.extracted_on)
    newcomer = rng.random(n) < NEWCOMER
    arrived = np.where(
        newcomer, oldest + (rng.random(n) * np.maximum(end - 120 - oldest, 1)).astype(np.int64), 0
    )
    leaves = ~newcomer & (rng.random(n) < LEAVER)
    left = np.where(
        leaves, youngest + 90 + (rng.random(n) * np.maximum(end - youngest - 90, 1)).astype(np.int64), 10**6
    )
    surname = draw_surnames(heritage, rng)
    other = draw_surnames(heritage, rng)
    guardian_female = rng.random(n) < 0.9
    shares = rng.random(n) < 0.66
    own = np.where(shares, surname, other)
    woman, man = draw_forenames("women", heritage, rng), draw_forenames("men", heritage, rng)
    return pd.DataFrame(
        {
            "area": first,
            "heritage": np.array(HERITAGES, dtype=object)[heritage],
            "surname": surname,
            "earlier_surname": np.where(rng.random(n) < 0.14, other, surname),
            "guardian_forename": np.where(guardian_female, woman, man),
            "guardian_surname": np.where(guardian_female, feminine(own), own),
            "guardian_title": np.where(guardian_female, np.where(shares, "Mrs", "Ms"), "Mr"),
            "newcomer": newcomer,
            "arrived": arrived,
            "left": left,
            "oldest": oldest,
        }
    )


def name_children(children: pd.DataFrame, families: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return forename, middle_name, surname and earlier_surname of each child; siblings have different forenames."""
    rng = stream(seed, "names")
    own = families.iloc[children["family"].to_numpy()].reset_index(drop=True)
    heritage = np.array([HERITAGES.index(name) for name in own["heritage"]], dtype=np.int64)
    male = children["male"].to_numpy(bool)

    def drawn() -> npt.NDArray[np.object_]:
        return np.where(male, draw_forenames("boys", heritage, rng), draw_forenames("girls", heritage, rng))

    forename = drawn()
    for _ in range(8):
        taken = pd.DataFrame({"family": children["family"], "name": forename}).duplicated().to_numpy()
        forename = np.where(taken, drawn(), forename)
    surname, earlier = own["surname"].to_numpy(object), own["earlier_surname"].to_numpy(object)
    return pd.DataFrame(
        {
            "forename": forename,
            "middle_name": drawn(),
            "surname": np.where(male, surname, feminine(surname)),
            "earlier_surname": np.where(male, earlier, feminine(earlier)),
        }
    )
