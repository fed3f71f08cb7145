"""Reading OpenStreetMap: what is an asset by its tags, its id, its licence; a real extract, whole."""

from collections import Counter
from pathlib import Path

import pytest

from assets.errors import AssetError
from assets.importers.intake import import_file
from assets.importers.openstreetmap import read_extract, tag_rules
from assets.register import list_assets
from assets.schema import SourceRow
from store.roles import CLI
from store.session import reading
from words.categories import CATEGORIES

# an extract of four nodes and two areas, written by hand round the middle of square B2 of the town
XML = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6" generator="by hand">
 <node id="1" version="1" lat="51.590602" lon="0.450957">
  <tag k="amenity" v="library"/><tag k="name" v="{name}"/><tag k="opening_hours" v="Mo-Fr 09:00-17:00"/>
  <tag k="addr:postcode" v="SS15 4JE"/><tag k="addr:housenumber" v="1"/><tag k="addr:street" v="Mill Lane"/>
  <tag k="phone" v="01268 000000"/><tag k="wheelchair" v="yes"/><tag k="check_date" v="2026-05-31"/>
  <tag k="operator" v="The Council"/><tag k="fee" v="no"/><tag k="ref:GB:uprn" v="100090000000"/>
 </node>
 <node id="2" version="1" lat="51.590602" lon="0.450957"><tag k="amenity" v="bench"/></node>
 <node id="3" version="1" lat="51.5907" lon="0.4511"><tag k="amenity" v="cafe"/><tag k="access" v="private"/></node>
 <node id="4" version="1" lat="51.5905" lon="0.4508"/><node id="5" version="1" lat="51.5905" lon="0.4510"/>
 <node id="6" version="1" lat="51.5906" lon="0.4510"/><node id="7" version="1" lat="51.5906" lon="0.4508"/>
 <way id="1" version="1"><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="4"/>
  <tag k="leisure" v="playground"/></way>
 <way id="9" version="1"><nd ref="4"/><nd ref="5"/><tag k="highway" v="footway"/><tag k="name" v="Path"/></way>
</osm>
"""


def extract(folder: Path, name: str = "The Library") -> Path:
    path = folder / "town.osm"
    path.write_text(XML.format(name=name), encoding="utf-8")
    return path


def test_tags_make_assets(town_home: Path, tmp_path: Path) -> None:
    report = import_file(extract(tmp_path), home=town_home)
    assert [(row.name, row.category, row.outcome) for row in report.rows] == [
        ("The Library", "library", "accepted"),
        ("Café", "cafe", "held"),
        ("Playground", "playground", "accepted"),
    ]
    assert report.source == "OpenStreetMap"
    assert any("ODbL" in note for note in report.notes)
    with reading(town_home) as session:
        assets = {asset.category: asset for asset in list_assets(session, actor=CLI)}
        licences = {row.source_key: row.licence for row in session.query(SourceRow)}
    library = assets["library"]
    assert (library.opening_hours, library.phone, library.postcode) == (
        "Mo-Fr 09:00-17:00", "01268 000000", "SS15 4JE",
    )  # fmt: skip
    assert (library.address, library.organisation, library.cost) == ("1, Mill Lane", "The Council", "free")
    assert library.identifiers == {"osm": "node/1", "uprn": "100090000000"}
    assert (library.accessibility, str(library.confirmed_on)) == ("wheelchair: yes", "2026-05-31")
    assert {asset.licence for asset in assets.values()} == {"ODbL-1.0"}
    assert licences == dict.fromkeys(("node/1", "node/3", "way/1"), "ODbL-1.0")
    assert assets["playground"].kind == "green_space"
    assert assets["playground"].area == "B2"
    assert "not open to everyone" in assets["cafe"].review_reason
    assert "no name for it" in assets["cafe"].review_reason


def test_a_later_extract_updates_what_it_changed(town_home: Path, tmp_path: Path) -> None:
    import_file(extract(tmp_path), home=town_home)
    assert import_file(extract(tmp_path), home=town_home).totals["unchanged"] == 3
    report = import_file(extract(tmp_path, "The New Library"), home=town_home)
    assert [row.outcome for row in report.rows] == ["updated", "unchanged", "unchanged"]
    assert report.gone == ()


def test_an_extract_of_elsewhere_makes_nothing_gone(town_home: Path, tmp_path: Path) -> None:
    import_file(extract(tmp_path), home=town_home)
    other = tmp_path / "other.osm"
    other.write_text(
        '<?xml version="1.0"?><osm version="0.6"><node id="11" version="1" lat="55" lon="-3">'
        '<tag k="amenity" v="library"/><tag k="name" v="B"/></node></osm>'
    )
    assert import_file(other, home=town_home).gone == ()


NEWPORT = "newport-2023-06-13.osm.pbf"


def test_newport_is_imported_with_counts_by_category(shared: Path, larder_home: Path) -> None:
    path = shared / "network" / NEWPORT
    first = import_file(path, home=larder_home)
    counts = Counter(row.category for row in first.rows)
    # the data's README counts 48 playground areas, and the layer of points holds 3 more; one is a rule earlier
    assert counts["playground"] in (50, 51)
    # counted with pyogrio: amenity=school 49 areas, amenity=library 6 points and 2 public bookcases
    assert (counts["school"], counts["library"]) == (49, 8)
    assert first.totals["refused"] == 0
    assert len(first.rows) == sum(first.totals.values()) == first.geocoded == sum(counts.values())
    again = import_file(path, home=larder_home)
    assert (again.totals["unchanged"], again.gone) == (len(first.rows), ())


def test_every_tag_is_written_once_and_of_a_known_category() -> None:
    tags = [tag for rule in tag_rules() for tag in rule.tags]
    assert len(tags) == len(set(tags))
    assert {rule.code for rule in tag_rules()} <= set(CATEGORIES)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"name\nA\n", "no OpenStreetMap extract"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7c rest", "cannot be read"),
        (b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY x "y">]><osm version="0.6"></osm>', "XML entities"),
        (b'<?xml version="1.0"?><osm version="0.6"><node id="1" lat="5', "cannot be read"),
    ],
)
def test_files_that_are_no_extract(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(data)
    with pytest.raises(AssetError, match=said):
        read_extract(path)


def test_a_cut_extract_is_refused_whole(shared: Path, larder_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.osm.pbf"
    data = (shared / "network" / NEWPORT).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(AssetError, match="cannot be read"):
        import_file(path, home=larder_home)
    with reading(larder_home) as session:
        assert list_assets(session, actor=CLI) == []
