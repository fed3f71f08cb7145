"""Fields of a plain form: what each is called and may hold, and reading what was typed without losing any of it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from store.outbox import is_address
from words.faults import Fault

Kind = Literal["text", "area", "email", "tel", "url", "date", "choice", "radio", "check"]


@dataclass(frozen=True)
class Choice:
    """One choice: its code, its words, a line about it, and the group it stands in."""

    code: str
    words: str
    about: str = ""
    group: str = ""


@dataclass(frozen=True)
class Field:
    """One field: its name, its label, a hint, what it holds and how long that may be.

    `keep` says where a browser may keep a draft of it: "browser" until it is sent, "tab" only while the page is
    open (contacts of people), "no" not at all.
    """

    name: str
    label: str
    hint: str = ""
    kind: Kind = "text"
    needed: bool = False
    most: int = 300
    autocomplete: str = "off"
    choices: tuple[Choice, ...] = ()
    missing: str = ""
    keep: Literal["browser", "tab", "no"] = "browser"


def choices(words: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return choices from codes and their words."""
    return tuple(Choice(code, told) for code, told in words.items())


def clean(text: str, *, lines: bool = False) -> str:
    """Return a typed text without what cannot be seen or said.

    Unicode is brought to its composed form; control characters and halves of characters go; spaces are made single
    and, where `lines` is set, lines are kept. Marks of direction stay: right-to-left names need them.
    """
    plain = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        one if one == "\n" or unicodedata.category(one) not in {"Cc", "Cn", "Co"} else " " for one in plain
    )
    if not lines:
        return " ".join(kept.split())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in kept.split("\n"))).strip()


def is_blank(text: str) -> bool:
    """Return whether nothing of a text can be seen: only spaces, joiners and marks of direction."""
    return all(unicodedata.category(one) in {"Cf", "Zs", "Mn"} or one.isspace() for one in text)


def read(fields: Iterable[Field], sent: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """Return the cleaned value of each field, and every fault, each by its field's name."""
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for field in fields:
        value = clean(sent.get(field.name, ""), lines=field.kind == "area")
        values[field.name] = "" if is_blank(value) else value
        fault = _fault(field, values[field.name])
        if fault:
            faults.append(fault)
    return values, faults


def _fault(field: Field, value: str) -> Fault | None:
    if not value:
        told = field.missing or "This is needed."
        return Fault(told, "", column=field.name) if field.needed else None
    if field.choices and value not in {choice.code for choice in field.choices}:
        return Fault("This is not one of the choices.", "Please choose again.", column=field.name)
    if len(value) > field.most:
        what = f"This has {len(value):,} characters, and {field.most:,} is the most that fits."
        return Fault(what, "Please shorten it.", column=field.name)
    if field.kind == "url" and not re.fullmatch(r"(?i)(https?://)?[^\s/@:<>\"']+\.[^\s<>\"']+", value):
        return Fault("This is not a web address.", "Write it like www.example.org.", column=field.name)
    if field.kind == "tel" and not re.fullmatch(r"[\d\s()+./x-]{5,40}", value):
        return Fault("This is not a telephone number.", "Write it in digits.", column=field.name)
    return None


def address_faults(values: Mapping[str, str], *names: str) -> list[Fault]:
    """Return a fault for each of some fields that holds something other than one e-mail address."""
    return [no_address(name) for name in names if values[name] and not is_address(values[name])]


def no_address(name: str) -> Fault:
    """Return the fault of a field that should hold an e-mail address."""
    return Fault("This is not an e-mail address.", "Write one, like name@example.org.", column=name)


def by_field(faults: Sequence[Fault], fields: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the sentences of the faults that belong beside a field, by its name, and of all others."""
    known = set(fields)
    beside: dict[str, list[str]] = {}
    others: list[str] = []
    for fault in faults:
        said = f"{fault.what} {fault.cure}".strip()
        (beside.setdefault(fault.column, []) if fault.column in known else others).append(said)
    return beside, others
