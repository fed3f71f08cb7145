"""Reading an OpenStreetMap extract: the things whose tags make them assets, points and areas alike."""

import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pydantic import BaseModel, ConfigDict, Field, field_validator

from assets.errors import AssetError
from assets.importers.hearing import hearing
from assets.importers.json_file import parsed_json
from assets.importers.limits import LARGEST_GEO, at_most_rows, checked_file
from assets.importers.table import Table, TableRow, refusal, table_row
from words.categories import CATEGORIES

TAGS = Path(__file__).parent / "osm_tags.toml"
HEADINGS = (
    "id", "name", "category", "kind", "tag", "longitude", "latitude", "postcode", "address", "website", "phone",
    "email", "organisation", "opening_hours", "accessibility", "cost", "description", "confirmed_on", "uprn",
    "urn", "charity",
)  # fmt: skip
_LAYERS = {"points": "node", "multipolygons": "way"}
_ADDRESS = ("addr:housename", "addr:housenumber", "addr:street", "addr:suburb", "addr:city")
_PRIVATE = {"private", "no"}


class TagRule(BaseModel):
    """Which tags make a thing an asset of a category; `key=*` stands for any value of the key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    tags: tuple[str, ...] = Field(min_length=1)
    kind: str = "place"
    nameless: bool = False

    @field_validator("code")
    @classmethod
    def _known(cls, code: str) -> str:
        if code not in CATEGORIES:
            raise ValueError(f"{code!r} is no category")
        return code

    @field_validator("tags")
    @classmethod
    def _written(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [tag for tag in tags if not re.fullmatch(r"[a-z_:]+=([a-z_]+|\*)", tag)]
        if wrong:
            raise ValueError(f"{', '.join(wrong)} is not written key=value")
        return tags

    def found(self, tags: Mapping[str, str]) -> str:
        """Return the first of the rule's tags that a thing has, or nothing."""
        for tag in self.tags:
            key, _, value = tag.partition("=")
            if key in tags and value in ("*", tags[key]):
                return f"{key}={tags[key]}"
        return ""


class _TagFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    category: tuple[TagRule, ...]


@lru_cache(maxsize=1)
def tag_rules() -> tuple[TagRule, ...]:
    """Return the table of tags and categories that Larder ships, in its order."""
    return _TagFile.model_validate(tomllib.loads(TAGS.read_text(encoding="utf-8"))).category


def read_extract(path: Path) -> Table:
    """Read the assets of an OpenStreetMap extract (.osm.pbf or .osm), one row a thing.

    A thing is an asset where a tag of `osm_tags.toml` says so; it counts once, by the first category that
    fits. Areas stand as a point on them. The row's id is OpenStreetMap's own (node/123, way/123,
    relation/123). The data is © OpenStreetMap contributors under the ODbL, which the import keeps with it.

    Raises AssetError where the file is no extract.
    """
    checked_file(path, LARGEST_GEO)
    _check_mark(path)
    with hearing("extract") as told:
        things = sorted(_things(path, _wanted()), key=lambda thing: thing[0])
    rows: list[TableRow] = []
    for osm_id, tags, at in things:
        rule, tag = next(((rule, tag) for rule in tag_rules() if (tag := rule.found(tags))), (None, ""))
        if rule is not None:
            rows.append(_row(len(rows) + 1, (f"{osm_id[0]}/{osm_id[1]}", tags, at), rule, tag))
    at_most_rows(path.name, len(rows))
    notes = (
        f"{len(rows)} things of the extract are assets by their tags.",
        "© OpenStreetMap contributors, Open Database Licence (ODbL): what is made from these rows is shared alike.",
        *told,
    )
    return Table(HEADINGS, tuple(rows), notes, is_whole=not told)


def _check_mark(path: Path) -> None:
    """Refuse a file that is no extract by its first bytes, whatever its name."""
    with path.open("rb") as file:
        start = file.read(512)
    if b"OSMHeader" in start[:64]:
        return
    if b"<osm" not in start:
        raise refusal(path.name, "This is no OpenStreetMap extract.", "Give an .osm.pbf or .osm file.")
    if b"<!" in start.replace(b"<!--", b""):
        raise refusal(path.name, "It declares XML entities.", "Give an .osm.pbf extract.")


def _wanted() -> dict[str, set[str]]:
    """Return the keys that make assets, each with its values; "*" stands for any."""
    keys: dict[str, set[str]] = {}
    for rule in tag_rules():
        for tag in rule.tags:
            key, _, value = tag.partition("=")
            keys.setdefault(key, set()).add(value)
    return keys


