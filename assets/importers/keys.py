"""Keys: which row of a file is which row of the last import of the same source."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from assets.identity import digest
from assets.importers.candidates import Candidate

LONGEST_KEY = 200


class Keyed(Protocol):
    """A row that was imported before: its key, what it was made from, and what the row said then."""

    @property
    def label(self) -> str:
        """Return its key in the source."""

    @property
    def base(self) -> str:
        """Return the key without the number that tells rows of one key apart."""

    @property
    def content(self) -> str:
        """Return the digest of what the row said."""


_Known = TypeVar("_Known", bound=Keyed)


@dataclass(frozen=True)
class RowKey:
    """What a row is known by: the source's own id, else a digest of name, postcode and address."""

    base: str
    content: str


def key_of(candidate: Candidate) -> RowKey:
    """Return the key of a row and the digest of all it says."""
    reference = candidate.reference
    if reference:
        base = reference if len(reference) <= LONGEST_KEY else digest(reference)
    else:
        parts = (candidate.name, candidate.postcode.replace(" ", ""), candidate.address)
        base = digest(*(" ".join(part.casefold().split()) for part in parts))
    return RowKey(base, digest(*candidate.texts()))


def match(keys: Sequence[RowKey], known: Iterable[_Known]) -> list[_Known | None]:
    """Return, for each row, the row of the last import that it is, or None for a new one.

    Rows of one key are told apart by what they say: first those that say the same as before; then, where one
    row and one known are left, these two are each other. Where more are left nobody can say which is which,
    and they are new.
    """
    waiting: dict[str, list[_Known]] = defaultdict(list)
    for one in known:
        waiting[one.base].append(one)
    found: list[_Known | None] = [None] * len(keys)
    left: dict[str, list[int]] = defaultdict(list)
    by_content: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    for base, group in waiting.items():
        for one in sorted(group, key=lambda each: (len(each.label), each.label), reverse=True):
            by_content[base, one.content].append(one)
    for at, key in enumerate(keys):
        same = by_content.get((key.base, key.content))
        if same:
            found[at] = same.pop()
            waiting[key.base].remove(found[at])  # type: ignore[arg-type]
        else:
            left[key.base].append(at)
    for base, rows in left.items():
        if len(rows) == 1 and len(waiting.get(base, ())) == 1:
            found[rows[0]] = waiting[base][0]
    return found


def labels(keys: Sequence[RowKey], taken: Mapping[int, str], used: Iterable[str]) -> list[str]:
    """Return a label a row: the one it has, else its key, with a number where that is in use already."""
    seen: set[Hashable] = set(used)
    told = []
    for at, key in enumerate(keys):
        label, number = taken.get(at, ""), 1
        if not label:
            label = key.base
            while label in seen:
                number += 1
                label = f"{key.base}#{number}"
            seen.add(label)
        told.append(label)
    return told
