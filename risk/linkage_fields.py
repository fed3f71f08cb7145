"""Linkage fields: what each agency writes of a person, made alike so that any engine can compare it."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from risk.extracts import Extract

FIELDS = (
    "forename",
    "forename_other",
    "forename_root",
    "forename_sound",
    "forename_letters",
    "surname",
    "surname_other",
    "surname_sound",
    "sex",
    "born",
    "born_turned",
    "guardian",
    "guardian_initial",
    "postcode",
    "home",
    "home_other",
    "door",
    "door_other",
)
_NOT_NAMES = frozenset(
    {
        *("baby", "boy", "girl", "infant", "newborn", "twin", "triplet", "child"),
        *("unknown", "unnamed", "notknown", "none", "na", "nk", "test"),
    }
)
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame"))
_SHORT_FORMS = Path(__file__).with_name("short_forms.toml")
_CODES = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")


def linkage_records(extracts: Iterable[Extract]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who is to be linked, and which rows of the extracts tell of each.

    Rows that an agency says are of one person are taken together: of names, sex and date of birth what it wrote most
    often (the latest of equals), of homes the latest, and beside them the next different one, since people move and
    change names. Agencies may count one person twice: linkage finds that.

    Returns (records, rows): `records` has one row an agency and person of it, `unique_id` (0, 1, …), `agency` and
    FIELDS; `rows` has `agency`, `row` (position in the extract), `unique_id`, and of its address `home` (the UPRN),
    `postcode` and `door`. Both name persons.
    """
    parts = [_plain_rows(extract) for extract in extracts]
    rows = pd.concat(parts, ignore_index=True)
    who = rows["agency"] + "\x1f" + rows["person"].fillna("row " + rows["row"].astype(str))
    rows["unique_id"] = pd.factorize(who, sort=False)[0]
    records = rows.drop_duplicates("unique_id").set_index("unique_id")[["agency"]].copy()
    for name in ("forename", "surname", "sex", "born", "guardian"):
        records[[name, f"{name}_other"]] = _two_best(rows, name, by_count=True)
    for name in ("postcode", "home", "door"):
        records[[name, f"{name}_other"]] = _two_best(rows, name, by_count=False)
    records["forename_root"] = _mapped(records["forename"], root)
    records["forename_sound"] = _mapped(records["forename"], sound)
    # two letters exchanged are the commonest slip that Levenshtein's distance counts as two
    records["forename_letters"] = _mapped(records["forename"], lambda name: "".join(sorted(name)))
    records["surname_sound"] = _mapped(records["surname"], sound)
    records["born_turned"] = _mapped(records["born"], _turned)
    records["guardian_initial"] = records["guardian"].str[:1]
    # a guardian known by an initial only says nothing of the forename
    records["guardian"] = records["guardian"].where(records["guardian"].str.len() > 1)
    records = records.reset_index()[["unique_id", "agency", *FIELDS]].sort_values(
        "unique_id", ignore_index=True
    )
    told = rows[["agency", "row", "unique_id", "home", "postcode", "door"]]
    return records.astype(dict.fromkeys(("agency", *FIELDS), "str")), told


def uprns(extract: Extract) -> pd.Series:
    """Return the UPRN of each row without leading zeros, missing where blank."""
    return _mapped(extract.values("uprn"), _uprn)


def postcodes(extract: Extract) -> pd.Series:
    """Return the postcode of each row in capitals without a blank, missing where blank or too short."""
    return _mapped(extract.values("postcode"), _postcode)


def home_keys(extract: Extract) -> pd.Series:
    """Return what tells the address of each row from others: its numbers and its postcode."""
    return _doors(extract.values("address"), postcodes(extract))


def _doors(address: pd.Series, postcode: pd.Series) -> pd.Series:
    return _mapped(address.str.cat(postcode, sep="|"), _door)


def _plain_rows(extract: Extract) -> pd.DataFrame:
    """Return one row a row of the extract: whom the agency says it is of, when, and the fields made alike."""
    contract = extract.contract
    sex = contract.columns.get(contract.column_of("sex") or "")
    codes = {sex.male: "m", sex.female: "f"} if sex else {}
    born, postcode = pd.to_datetime(extract.values("date_of_birth")), postcodes(extract)
    table = pd.DataFrame(
        {
            "agency": extract.agency,
            "row": range(len(extract.table)),
            "person": extract.table[contract.person].astype("string"),
            "on": extract.table[contract.as_of],
            "forename": _mapped(extract.values("forename"), _forename),
            "surname": _mapped(extract.values("surname"), _surname),
            "sex": extract.values("sex").map(codes).astype("string"),
            "born": born.dt.strftime("%Y%m%d").astype("string"),
            "guardian": _guardians(extract),
            "postcode": postcode,
            "home": uprns(extract),
            "door": _doors(extract.values("address"), postcode),
        }
    )
    return table.reset_index(drop=True)


