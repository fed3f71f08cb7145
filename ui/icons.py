"""The marks of assets as one small picture: a shape for its group and a fill for its freshness.

Full with its letter where fresh, half full where ageing, hollow where stale, hollow with a question mark for a letter
where nobody ever confirmed it: so the four are told apart in grey, too.
"""

import base64
import io
import math
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from words.freshness import STATES, State
from words.palette import ASSET_MARKS, BANDS, MARK_EDGE, MARK_LETTER, MARK_RING, PAPER, AssetMark

CELL = 48
FINER = 4
CORNERS = {"square": 4, "triangle": 3, "diamond": 4, "pentagon": 5, "hexagon": 6}
TURN = {"square": 45.0, "triangle": -90.0, "diamond": 0.0, "pentagon": -90.0, "hexagon": 0.0}
SIZE = {"square": 1.16, "triangle": 1.2, "diamond": 1.12, "pentagon": 1.06, "hexagon": 1.03, "circle": 0.92}


def icon_name(group: str, state: State) -> str:
    """Return the name of a mark in the picture."""
    return f"{group}-{state}"


@cache
def atlas() -> tuple[str, dict[str, Any]]:
    """Return the picture of all marks as a data address, and where each mark is in it, in pixels."""
    names = [(mark, state) for mark in ASSET_MARKS for state in STATES]
    picture = Image.new("RGBA", (CELL * len(names), CELL))
    mapping = {}
    for number, (mark, state) in enumerate(names):
        picture.paste(draw(mark, state), (CELL * number, 0))
        mapping[icon_name(mark.group, state)] = {
            "x": CELL * number,
            "y": 0,
            "width": CELL,
            "height": CELL,
            "anchorY": CELL // 2,
        }
    return _address(picture), mapping


@cache
def mark_address(group: str, state: State) -> str:
    """Return one mark as a data address, for the legend and the list of assets."""
    mark = next(mark for mark in ASSET_MARKS if mark.group == group)
    return _address(draw(mark, state))


def mark_html(group: str, state: State) -> str:
    """Return one mark as HTML; it decorates words that say the same, so it has no text of its own."""
    return f'<img class="larder-mark" alt="" src="{mark_address(group, state)}">'


def _address(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.quantize(48, method=Image.Quantize.FASTOCTREE).save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def draw(mark: AssetMark, state: State) -> Image.Image:
    """Draw one mark: its left half full and its right half hollow where it is ageing."""
    if state != "ageing":
        return _drawn(mark, full=state == "fresh", letter="?" if state == "unconfirmed" else mark.letter)
    picture, hollow = (_drawn(mark, full=full, letter=mark.letter) for full in (True, False))
    picture.paste(hollow.crop((CELL // 2, 0, CELL, CELL)), (CELL // 2, 0))
    return picture


def _drawn(mark: AssetMark, *, full: bool, letter: str) -> Image.Image:
    """Draw a pale ring, a dark edge, the shape, its letter; hollow ones swap letter and fill."""
    wide = CELL * FINER
    picture = Image.new("RGBA", (wide, wide))
    pen = ImageDraw.Draw(picture)
    edge, fill, ink = (MARK_EDGE, mark.colour, MARK_LETTER) if full else (mark.colour, PAPER, mark.colour)
    for share, colour in ((0.5, MARK_RING), (0.45, edge), (0.41 if full else 0.37, fill)):
        _shape(pen, mark.shape, wide, share, colour)
    font = ImageFont.load_default(size=wide * 0.44)
    lower = 0.56 if mark.shape == "triangle" else 0.5
    pen.text((wide / 2, wide * lower), letter, fill=ink, font=font, anchor="mm", stroke_width=2)
    return picture.resize((CELL, CELL), Image.Resampling.LANCZOS)


def _shape(pen: ImageDraw.ImageDraw, shape: str, wide: int, share: float, colour: str) -> None:
    middle = wide / 2
    reach = wide * share * SIZE.get(shape, 1.0)
    if shape == "circle":
        pen.ellipse((middle - reach, middle - reach, middle + reach, middle + reach), fill=colour)
    elif shape == "cross":
        arm = reach * 0.58
        pen.rectangle((middle - arm, middle - reach, middle + arm, middle + reach), fill=colour)
        pen.rectangle((middle - reach, middle - arm, middle + reach, middle + arm), fill=colour)
    else:
        corners = CORNERS[shape]
        angles = [math.radians(TURN[shape] + 360 * corner / corners) for corner in range(corners)]
        lower = reach * 0.12 if shape == "triangle" else 0.0
        points = [
            (middle + reach * math.cos(angle), middle + lower + reach * math.sin(angle)) for angle in angles
        ]
        pen.polygon(points, fill=colour)


@cache
def favicon() -> Image.Image:
    """Return the app's own small picture, a jar; one named from an icon set would be fetched from elsewhere."""
    picture = Image.new("RGBA", (64, 64))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((12, 16, 52, 60), 9, fill=BANDS[-1].colour, outline=MARK_EDGE, width=4)
    pen.rounded_rectangle((16, 4, 48, 16), 4, fill=MARK_EDGE)
    pen.rectangle((20, 30, 44, 46), fill=PAPER)
    return picture
