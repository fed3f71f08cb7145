"""Slips: how names and dates go wrong on their way into an agency's records."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from risk.synthetic.names import diminutives, spellings

Strings = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {key: row[max(i - 1, 0) : i] + row[i + 1 : i + 2] for row in _ROWS for i, key in enumerate(row)}


class Scribe:
    """One who copies rows and errs now and then: what went wrong with each row is kept in `log`."""

    def __init__(self, rows: int, rng: np.random.Generator) -> None:
        self.rng = rng
        self.log: Strings = np.full(rows, "", dtype=object)

    def errs(self, kind: str, share: float, possible: Bools | None = None) -> Bools:
        """Return the rows that this kind of slip happens to, among those where it is possible."""
        hit = self.rng.random(len(self.log)) < share
        if possible is not None:
            hit &= possible
        self.log[hit] += f"{kind} "
        return hit

    def mends(
        self, values: Strings, hit: Bools, change: Callable[[str, np.random.Generator], str]
    ) -> Strings:
        """Return the values with those of the rows hit changed, each by chance."""
        values = values.copy()
        values[hit] = [change(str(value), self.rng) for value in values[hit]]
        return values


def keyboard(text: str, rng: np.random.Generator) -> str:
    """Return the text with one slip of the keyboard: a key beside, a letter lost, doubled, or two exchanged."""
    if len(text) < 2:
        return text + text
    at = int(rng.integers(1, len(text)))
    kind = int(rng.integers(0, 4))
    letter = text[at].lower()
    if kind == 0 and _BESIDE.get(letter):
        return text[:at] + str(rng.choice(list(_BESIDE[letter]))) + text[at + 1 :]
    if kind == 1 and len(text) > 3:
        return text[:at] + text[at + 1 :]
    if kind == 2 and at + 1 < len(text) and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at] + text[at:]


def short_form(name: str, rng: np.random.Generator) -> str:
    """Return what a bearer of the name is called for short, or the name itself."""
    return str(rng.choice(diminutives().get(name, (name,))))


def other_spelling(name: str, rng: np.random.Generator) -> str:
    """Return another spelling of the name, or the name itself."""
    return str(rng.choice(spellings().get(name, (name,))))


def half(name: str, rng: np.random.Generator) -> str:
    """Return one half of a double-barrelled name."""
    return str(rng.choice(name.split("-")))


def postcode_slip(postcode: str, rng: np.random.Generator) -> str:
    """Return a postcode mistaken: a letter O for a nought, two last letters exchanged, or another digit."""
    kind = int(rng.integers(0, 3))
    if kind == 0 and "0" in postcode:
        return postcode.replace("0", "O", 1)
    if kind == 1 and postcode[-1] != postcode[-2]:
        return postcode[:-2] + postcode[-1] + postcode[-2]
    return postcode[:-3] + str((int(postcode[-3]) + int(rng.integers(1, 10))) % 10) + postcode[-2:]


def address_slip(address: str, rng: np.random.Generator) -> str:
    """Return an address line as another clerk would write it: abbreviated, or with a comma after the number."""
    for long, brief in (
        ("Road", "Rd"),
        ("Avenue", "Ave"),
        ("Street", "St"),
        ("Close", "Cl"),
        ("Drive", "Dr"),
    ):
        if address.endswith(long) and rng.random() < 0.7:
            return address.removesuffix(long) + brief
    return address.replace(" ", ", ", 1) if "," not in address else address.replace("Flat ", "Apt ")


Ints = npt.NDArray[np.int64]


def date_parts(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Return years, months and days of the month."""
    when = days.astype("datetime64[D]")
    months = when.astype("datetime64[M]")
    return (
        when.astype("datetime64[Y]").astype(np.int64) + 1970,
        months.astype(np.int64) % 12 + 1,
        (when - months.astype("datetime64[D]")).astype(np.int64) + 1,
    )


def from_parts(year: Ints, month: Ints, day: Ints) -> Ints:
    """Return days since 1970; days of the month past its end run on into the next."""
    months = (year - 1970) * 12 + month - 1
    return np.asarray(months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + day - 1)


def slip_dates(born: Ints, scribe: Scribe, shares: dict[str, float]) -> Ints:
    """Return dates of birth with day and month swapped, digits exchanged, the first for the day, or a wrong year."""
    year, month, day = date_parts(born)
    swapped = scribe.errs("day_month_swapped", shares["day_month_swapped"], (day <= 12) & (day != month))
    month, day = np.where(swapped, day, month), np.where(swapped, month, day)
    turned = day % 10 * 10 + day // 10
    fits = (turned >= 1) & (turned <= 28) & (turned != day)
    nudged = np.where(day > 1, day - 1, day + 1)
    typo = scribe.errs("date_typo", shares["date_typo"], ~swapped)
    day = np.where(typo, np.where(fits, turned, nudged), day)
    first = scribe.errs("first_of_month", shares["first_of_month"], (day != 1) & ~swapped & ~typo)
    day = np.where(first, 1, day)
    wrong = scribe.errs("wrong_year", shares["wrong_year"])
    year = year + np.where(wrong, np.where(scribe.rng.random(len(born)) < 0.5, 1, -1), 0)
    return from_parts(year, month, day)
