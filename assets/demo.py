"""The demo place's assets: fictional, loaded on request and never by themselves."""

from pathlib import Path

from assets.importers.intake import import_file
from assets.importers.report import ImportReport
from geo.place import DEMO

DEMO_ASSETS = Path(__file__).resolve().parent.parent / "data" / "boundaries" / "demo" / "assets.csv"


def load_demo_assets(home: Path) -> ImportReport:
    """Load the demo's assets into the home's register as any CSV file is; a second time adds nothing."""
    return import_file(DEMO_ASSETS, home=home, place=DEMO)
