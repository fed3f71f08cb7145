"""Searching everything that was written for the identifiers that went in, in every form that they can take."""

import base64
import hashlib
import hmac
import io
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from risk.enforcement import EnforcementPermit
from risk.extracts import Extract, read_extracts
from risk.linkage_fields import home_keys, plain, postcodes, sound, uprns
from risk.pseudonyms import Key, key_file_of, read_key
from risk.synthetic.district import FILES

# a decimal number is one word, so that its digits are no number of their own
WORD = re.compile(r"\d+\.\d+|[^\W_]+")
CODED = re.compile(r"[A-Za-z0-9+/_-]{11,}={0,2}")
DAYS = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%b-%Y", "%d %B %Y", "%B %d %Y", "%d %b %y", "%Y%m%d", "%d%m%Y"),
    *("%d.%m.%Y", "%y%m%d", "%Y-%j"),
)
LEAST_WORD, LEAST_NUMBER = 4, 7
SEEN_ANYHOW = EnforcementPermit("To know every identifier that lies in the folder.", "A test", "Another")
Words = tuple[str, ...]


def words(text: str) -> list[str]:
    """Return the words of a text in small letters; a moment's date stands apart from its hour."""
    return WORD.findall(re.sub(r"(?<=\d)t(?=\d\d:)", " ", text.lower()))


class Needles:
    """What is looked for: runs of words, and codes whose capitals count."""

    def __init__(self) -> None:
        self.of_words: dict[Words, str] = {}
        self.codes: dict[str, str] = {}
        self._first: dict[str, set[int]] = {}

    def add(self, text: object, kind: str) -> None:
        """Look for a text as it is, and for its words without anything between them."""
        listed = words(str(text))
        for form in {tuple(listed), ("".join(listed),)}:
            if len(form) == 1 and len(form[0]) < (LEAST_NUMBER if form[0].isdigit() else LEAST_WORD):
                continue  # too short to mean anything
            if form:
                self.of_words.setdefault(form, kind)
                self._first.setdefault(form[0], set()).add(len(form))

    def add_codes(self, text: str, kind: str) -> None:
        """Look for the hashes and the encodings of a text."""
        raw = text.encode()
        for name in ("md5", "sha1", "sha256"):
            self.add(hashlib.new(name, raw).hexdigest(), f"{kind}, {name}")
        if len(raw) >= 6:  # a shorter one is part of many a number
            self.add(raw.hex(), f"{kind}, hexadecimal")
        self.add_base64(raw, kind)

    def add_base64(self, raw: bytes, kind: str) -> None:
        if len(raw) >= 8:
            self.codes[base64.b64encode(raw).decode()] = f"{kind}, base64"
            self.codes[base64.urlsafe_b64encode(raw).decode()] = f"{kind}, base64"

    def found(self, text: str) -> dict[str, str]:
        """Return what of it is in a text, with its kind."""
        listed, seen = words(text), {}
        for at, word in enumerate(listed):
            for size in self._first.get(word, ()):
                form = tuple(listed[at : at + size])
                if form in self.of_words:
                    seen[" ".join(form)] = self.of_words[form]
        return seen | {code: self.codes[code] for code in CODED.findall(text) if code in self.codes}

    def without(self, text: str) -> "Needles":
        """Return the needles that a text which is public anyway does not hold."""
        public, left = self.found(text), Needles()
        left.codes = {code: kind for code, kind in self.codes.items() if code not in public}
        for form, kind in self.of_words.items():
            if " ".join(form) not in public:
                left.of_words[form] = kind
                left._first.setdefault(form[0], set()).add(len(form))
        return left


