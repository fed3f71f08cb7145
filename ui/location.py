"""Where a suggestion would put an asset: its pin, its postcode, how far apart the two are, and a sketch of both."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from assets.importers.whereabouts import metres_between
from assets.locate import Where
from assets.postcode_mending import readings
from coproduce import sketch
from geo.place import Place
from words.register import POSTCODE_REACH, pin_sentence
from words.sentences import metres_words

Point = tuple[float, float]
LOCATION = ("postcode", "longitude", "latitude")


@dataclass(frozen=True)
class Location:
    """Where an asset would stand: its pin and the middle of its postcode, each in degrees where it is known."""

    postcode: str
    pin: Point | None
    middle: Point | None

    @property
    def metres(self) -> float | None:
        """Return how far the pin lies from the middle of the postcode, None where one of them is not known."""
        return metres_between(*self.pin, *self.middle) if self.pin and self.middle else None

    @property
    def disagrees(self) -> bool:
        """Return whether the pin lies farther from its postcode than a postcode reaches."""
        return self.metres is not None and self.metres > POSTCODE_REACH


def location(published: Mapping[str, Any], suggested: Mapping[str, Any], where: Where) -> Location | None:
    """Return where an asset would stand, None where a suggestion says nothing of it.

    A point that came from a postcode is no pin of its own: it goes where the postcode goes.
    """
    if not any(suggested.get(name) for name in LOCATION):
        return None
    stays = published if published.get("geocode_method") == "coordinates" else {}
    given = suggested if suggested.get("longitude") is not None else stays
    pin = (given.get("longitude"), given.get("latitude"))
    postcode = str(suggested.get("postcode") or published.get("postcode") or "")
    known = next((found for text in readings(postcode) if (found := where.postcode(text))), None)
    return Location(
        postcode,
        (float(pin[0]), float(pin[1])) if None not in pin else None,
        (known.longitude, known.latitude) if known else None,
    )


def sentence(at: Location) -> str:
    """Return in a sentence how the pin and the postcode agree, nothing where there are not both."""
    if at.metres is None:
        return ""
    return pin_sentence(metres_words(at.metres), at.postcode, disagrees=at.disagrees)


def holder(at: Location, where: Where, places: Mapping[str, Place]) -> Place | None:
    """Return the place whose sketch shows a location: the pin's, else the postcode's."""
    spots = [where.spot(*point) for point in (at.pin, at.middle) if point]
    return next((places[spot.place] for spot in spots if spot and spot.place in places), None)


def picture(at: Location, place: Place) -> str:
    """Return the sketch of a location as HTML, with what it shows in words."""
    points = [point for point in (at.pin, at.middle) if point]
    drawn = sketch.draw(
        sketch.holding(place, points), place, at.pin or at.middle, at.middle if at.pin else None
    )
    address = f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
    shows = "the pin" if at.pin else f"the middle of the postcode {at.postcode}"
    if at.pin and at.middle and at.metres is not None:
        shows = f"the pin, and {metres_words(at.metres)} from it, in a ring, the middle of the postcode {at.postcode}"
    return (
        f'<img class="larder-sketch" src="{address}" alt="Sketch of {escape(place.title)}: {escape(shows)}.">'
    )
