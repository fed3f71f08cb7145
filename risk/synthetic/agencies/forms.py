"""Forms: how the agencies write dates, UPRNs, yes and no, and number their rows."""

import unicodedata

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.synthetic.records import Extract

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Strings = npt.NDArray[np.object_]
BLANK = -1  # a day that is not known


def dates(days: npt.ArrayLike, form: str) -> Strings:
    """Return days since 1970 written by a strftime form, blank where the day is BLANK."""
    number = np.asarray(days, dtype=np.int64)
    different, where = np.unique(number, return_inverse=True)
    when = pd.to_datetime(np.maximum(different, 0), unit="D")
    written = np.where(different == BLANK, "", when.strftime(form).to_numpy(object))
    return np.asarray(written[where], dtype=object)


def digits(numbers: npt.ArrayLike, tail: str = "") -> Strings:
    """Return numbers as text, blank where 0."""
    value = np.asarray(numbers, dtype=np.int64)
    return np.where(value == 0, "", value.astype(str).astype(object) + tail)


def yes_no(
    value: npt.ArrayLike, blank: npt.ArrayLike = False, words: tuple[str, str] = ("Y", "N")
) -> Strings:
    """Return one of two words, or blank."""
    answer = np.where(np.asarray(value, dtype=bool), words[0], words[1])
    return np.where(np.asarray(blank, dtype=bool), "", answer).astype(object)


def plain(text: str) -> str:
    """Return text without accents."""
    stripped = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return stripped.replace("ł", "l").replace("Ł", "L").replace("ı", "i")


def numbered(prefix: str, count: int, width: int, rng: np.random.Generator) -> Strings:
    """Return `count` different ids in no order that tells anything."""
    order = rng.permutation(count) + 1
    return np.array([f"{prefix}{number:0{width}d}" for number in order.tolist()], dtype=object)


def person_numbers(entered: pd.DataFrame, rng: np.random.Generator) -> Ints:
    """Return a number for each person as the agency counts them: a child entered twice is two persons there."""
    key = entered["child"].to_numpy(np.int64) * 2 + entered["twice"].to_numpy(np.int64)
    different, where = np.unique(key, return_inverse=True)
    return np.asarray((rng.permutation(len(different)) + 1)[where], dtype=np.int64)


def finish(agency: str, table: pd.DataFrame, entered: pd.DataFrame, coverage: pd.DataFrame) -> Extract:
    """Return the extract: its table sorted by its first column, and the links in the same order."""
    links = entered[["child", "on", "home", "twice", "slips"]].copy()
    links.insert(0, "record", table.iloc[:, 0].to_numpy())
    order = np.argsort(table.iloc[:, 0].to_numpy().astype(str), kind="stable")
    return Extract(
        agency,
        table.iloc[order].reset_index(drop=True),
        links.iloc[order].reset_index(drop=True),
        coverage,
    )