def _condition(key: str, values: set[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in sorted(values))
    return f'"{key}" IS NOT NULL' if "*" in values else f'"{key}" IN ({listed})'


_Id = tuple[str, int]


def _things(
    path: Path, wanted: Mapping[str, set[str]]
) -> Iterator[tuple[_Id, dict[str, str], shapely.Point | None]]:
    """Yield what has one of the wanted tags: its id, its tags, its point."""
    where = " OR ".join(_condition(key, values) for key, values in wanted.items())
    with tempfile.TemporaryDirectory(prefix="larder-") as folder:
        settings = Path(folder) / "osm.ini"
        settings.write_text(_settings(sorted(wanted)), encoding="utf-8")
        for layer, kind in _LAYERS.items():
            try:
                meta, _, shapes, fields = pyogrio.raw.read(
                    path, layer=layer, where=where, CONFIG_FILE=str(settings), TAGS_FORMAT="JSON"
                )
            except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
                    pyogrio.errors.GeometryError, pyogrio.errors.FieldError, ValueError) as error:  # fmt: skip
                cure = "Download it again; a whole .osm.pbf is needed."
                raise refusal(path.name, f"The extract cannot be read: {str(error)[:200]}.", cure) from error
            columns = dict(zip(meta["fields"], fields, strict=True))
            points = _on_them(shapes)
            for at, texts in enumerate(columns["all_tags"]):
                yield _id_of(columns, at, kind), _tags(texts), points[at]


def _settings(keys: list[str]) -> str:
    """Return what tells the reader which tags to look for, and to give all tags of what it finds."""
    common = f"osm_id=yes\nattributes={','.join(keys)}\nall_tags=yes\n"
    areas = ",".join(["aeroway", "boundary", "building", "historic", "natural", "place", "sport", *keys])
    return (
        f"closed_ways_are_polygons={areas}\nreport_all_nodes=no\nreport_all_ways=no\n"
        f"[points]\n{common}[lines]\nosm_id=yes\n[multipolygons]\n{common}"
        "[multilinestrings]\nosm_id=yes\n[other_relations]\nosm_id=yes\n"
    )


def _on_them(shapes: object) -> list[shapely.Point | None]:
    made = shapely.from_wkb(np.asarray(shapes, dtype=object), on_invalid="ignore")
    return [None if shape is None or shape.is_empty else shape.point_on_surface() for shape in made]


def _id_of(columns: Mapping[str, np.ndarray], at: int, kind: str) -> _Id:
    """Return the kind and number of a thing: an area is a way, or a relation where the way is blank."""
    if kind == "node":
        return "node", int(columns["osm_id"][at])
    way = columns["osm_way_id"][at]
    if way is not None and way == way:  # noqa: PLR0124 - a blank that is no number is unlike itself
        return "way", int(way)
    return "relation", int(columns["osm_id"][at])


def _tags(text: object) -> dict[str, str]:
    found = parsed_json(str(text).encode("utf-8", "replace")) if isinstance(text, str) else {}
    if not isinstance(found, dict):
        raise AssetError("The tags of a thing cannot be read.", "Download the extract again.")
    return {str(key): str(value) for key, value in found.items()}


def _row(
    number: int, thing: tuple[str, Mapping[str, str], shapely.Point | None], rule: TagRule, tag: str
) -> TableRow:
    osm_id, tags, at = thing

    def first(*keys: str) -> str:
        return next((tags[key] for key in keys if tags.get(key)), "")

    name = first("name", "name:en", "official_name")
    doubts: list[str] = []
    notes: list[str] = []
    if not name:
        kind = CATEGORIES[rule.code].name
        name = kind[:1].upper() + kind[1:]
        told = f"OpenStreetMap has no name for it: called {name!r}"
        (notes if rule.nameless else doubts).append(told)
    if tags.get("access") in _PRIVATE:
        doubts.append(f"OpenStreetMap says that it is not open to everyone (access={tags['access']})")
    if not osm_id.startswith("node/"):
        notes.append("its area stands as a point on it")
    cells = {
        "id": osm_id, "name": name, "category": rule.code, "kind": rule.kind, "tag": tag,
        "longitude": "" if at is None else f"{at.x:.7f}",
        "latitude": "" if at is None else f"{at.y:.7f}",
        "postcode": first("addr:postcode"),
        "address": ", ".join(tags[key] for key in _ADDRESS if tags.get(key)),
        "website": first("website", "contact:website", "url"),
        "phone": first("phone", "contact:phone"),
        "email": first("email", "contact:email"),
        "organisation": first("operator"),
        "opening_hours": first("opening_hours"),
        "accessibility": f"wheelchair: {tags['wheelchair']}" if tags.get("wheelchair") else "",
        "cost": {"no": "free", "yes": "charged"}.get(tags.get("fee", ""), first("charge")),
        "description": first("description"),
        "confirmed_on": first("check_date", "survey:date"),
        "uprn": first("ref:GB:uprn"), "urn": first("ref:edubase", "ref:GB:urn"), "charity": first("ref:GB:charity"),
    }  # fmt: skip
    texts = [cells[heading] for heading in HEADINGS]
    return table_row(number, HEADINGS, texts, doubts=doubts, notes=notes)
