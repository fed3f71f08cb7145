"""Records: what an agency writes down to say which child a row is about, and where it lives."""

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.names import diminutives, spellings
from risk.synthetic.slips import (
    Scribe,
    address_slip,
    half,
    keyboard,
    other_spelling,
    postcode_slip,
    short_form,
    slip_dates,
)
from risk.synthetic.world import World

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Strings = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Extract:
    """One agency's extract: the table as handed over, and beside it what only the maker knows of each row.

    `links` has the columns record, child, on (day), home, twice, slips; `coverage` one row a child that the agency
    should hold: child, chance (of being held), held.
    """

    agency: str
    table: pd.DataFrame
    links: pd.DataFrame
    coverage: pd.DataFrame


def cover(world: World, agency: str, child: Ints) -> pd.DataFrame:
    """Return which of the children that an agency should hold it does hold: child, chance, held."""
    told = world.options.coverage[agency]
    family = world.family_of(child)
    groups = {"newcomer": family["newcomer"], "private_rent": family["tenure"] == "private"}
    chance = np.full(len(child), told.share)
    for group, factor in told.by.items():
        member = groups.get(group, family["heritage"] == group)
        chance = np.where(member.to_numpy(bool), chance * factor, chance)
    held = world.chance(f"coverage {agency}").random(len(child)) < chance
    return pd.DataFrame({"child": child, "chance": chance, "held": held})


