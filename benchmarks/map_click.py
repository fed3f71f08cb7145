"""How long a click takes: Larder's first screen beside a bare `st.pydeck_chart` with the same polygons, in one run.

    python -m benchmarks.map_click [HOME]

Both apps run on this computer and are clicked in one headless Chromium by turns: a row of the table in Larder (which
chooses an area: sentence, nearby assets, map and table are made again), a button in the bare app (which draws the same
polygons again with pydeck as it comes, and nothing else). A click lasts from the pointer going down until Streamlit
says that the script has ended and the page has drawn two more frames, so the browser's own work counts on both sides.
HOME is a Larder home with a run; without it the demo place (600 areas) is baked into a temporary one.

Prints medians, the difference and the ratio. The aim is a difference of at most 0.2 s.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bake.demo import bake_demo
from bake.runs import list_runs

ROOT = Path(__file__).resolve().parent.parent

CLICKS = 15
LIMIT_SECONDS = 0.2
FLAGS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-sandbox",
    "--disable-background-networking",
]
BARE = """
import geopandas as gpd, json, pydeck as pdk, streamlit as st
st.set_page_config(layout="wide")
@st.cache_resource
def features():
    areas = gpd.read_parquet({areas!r})[["code", "name", "band", "geometry"]].to_crs("EPSG:4326")
    areas["fill"] = [[90 + 30 * int(band), 80, 160] for band in areas["band"].fillna(1)]
    return json.loads(areas.drop(columns="band").to_json()), areas.total_bounds
shapes, (west, south, east, north) = features()
st.button("Again")
layer = pdk.Layer("GeoJsonLayer", shapes, id="areas", get_fill_color="properties.fill", pickable=True)
view = pdk.ViewState(latitude=(south + north) / 2, longitude=(west + east) / 2, zoom=11.5)
st.pydeck_chart(pdk.Deck([layer], map_provider=None, initial_view_state=view), on_select="rerun", key="map", height=540)
"""
CLOCK = """
() => {
  window.clicks = [];
  const state = () => document.querySelector('.stApp').getAttribute('data-test-script-state');
  window.addEventListener('pointerdown', () => {
    const start = performance.now();
    let ran = false;
    const look = () => {
      if (state() === 'running') ran = true;
      if (ran && state() === 'notRunning')
        requestAnimationFrame(() => requestAnimationFrame(() => window.clicks.push(performance.now() - start)));
      else if (performance.now() - start < 20000) setTimeout(look, 1);
    };
    look();
  }, true);
}
"""


@contextmanager
def served(script: Path, home: Path) -> Iterator[str]:
    """Run a Streamlit script on a free port and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    settings = {**os.environ, "LARDER_HOME": str(home), "PYTHONPATH": str(ROOT)}
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=quiet, stderr=quiet)
    try:
        for _ in range(240):
            with suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
                break
            time.sleep(0.25)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def opened(browser: Browser, address: str) -> Page:
    """Open a page, wait for its map, and start the clock that every click is measured by."""
    page = browser.new_page(viewport={"width": 1440, "height": 1700})
    page.goto(address)
    page.wait_for_selector(".stDeckGlJsonChart canvas", timeout=60_000)
    page.wait_for_timeout(6_000)
    page.evaluate(CLOCK)
    return page


def click(page: Page, row: int | None) -> float:
    """Click a row of the table, or the button of the bare app, and return the seconds until all is done."""
    before = page.evaluate("window.clicks.length")
    if row is None:
        page.get_by_role("button", name="Again").click()
    else:
        page.get_by_test_id("stDataFrame").first.click(position={"x": 18, "y": 52 + 35 * row})
    for _ in range(300):
        page.wait_for_timeout(100)
        if page.evaluate("window.clicks.length") > before:
            break
    page.wait_for_timeout(600)
    return float(page.evaluate("window.clicks.at(-1)")) / 1000


def main() -> None:
    """Measure both apps by turns and print what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(folder)
        if len(sys.argv) < 2:
            bake_demo(home, lambda _: None)
        run = list_runs(home)[0]
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE.format(areas=str(run.folder / "areas.parquet")), encoding="utf-8")
        with served(ROOT / "app.py", home) as ours, served(bare, home) as theirs, sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
            )
            larder, plain = opened(browser, ours), opened(browser, theirs)
            seconds: dict[str, list[float]] = {"larder": [], "bare": []}
            for turn in range(CLICKS + 2):
                larder.bring_to_front()
                seconds["larder"].append(click(larder, turn % 7))
                plain.bring_to_front()
                seconds["bare"].append(click(plain, None))
            browser.close()
        report(run.id, len(run.areas()), {name: times[2:] for name, times in seconds.items()})


def report(run_id: str, areas: int, seconds: dict[str, list[float]]) -> None:
    """Print medians, spread, difference and ratio."""
    middle = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"run {run_id}, {areas} areas, {CLICKS} clicks each (two more to warm up)")
    for name, times in seconds.items():
        print(f"{name:7} median {middle[name]:.3f} s, from {min(times):.3f} to {max(times):.3f} s")
    difference = middle["larder"] - middle["bare"]
    verdict = "within" if difference <= LIMIT_SECONDS else "over"
    print(
        f"difference {difference:+.3f} s ({verdict} {LIMIT_SECONDS} s), ratio {middle['larder'] / middle['bare']:.2f}"
    )


if __name__ == "__main__":
    main()
