"""The main job in a real browser: open, choose, read, add, download, send; wide and at 360 pixels."""

import io
import os
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from PIL import Image

if os.environ.get("LARDER_REQUIRE") != "all":
    pytest.importorskip("playwright.sync_api", reason="missing: playwright for Python (requirements-dev.txt)")

from playwright.sync_api import Browser, BrowserContext, Page, expect

from assets.locate import locator
from assets.register import add_asset
from store.roles import LOCAL
from store.session import writing

pytestmark = pytest.mark.browser
PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
)
OURS = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)  # a busy machine draws late, and late is not wrong


class Visit:
    """A page with what it asked for and complained of."""

    def __init__(self, context: BrowserContext) -> None:
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("console", lambda told: self.errors.append(told.text) if told.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, url: str) -> None:
        if not url.startswith(OURS):
            self.elsewhere.append(url)

    def open(self, url: str) -> Page:
        self.page.goto(url)
        expect(self.page.get_by_text("Choose a row to read about it")).to_be_visible(timeout=PATIENCE)
        return self.page


@pytest.fixture
def wide(browser: Browser):  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    yield Visit(context)
    context.close()


@pytest.fixture
def narrow(browser: Browser):  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": 360, "height": 800}, user_agent=PHONE, has_touch=True)
    yield Visit(context)
    context.close()


def choose_first_row(page: Page) -> None:
    """Tick the first row of the table: its canvas has a column of boxes on the left, below a row of heads."""
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    for _ in range(3):
        table.click(position={"x": 18, "y": 52})
        try:
            expect(page.get_by_text("Clear the choice")).to_be_visible(timeout=10_000)
            return
        except AssertionError:
            continue
    pytest.fail("no row could be chosen")


def colours(page: Page) -> dict[tuple[int, int, int], int]:
    """Count the colours of the map's picture."""
    chart = page.get_by_test_id("stDeckGlJsonChart")
    chart.scroll_into_view_if_needed()
    page.wait_for_timeout(2_500)
    picture = Image.open(io.BytesIO(chart.screenshot())).convert("RGB")
    found = picture.getcolors(picture.width * picture.height) or []
    return {colour: count for count, colour in found}


def test_the_main_job_from_the_first_look_to_the_shapefile(
    wide: Visit, address: str, demo_home: Path, tmp_path: Path
) -> None:
    page = wide.open(address)
    expect(page.get_by_text("In Marshwick (fictional)")).to_be_visible()

    choose_first_row(page)
    expect(page.get_by_text("Need here is in the")).to_be_visible()
    expect(page.get_by_text("Firm: need is high here and in the areas around it")).to_be_visible()
    expect(page.get_by_role("heading", name="What is already here")).to_be_visible()
    expect(page).to_have_url(re.compile("area=X"))

    chosen = page.url
    page.get_by_role("link", name="Add an asset").first.click()
    page.get_by_role("link", name="Open the form").click()
    expect(page.get_by_label("Name").first).to_be_visible()
    _register(demo_home, chosen, "Tuesday Soup Table")
    page.goto(chosen)
    expect(page.get_by_text("Tuesday Soup Table")).to_be_visible()
    expect(page.get_by_text("food bank, not confirmed").first).to_be_visible()

    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_text("Shapefile, for QGIS").click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    with zipfile.ZipFile(saved) as packed:
        inner = next(name for name in packed.namelist() if name.endswith(".shp"))
    areas = gpd.read_file(f"/vsizip/{saved}/{inner}")
    assert len(areas) == 600
    assert areas.crs.to_epsg() == 27700
    assert wide.elsewhere == []
    assert wide.errors == []


def _register(home: Path, chosen: str, name: str) -> None:
    """Put an asset into the chosen area, as a steward who approves it does."""
    code = chosen.split("area=")[1].split("&", maxsplit=1)[0]
    with writing(home) as session:
        add_asset(
            session,
            actor=LOCAL,
            name=name,
            category="food_bank",
            postcode=_postcode_in(code),
            where=locator(home),
        )


def _postcode_in(code: str) -> str:
    import pandas as pd

    table = pd.read_csv(
        Path(__file__).resolve().parents[2] / "data" / "boundaries" / "demo" / "postcodes.csv"
    )
    areas = gpd.read_parquet(
        Path(__file__).resolve().parents[2] / "data" / "boundaries" / "demo" / "areas.parquet"
    )
    area = areas.set_index("code").geometry[code]
    names = {str(name).lower(): name for name in table.columns}
    x = next(names[name] for name in ("easting", "eastings", "oseast1m", "x") if name in names)
    y = next(names[name] for name in ("northing", "northings", "osnrth1m", "y") if name in names)
    points = gpd.GeoSeries(gpd.points_from_xy(table[x], table[y]), crs=areas.crs)
    column = next(names[name] for name in ("postcode", "pcds", "pcd") if name in names)
    return str(table[column][points.within(area)].iloc[0])