def enter(world: World, agency: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as they are entered: shuffled, some of them twice, with who and where as written down.

    `rows` holds child and on (the day of the entry) and whatever else the agency knows; the result adds twice, home,
    slips, forename, surname, sex (M, F or blank), born (days, -1 where blank), guardian_title, guardian_forename,
    guardian_surname, address_line, postcode, and uprn (0 where blank).
    """
    slips = world.options.recorded()
    rng = world.chance(f"entry {agency}")
    again = rows[rng.random(len(rows)) < slips.entered_twice]
    rows = pd.concat([rows.assign(twice=False), again.assign(twice=True)], ignore_index=True)
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    scribe = Scribe(len(rows), world.chance(f"slips {agency}"))
    entered = pd.concat([rows, _who(world, agency, rows, scribe), _where(world, rows, scribe)], axis=1)
    entered["slips"] = [text.strip() for text in scribe.log]
    return _scrambled(world, agency, entered)


def _who(world: World, agency: str, rows: pd.DataFrame, scribe: Scribe) -> pd.DataFrame:
    """Return the names, sex, date of birth and guardian as written down."""
    slips = world.options.recorded()
    child = world.children.iloc[rows["child"].to_numpy()].reset_index(drop=True)
    family = world.family_of(rows["child"].to_numpy(np.int64))
    forename = _forenames(world, agency, child, scribe)
    surname = _surnames(world, child, scribe)
    swap = scribe.errs("names_swapped", slips.names_swapped)
    forename, surname = np.where(swap, surname, forename), np.where(swap, forename, surname)
    sex = np.where(child["male"], "M", "F").astype(object)
    wrong = scribe.errs("wrong_sex", slips.wrong_sex)
    sex[wrong] = np.where(sex[wrong] == "M", "F", "M")
    born = slip_dates(child["born"].to_numpy(np.int64), scribe, asdict(slips))
    guardian = ~scribe.errs("no_guardian", slips.no_guardian)
    return pd.DataFrame(
        {
            "forename": np.where(scribe.errs("no_forename", slips.no_forename), "", forename),
            "surname": np.where(scribe.errs("no_surname", slips.no_surname), "", surname),
            "sex": np.where(scribe.errs("no_sex", slips.no_sex), "", sex),
            "born": np.where(scribe.errs("no_date_of_birth", slips.no_date_of_birth), -1, born),
            "guardian_title": np.where(guardian, family["guardian_title"], ""),
            "guardian_forename": np.where(guardian, family["guardian_forename"], ""),
            "guardian_surname": np.where(guardian, family["guardian_surname"], ""),
        }
    )


def _forenames(world: World, agency: str, child: pd.DataFrame, scribe: Scribe) -> Strings:
    slips = world.options.recorded()
    name = child["forename"].to_numpy(object)
    known = np.array([text in diminutives() for text in name], dtype=bool)
    name = scribe.mends(name, scribe.errs("diminutive", slips.diminutive, known), short_form)
    known = np.array([text in spellings() for text in name], dtype=bool)
    name = scribe.mends(name, scribe.errs("spelling", slips.spelling, known), other_spelling)
    name = scribe.mends(name, scribe.errs("forename_typo", slips.forename_typo), keyboard)
    middle = scribe.errs("middle_name", slips.middle_name)
    name = np.where(middle, name + " " + child["middle_name"].to_numpy(object), name)
    if agency == "births":
        name = np.where(scribe.errs("not_yet_named", slips.not_yet_named), "Baby", name)
    return name


def _surnames(world: World, child: pd.DataFrame, scribe: Scribe) -> Strings:
    """Return surnames: an earlier one by some agencies, half of a double one, another spelling or a slip."""
    slips = world.options.recorded()
    name, earlier = child["surname"].to_numpy(object), child["earlier_surname"].to_numpy(object)
    name = np.where(scribe.errs("earlier_surname", slips.earlier_surname, name != earlier), earlier, name)
    double = np.array(["-" in text for text in name], dtype=bool)
    name = scribe.mends(name, scribe.errs("half_barrel", slips.half_barrel, double), half)
    known = np.array([text in spellings() for text in name], dtype=bool)
    name = scribe.mends(name, scribe.errs("surname_spelling", slips.spelling, known), other_spelling)
    return scribe.mends(name, scribe.errs("surname_typo", slips.surname_typo), keyboard)


def _where(world: World, rows: pd.DataFrame, scribe: Scribe) -> pd.DataFrame:
    """Return the address, postcode and UPRN as written down, of the home on the day of the entry."""
    slips = world.options.recorded()
    family = world.children["family"].to_numpy(np.int64)[rows["child"].to_numpy()]
    home, _ = world.residence.at(family, rows["on"].to_numpy(np.int64))
    there = world.homes.iloc[home].reset_index(drop=True)
    address, postcode = there["address_line"].to_numpy(object), there["postcode"].to_numpy(object)
    address = scribe.mends(address, scribe.errs("address_typo", slips.address_typo), address_slip)
    postcode = scribe.mends(postcode, scribe.errs("postcode_typo", slips.postcode_typo), postcode_slip)
    any_uprn = world.homes["uprn"].to_numpy(np.int64)[scribe.rng.integers(0, len(world.homes), len(rows))]
    uprn = np.where(scribe.errs("wrong_uprn", slips.wrong_uprn), any_uprn, there["uprn"].to_numpy(np.int64))
    return pd.DataFrame(
        {
            "home": home,
            "address_line": np.where(scribe.errs("no_address", slips.no_address), "", address),
            "postcode": np.where(scribe.errs("no_postcode", slips.no_postcode), "", postcode),
            "uprn": np.where(scribe.errs("no_uprn", slips.no_uprn), 0, uprn),
        }
    )


def _scrambled(world: World, agency: str, entered: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with names and dates of birth each sorted apart from the rest, where linkage is to be broken.

    It is what happens when one column of a sheet is sorted and the others are not. The births stay as they were, and so
    does every address.
    """
    if world.options.scenario != "broken" or agency == "births":
        return entered
    rng = world.chance(f"scramble {agency}")
    entered = entered.copy()
    for columns in (
        ["forename"],
        ["surname"],
        ["born"],
        ["sex"],
        ["guardian_title", "guardian_forename"],
        ["guardian_surname"],
    ):
        entered[columns] = entered[columns].to_numpy(object)[rng.permutation(len(entered))]
    return entered.astype({"born": "int64"})
