"""Downloads: the run in the formats that maps and tables are exchanged in, and the table as it is on the screen."""

from functools import partial

import geopandas as gpd
import streamlit as st

from bake.errors import BakeError
from bake.exporting import MIME, ZIP, export_bytes
from bake.release import is_served
from bake.runs import Run
from geo.formats import ENDINGS
from ui import account, cache, rows
from ui.state import View

FORMATS = {
    "shapefile": "Shapefile, for QGIS or ArcGIS",
    "gpkg": "GeoPackage, for QGIS",
    "geoparquet": "GeoParquet, for Python or R",
    "geojson": "GeoJSON, for the web",
    "csv": "CSV, for a spreadsheet",
}


def draw_downloads(run: Run, areas: gpd.GeoDataFrame, view: View) -> None:
    """Offer each format; a file is made when it is asked for."""
    with st.popover("Download", icon=":material/download:"):
        st.caption("All areas, with their codes, what each field means, the licence and the sources.")
        for name, label in FORMATS.items():
            st.download_button(
                label,
                data=partial(_made, run, name),
                file_name=file_name(run.id, name),
                mime=MIME.get(name, ZIP),
                key=f"download-{name}",
                on_click="ignore",
            )
        st.caption("Only the areas on the screen, as the table shows them.")
        st.download_button(
            "This table as CSV",
            data=partial(_table, run, areas, view),
            file_name=f"{run.id}-table.csv",
            mime="text/csv",
            key="download-table",
            on_click="ignore",
        )


def file_name(run_id: str, name: str) -> str:
    """Return the name that `export_bytes` gives a format, before the file is made."""
    return f"{run_id}{ENDINGS[name][0]}" if name in MIME else f"{run_id}-{name}.zip"


def _made(run: Run, name: str) -> bytes:
    _still_served(run)
    return export_bytes(run, name)[2]


def _table(run: Run, areas: gpd.GeoDataFrame, view: View) -> bytes:
    _still_served(run)
    shown = areas[rows.shown(areas, view)]
    return rows.csv_bytes(rows.table_rows(shown, larger=cache.larger(str(run.folder))))


def _still_served(run: Run) -> None:
    """Raise BakeError where a run was withdrawn while its page stood open: files are made when they are asked for."""
    if not is_served(run, beyond_loopback=not account.may_see_drafts()):
        raise BakeError(f"{run.id} is no longer shown here.", "Load the page again.")