def test_the_map_is_not_blank_with_no_basemap_at_hand(wide: Visit, address: str) -> None:
    page = wide.open(address)
    seen = colours(page)
    # three of the bands, the ink of the hotspots' lines: each must cover more than a few specks
    for colour in ((133, 89, 206), (190, 155, 233), (248, 241, 254), (17, 17, 17)):
        assert seen.get(colour, 0) > 300, colour
    assert len(seen) > 200
    assert wide.elsewhere == []
    assert wide.errors == []


def test_a_click_on_the_map_chooses_an_area(wide: Visit, address: str) -> None:
    page = wide.open(address)
    chart = page.get_by_test_id("stDeckGlJsonChart")
    page.wait_for_timeout(2_500)
    # drawing without a graphics card may drop a click, so a few are allowed
    for x, y in ((300, 300), (420, 330), (500, 250), (350, 200)):
        chart.click(position={"x": x, "y": y})
        page.wait_for_timeout(2_500)
        if "area=" in page.url:
            break
    expect(page).to_have_url(re.compile("area=X"))
    expect(page.get_by_text("Need here is in the")).to_be_visible()


def test_a_link_opens_the_same_view_for_a_colleague(wide: Visit, address: str) -> None:
    page = wide.open(f"{address}/?place=demo&sign=firm&area=X00000483&show=areas")
    expect(page.get_by_role("heading", name="Harrow Field B1")).to_be_visible()
    expect(page.get_by_text("Filters (1 set)")).to_be_visible()


def test_two_levels_are_compared_on_two_maps_that_a_link_opens(wide: Visit, address: str) -> None:
    page = wide.open(address)
    page.get_by_role("link", name="Compare").first.click()
    expect(
        page.get_by_text("Asked of small areas and of neighbourhoods, the answer is the same in")
    ).to_be_visible()
    expect(page.get_by_test_id("stDeckGlJsonChart")).to_have_count(2)
    page.get_by_text("Only where they differ").click()
    expect(page.get_by_text("areas of 600.")).not_to_have_text("600 areas of 600.")
    expect(page).to_have_url(re.compile("against=early_years_open-demo.*differ=yes"))
    assert wide.errors == []
    page.goto(page.url)
    expect(page.get_by_text("areas of 600.")).not_to_have_text("600 areas of 600.")
    expect(page.get_by_role("link", name="How we know").first).to_be_visible()
    assert wide.elsewhere == []


def test_the_overview_tells_of_a_neighbourhood_that_is_chosen_and_its_link_opens_it_again(
    wide: Visit, narrow: Visit, address: str
) -> None:
    page = wide.open(address)
    page.get_by_role("link", name="Overview").first.click()
    expect(page.get_by_text("Draft, not released")).to_be_visible()
    expect(page.get_by_text("Of about 500 children in Sixtown")).to_be_visible()
    expect(page.locator("canvas.marks, .stVegaLiteChart svg, .stVegaLiteChart canvas").first).to_be_visible()
    page.get_by_role("radio", name="Wider neighbourhood").or_(
        page.get_by_role("button", name="Wider neighbourhood", exact=True)
    ).first.click()
    expect(page.get_by_role("heading", name="Northside")).to_be_visible()
    expect(page.get_by_text("Speech at two (30 or less): 40 % of children here")).to_be_visible()
    expect(page).to_have_url(re.compile("look=X02000001"))
    assert wide.errors == []
    assert wide.elsewhere == []

    narrow.page.goto(page.url)
    expect(narrow.page.get_by_role("heading", name="Northside")).to_be_visible()
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert narrow.elsewhere == []


def test_on_a_phone_the_sentence_comes_first_then_the_table_and_the_map_when_asked(
    narrow: Visit, address: str
) -> None:
    page = narrow.open(f"{address}/?area=X00000483")
    assert page.get_by_test_id("stDeckGlJsonChart").count() == 0
    page.get_by_text("Show the map").click()
    expect(page.get_by_test_id("stDeckGlJsonChart")).to_be_visible(timeout=PATIENCE)
    tops = [
        page.locator(f".st-key-{part}").bounding_box()["y"]  # type: ignore[index]
        for part in ("sentence", "head", "table", "map")
    ]
    assert tops == sorted(tops)
    wider = page.evaluate("document.documentElement.scrollWidth")
    assert wider <= 360
    assert narrow.elsewhere == []
    assert narrow.errors == []
