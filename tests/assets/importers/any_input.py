"""Any input: files of every format that hold anything at all, sound or spoilt, for hypothesis to draw from."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import openpyxl
import shapely
from hypothesis import strategies as st

from tests.assets.importers.feeds import a_page, a_service
from tests.assets.importers.test_openstreetmap import XML

NASTY = [
    "", " ", "A", "The Hall", "hall", "=1+1", "<script>alert(1)</script>", "'; DROP TABLE assets;--", "x" * 10_000,
    "قاعة", "\u202eevil", "\x00", "\x07", "é", "😀", "\ud800", "51.590602", "0.450957", "100", "-1e999", "nan", "1,5",
    "SS15 4JE", "ss1s 4je", "2026-05-31", "31/02/2026", "9" * 400, "TQ 699 908", "javascript:alert(1)", "a@b",
    "hidden", '"', "\n", "private", "way/1", "100090000000",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))
HEADINGS = (
    "id", "name", "category", "latitude", "longitude", "postcode", "confirmed_on", "website", "email", "precision",
    "kind", "uprn", "easting", "northing", "grid_reference", "private_name", "consent_on", "opening_hours",
)  # fmt: skip
SCALARS = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(),
    st.sampled_from([0, 51.590602, 0.450957, 100.0, 1138529.0]),
)  # fmt: skip
JSON = st.recursive(
    st.one_of(
        TEXTS.filter(lambda text: "\ud800" not in text), st.none(), st.booleans(), st.integers(), st.floats()
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(HEADINGS), inner, max_size=4)
    ),
    max_leaves=8,
)
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12)


def spoilt(data: bytes, changes: list[tuple[int, int]], cut: int | None) -> bytes:
    """Return some bytes with a few of them changed, and cut off somewhere."""
    spoiled = bytearray(data)
    for at, byte in changes:
        if spoiled:
            spoiled[at % len(spoiled)] = byte
    return bytes(spoiled if cut is None else spoiled[: cut % (len(spoiled) + 1)])


def spoiling(sound: Callable[[], bytes]) -> st.SearchStrategy[bytes]:
    return st.builds(
        lambda changes, cut: spoilt(sound(), changes, cut), CHANGES, st.none() | st.integers(0, 10**6)
    )


def csv_of(rows: list[list[str]], quoted: bool) -> bytes:
    text = io.StringIO(newline="")
    if quoted:
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *rows])
    else:
        text.write("\n".join(",".join(cells) for cells in [HEADINGS, *rows]))
    return text.getvalue().encode("utf-8", "surrogatepass")


ROWS = st.lists(st.lists(TEXTS, max_size=len(HEADINGS) + 1), max_size=4)
CSV = st.one_of(st.builds(csv_of, ROWS, st.booleans()), st.binary(max_size=200))


def excel_of(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(HEADINGS))
    for row in rows:
        sheet.append([_for_excel(value) for value in row])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _for_excel(value: Any) -> Any:
    if isinstance(value, str):
        return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value.replace("\ud800", ""))
    if isinstance(value, float) and not -1e300 < value < 1e300:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value % 10**12
    return value if not isinstance(value, date | datetime) or value.year >= 1900 else None


@lru_cache(maxsize=1)
def _sound_excel() -> bytes:
    return excel_of(
        [["1", "The Hall", "hall", 51.590602, 0.450957, "SS15 4JE", datetime(2026, 5, 31)], ["2", "B"]]
    )


def _repacked(member: int, changes: list[tuple[int, int]], cut: int | None) -> bytes:
    """Return a workbook one of whose members was spoilt, in a zip that is sound."""
    with zipfile.ZipFile(io.BytesIO(_sound_excel())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chosen = sorted(members)[member % len(members)]
    members[chosen] = spoilt(members[chosen], changes, cut)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


CUTS = st.none() | st.integers(0, 10**6)
EXCEL = st.one_of(
    st.builds(excel_of, st.lists(st.lists(SCALARS, max_size=len(HEADINGS)), max_size=4)),
    spoiling(_sound_excel),
    st.builds(_repacked, st.integers(0, 100), CHANGES, CUTS),
)


def json_of(value: Any) -> bytes:
    return json.dumps(value, default=str).encode("utf-8", "surrogatepass")


PAIR = st.lists(st.floats(-200, 200), min_size=2, max_size=2)
GEOMETRY = st.one_of(
    JSON,
    st.builds(lambda kind, at: {"type": kind, "coordinates": at}, st.sampled_from(
        ["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Blob"]
    ), JSON | st.lists(st.floats(), max_size=3) | st.lists(PAIR, max_size=5)),
)  # fmt: skip
PROPERTIES = JSON | st.dictionaries(st.sampled_from(HEADINGS), SCALARS | JSON, max_size=6)
FEATURE = JSON | st.fixed_dictionaries(
    {"type": st.sampled_from(["Feature", "feature"]), "properties": PROPERTIES, "geometry": GEOMETRY},
    optional={"id": JSON},
)
COLLECTION = st.fixed_dictionaries(
    {"type": st.just("FeatureCollection"), "features": st.lists(FEATURE, max_size=4)}, optional={"crs": JSON}
)
GEOJSON = st.one_of(st.builds(json_of, COLLECTION), st.builds(json_of, JSON), st.binary(max_size=60))


@lru_cache(maxsize=1)
def _sound_package() -> bytes:
    frame = gpd.GeoDataFrame(
        {"name": ["A", "B"], "category": ["hall", "park"], "reference": [1, 2]},
        geometry=[shapely.Point(569_880, 190_818), shapely.box(569_830, 190_768, 569_930, 190_868)],
        crs="EPSG:27700",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        frame.to_file(path, layer="halls", driver="GPKG", index=False)
        return path.read_bytes()


def _deep(changes: list[tuple[int, int]]) -> bytes:
    """Return a package spoilt past its head, which alone says that it is one."""
    data = _sound_package()
    return data[:100] + spoilt(data[100:], changes, None)


GPKG = st.one_of(spoiling(_sound_package), st.builds(_deep, CHANGES))

TAGS = st.dictionaries(
    st.sampled_from(
        ["amenity", "leisure", "name", "opening_hours", "addr:postcode", "access", "website", "check_date", "email"]
    ),
    st.sampled_from(["library", "playground", "school"]) | TEXTS, max_size=6,
)  # fmt: skip


def osm_of(things: list[tuple[int, float, float, dict[str, str]]]) -> bytes:
    nodes = [
        f'<node id="{number}" version="1" lat="{latitude}" lon="{longitude}">'
        + "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
        + "</node>"
        for number, latitude, longitude, tags in things
    ]
    text = f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(nodes)}</osm>'
    return text.encode("utf-8", "surrogatepass")


OSM = st.one_of(
    st.builds(
        osm_of,
        st.lists(st.tuples(st.integers(-5, 2**40), st.floats(), st.floats(-200, 200), TAGS), max_size=4),
    ),
    spoiling(lambda: XML.format(name="A").encode()),
)


def _changed(service: Any, path: list[int], value: Any) -> Any:
    """Return a record with one value, wherever the path of numbers leads to, replaced."""
    copy = json.loads(json.dumps(service))
    part, steps = copy, list(path)
    while steps:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            break
        key = keys[steps.pop(0) % len(keys)]
        if not steps or not isinstance(part[key], dict | list):
            part[key] = value
            break
        part = part[key]
    return copy


SERVICE = st.builds(
    _changed, st.just(a_service()), st.lists(st.integers(0, 30), min_size=1, max_size=6), JSON
)
REFERRAL = st.one_of(
    st.builds(lambda services: json_of(a_page(services)), st.lists(SERVICE | JSON, max_size=4)),
    st.builds(lambda path, value: json_of(_changed(a_page([a_service()]), path, value)), st.lists(
        st.integers(0, 9), min_size=1, max_size=2), JSON),
    st.builds(json_of, JSON),
    spoiling(lambda: json_of(a_page([a_service()]))),
)  # fmt: skip

INPUTS: dict[str, st.SearchStrategy[bytes]] = {
    "csv": CSV, "excel": EXCEL, "geojson": GEOJSON, "gpkg": GPKG, "osm": OSM, "open_referral": REFERRAL,
}  # fmt: skip