def _guardians(extract: Extract) -> pd.Series:
    """Return the forename of the parent or carer, or its initial where the agency writes no more."""
    if extract.contract.column_of("guardian_forename"):
        return _mapped(extract.values("guardian_forename"), _forename)
    name = extract.contract.column_of("guardian")
    order = (extract.contract.columns[name].order or "forename surname") if name else ""
    parts = [part for part in order.split() if part != "title"]
    return _mapped(extract.values("guardian"), lambda text: _given_name(text, parts))


def _two_best(rows: pd.DataFrame, name: str, *, by_count: bool) -> pd.DataFrame:
    """Return, by unique_id, the value written most often (or last) and the next different one, missing where none."""
    known = rows[["unique_id", "on", name]].dropna(subset=[name])
    found = known.groupby(["unique_id", name], sort=False)["on"].agg(["size", "max"]).reset_index()
    order = ["unique_id", "size", "max", name] if by_count else ["unique_id", "max", "size", name]
    found = found.sort_values(order, ascending=[True, False, False, True])
    turn = found.groupby("unique_id", sort=False).cumcount()
    first, other = (found[turn == k].set_index("unique_id")[name] for k in (0, 1))
    every = pd.Index(rows["unique_id"].unique(), name="unique_id")
    return pd.DataFrame({name: first.reindex(every), f"{name}_other": other.reindex(every)})


def _mapped(values: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Return the values changed one by one, each different value once; missing stays missing."""
    number, known = pd.factorize(values)
    changed = pd.array([change(str(value)) for value in known.tolist()], dtype="string")
    return pd.Series(changed.take(number, allow_fill=True), index=values.index, name=values.name)


def plain(text: str) -> str:
    """Return text in small letters without accents, each run of anything else a blank."""
    bare = text if text.isascii() else _without_accents(text)
    return _OTHERS.sub(" ", bare.casefold().replace("'", "").replace("’", "")).strip()


def _without_accents(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


_OTHERS = re.compile(r"[^a-z0-9]+")
_NOT_OF_POSTCODES = re.compile(r"[^A-Z0-9]+")
_HOUSE_NUMBERS = re.compile(r"\d+[a-z]?")
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "ø": "o", "Ø": "O", "đ": "d", "æ": "ae", "ß": "ss"})


def _forename(text: str) -> str | None:
    """Return the first forename, or None where it stands for none ("Baby")."""
    words = plain(text).split()
    return words[0] if words and words[0] not in _NOT_NAMES else None


def _surname(text: str) -> str | None:
    return plain(text).replace(" ", "") or None if "-" not in text else plain(text)


def _given_name(text: str, parts: list[str]) -> str | None:
    """Return the forename or initial in a full name whose parts, without a title, come in the order given."""
    words = [word for word in plain(text).split() if word not in _TITLES]
    if not words or not parts:
        return None
    return words[0] if parts[0] in ("forename", "initial") else words[-1]


def _uprn(text: str) -> str | None:
    return text.removesuffix(".0").lstrip("0") or None


def _postcode(text: str) -> str | None:
    """Return a postcode in capitals without blanks; a letter O or I where a digit belongs is read as the digit."""
    bare = _NOT_OF_POSTCODES.sub("", text.upper())
    if len(bare) < 5:
        return None
    inward = bare[-3].replace("O", "0").replace("I", "1") + bare[-2:]
    return bare[:-3] + inward


def _door(text: str) -> str | None:
    """Return the numbers of an address and its postcode: what survives abbreviation."""
    address, _, postcode = text.rpartition("|")
    numbers = _HOUSE_NUMBERS.findall(address.casefold())
    return "-".join([*numbers, postcode]) if numbers else None


def _turned(born: str) -> str | None:
    """Return a date of birth with day and month exchanged, or None where that is no other date."""
    day, month = born[6:], born[4:6]
    return f"{born[:4]}{day}{month}" if int(day) <= 12 and day != month else None


@cache
def _roots() -> dict[str, str]:
    groups = tomllib.loads(_SHORT_FORMS.read_text("utf-8"))["groups"]
    return {name: group[0] for group in groups for name in group}


def root(forename: str) -> str:
    """Return the name that stands for all short forms of a forename: `root("tony")` is `"anthony"`."""
    return _roots().get(forename, forename)


def sound(name: str) -> str:
    """Return how a name sounds, by American Soundex with vowels kept apart: `sound("robert")` is `"r163"`."""
    letters = name.replace(" ", "")
    if not letters.isalpha():
        letters = re.sub(r"[^a-z]", "", letters)
    if not letters:
        return name
    code, last = letters[0], letters[0].translate(_CODES)
    for letter in letters[1:]:
        digit = letter.translate(_CODES)
        if digit.isdigit() and digit != last:
            code += digit
        if letter not in "hw":
            last = digit
    return (code + "000")[:4]
