"""The view: what is chosen on the screen, and the same as an address that can be sent to a colleague."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from words.categories import CATEGORIES
from words.labels import SIGNS
from words.records import LAYERS

SHOWS = ("areas", "assets")


@dataclass(frozen=True)
class Camera:
    """Where the map looks: degrees in EPSG:4326 and a zoom (0 the world, 20 a house)."""

    latitude: float
    longitude: float
    zoom: float

    def text(self) -> str:
        """Return the camera as it stands in an address: latitude, longitude, zoom."""
        return f"{self.latitude:.5f},{self.longitude:.5f},{self.zoom:.2f}"


@dataclass(frozen=True)
class View:
    """Everything that makes two people see the same screen; an empty filter lets everything through.

    `area` is chosen on the map; `look` is the area of any level that the overview is about; `layer` is what the map of
    a run from records shows.
    """

    place: str = ""
    run: str = ""
    against: str = ""
    area: str = ""
    look: str = ""
    layer: str = "observed"
    signs: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    show: str = "areas"
    differ: bool = False
    camera: Camera | None = None


def to_query(view: View) -> dict[str, list[str]]:
    """Return a view as query parameters, each a list of values; what is at its default is left out."""
    query = {
        "place": [view.place],
        "run": [view.run],
        "against": [view.against],
        "area": [view.area],
        "look": [view.look],
        "layer": [view.layer] if view.layer != "observed" else [],
        "sign": list(view.signs),
        "band": [str(band) for band in view.bands],
        "category": list(view.categories),
        "ward": list(view.wards),
        "show": [view.show] if view.show != "areas" else [],
        "differ": ["yes"] if view.differ else [],
        "at": [view.camera.text()] if view.camera else [],
    }
    return {key: values for key, values in query.items() if any(values)}


def from_query(query: Mapping[str, Sequence[str]]) -> tuple[View, list[str]]:
    """Read a view from query parameters.

    What cannot be read is left at its default, and comes back as a sentence for each such value. Whether the place,
    the run and the area exist is for the page to find out.
    """
    problems: list[str] = []
    signs = _known(query.get("sign", ()), SIGNS, "sign", problems)
    bands = _known(query.get("band", ()), [str(band) for band in range(1, 6)], "band", problems)
    categories = _known(query.get("category", ()), CATEGORIES, "category", problems)
    show = _known(query.get("show", ()), SHOWS, "show", problems)
    layer = _known(query.get("layer", ()), LAYERS, "layer", problems)
    differ = _known(query.get("differ", ()), ("yes",), "differ", problems)
    view = View(
        place=_last(query, "place"),
        run=_last(query, "run"),
        against=_last(query, "against"),
        area=_last(query, "area"),
        look=_last(query, "look"),
        layer=layer[-1] if layer else "observed",
        signs=signs,
        bands=tuple(int(band) for band in bands),
        categories=categories,
        wards=tuple(dict.fromkeys(word for word in query.get("ward", ()) if word)),
        show=show[-1] if show else "areas",
        differ=bool(differ),
        camera=_camera(_last(query, "at"), problems),
    )
    return view, problems


def _last(query: Mapping[str, Sequence[str]], key: str) -> str:
    values = query.get(key, ())
    return values[-1] if values else ""


def _known(
    values: Sequence[str], known: Mapping[str, object] | Sequence[str], key: str, problems: list[str]
) -> tuple[str, ...]:
    for value in values:
        if value not in known:
            problems.append(f"The link asks for {key} “{value}”, which there is not. It was left out.")
    return tuple(dict.fromkeys(value for value in values if value in known))


def _camera(text: str, problems: list[str]) -> Camera | None:
    if not text:
        return None
    try:
        latitude, longitude, zoom = (float(part) for part in text.split(","))
    except ValueError:
        problems.append(f"The link's map position “{text}” cannot be read. The whole place is shown.")
        return None
    whole = all(isfinite(number) for number in (latitude, longitude, zoom))
    if not (whole and abs(latitude) <= 85 and abs(longitude) <= 180 and 0 <= zoom <= 20):
        problems.append(f"The link's map position “{text}” is not on the map. The whole place is shown.")
        return None
    return Camera(latitude, longitude, zoom)