def needles_of(folder: Path) -> Needles:
    """Return every identifier of a folder of extracts in every form: as written, made alike, hashed, as a pseudonym."""
    found = Needles()
    key = read_key(folder, environment={})
    _add_key(found, folder, key)
    for extract in read_extracts(folder, tuple(FILES), allow_enforcement=SEEN_ANYHOW).values():
        raw = pd.read_csv(folder / extract.file, dtype=str, index_col=False)
        contract = extract.contract
        for name in contract.personal():
            role = contract.columns[name].role or "identifier"
            if role in ("sex", "date_of_birth"):
                continue
            for value in raw[name].dropna().unique():
                found.add(value, role)
                for form in {value, value.lower(), value.upper(), plain(value), re.sub(r"\W", "", value)}:
                    found.add_codes(form, role)
        _add_derived(found, extract, key)
    return found


def _add_key(found: Needles, folder: Path, key: Key) -> None:
    found.add(key.secret.hex(), "key")
    found.add(key.secret.hex()[:16], "key")
    found.add_base64(key.secret, "key")
    found.add_codes(key_file_of(folder).read_text("utf-8"), "key")


def _add_derived(found: Needles, extract: Extract, key: Key) -> None:
    for day in extract.values("date_of_birth").dropna().unique():
        _add_day(found, pd.Timestamp(day).date())
    alike = {"uprn": uprns(extract), "postcode": postcodes(extract), "home": home_keys(extract)}
    for kind, values in alike.items():
        for value in values.dropna().unique():
            found.add(value, f"{kind}, made alike")
            found.add_codes(value, kind)
        for token in key.pseudonyms("home", values).dropna().unique():
            found.add(token, "pseudonym of a home")
    for kind, values in {"record": extract.keys(), "person": extract.table[extract.contract.person]}.items():
        for name in (f"record {extract.agency}", kind, extract.agency):
            for token in key.pseudonyms(name, values).dropna().unique():
                found.add(token, f"pseudonym of a {kind}")
        for value in values.dropna().astype(str).unique():
            found.add(hmac.digest(key.secret, value.encode(), "sha256").hex(), f"keyed hash of a {kind}")
    names = extract.values("surname").dropna().unique()
    for name in names:
        found.add_codes(sound(plain(name)), "surname as it sounds")


def _add_day(found: Needles, day: date) -> None:
    for form in DAYS:
        found.add(day.strftime(form), "date of birth")
        if len(day.strftime(form)) >= 8:
            found.add_codes(day.strftime(form), "date of birth")


def texts_of(name: str, content: bytes) -> Iterator[str]:
    """Give everything readable in a file: archives unpacked, tables and databases decoded, and its plain bytes."""
    yield name
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.namelist():
                yield from texts_of(f"{name}/{member}", packed.read(member))
        return
    if content[:4] == b"PAR1":
        yield from _of_parquet(content)
    elif content[:15] == b"SQLite format 3":
        yield from _of_database(content)
    elif name.endswith((".geojson", ".json")):
        yield from _of_json(content)
        return
    yield content.decode("utf-8", "replace")


def _of_parquet(content: bytes) -> Iterator[str]:
    table = pq.read_table(io.BytesIO(content))
    yield str(pq.read_metadata(io.BytesIO(content)).metadata) + str(table.schema.metadata)
    names = [name for name in table.column_names if name != "geometry"]  # the place's own, and public
    yield table.select(names).to_pandas().reset_index().to_csv()


def _of_database(content: bytes) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as file:
        file.write(content)
        file.flush()
        with sqlite3.connect(file.name) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    yield "\n".join(str(cell) for cell in row if not isinstance(cell, bytes))
        connection.close()


def _of_json(content: bytes) -> Iterator[str]:
    """Give a document without the coordinates of its shapes, which are the place's own."""
    told = json.loads(content)
    for feature in told.get("features", ()) if isinstance(told, dict) else ():
        feature.pop("geometry", None)
    yield json.dumps(told, ensure_ascii=False)


def search(needles: Needles, files: Iterable[tuple[str, bytes]]) -> dict[str, dict[str, str]]:
    """Return what was found, by the name of what it was found in."""
    every = {
        name: {one: kind for text in texts_of(name, content) for one, kind in needles.found(text).items()}
        for name, content in files
    }
    return {name: found for name, found in every.items() if found}
