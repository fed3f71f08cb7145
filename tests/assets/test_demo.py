"""The demo's assets: loaded on request alone, through the importer, once."""

from pathlib import Path

from assets.demo import DEMO_ASSETS, load_demo_assets
from assets.find import find_assets
from assets.importers.delimited import read_table
from geo.demo import ensure_demo


def test_the_demo_assets_come_in_once_and_only_on_request(larder_home: Path) -> None:
    ensure_demo(larder_home)
    assert find_assets(larder_home, place="demo") == []
    report = load_demo_assets(larder_home)
    rows = len(read_table(DEMO_ASSETS).rows)
    assert report.totals["accepted"] == len(report.rows) == rows
    assert report.geocoded == rows
    assert report.outside == 0
    assert len(find_assets(larder_home, place="demo")) == rows
    assert load_demo_assets(larder_home).totals["unchanged"] == rows
