"""Where: what a form says of a location, brought to one point, or to a choice of points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assets.locate import Locator, Nowhere, Where
from assets.locate import Spot as Held
from assets.postcode_mending import readings
from geo.geocode import from_coordinates
from geo.place import Place, list_places, read_place
from store.home import home
from web.fields import Field, clean
from web.near import Spot, near
from words.faults import Fault
from words.sentences import joined

FIELDS = (
    Field("postcode", "Postcode", most=12, autocomplete="postal-code"),
    Field("address", "Address or directions", "House and street, or how to find the door.", most=300),
    Field("near", "Or: near which street or landmark?", "For example: Mill Lane, or Castle Park.", most=120),
    Field("latitude", "Latitude", "In degrees, as a map on a phone shows it: 51.57210", most=20),
    Field("longitude", "Longitude", "West of Greenwich with a minus: -0.45680", most=20),
)
WHOLE = "0:0:0"
"""The view of a map that shows the whole of a place."""


@dataclass(frozen=True)
class Found:
    """One point in degrees (EPSG:4326), how it was found and how well, and the postcode as it is written.

    `place` holds it, chosen where several do: `is_shared` says so.
    """

    longitude: float
    latitude: float
    method: str
    quality: str
    postcode: str
    place: str | None
    area: str | None
    is_shared: bool = False


@dataclass(frozen=True)
class Answer:
    """What came of a location: a point, or spots to choose from, or faults by field."""

    found: Found | None = None
    spots: tuple[Spot, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The places that a form knows, and the name of the one that is chosen in it, if any."""

    listed: Sequence[Place]
    place: str

    @property
    def where(self) -> Where:
        """Return what answers for the places."""
        return locator_of(self.listed)


def places() -> list[Place]:
    """Return the places that are set up here."""
    return list_places(home())


def chosen_place(listed: Sequence[Place], name: str) -> Place | None:
    """Return the place of a name, else the only one there is; None where there are several and none is chosen."""
    only = listed[0] if len(listed) == 1 else None
    return next((place for place in listed if place.name == name), only)


def unchosen(what: str) -> Fault:
    """Return the fault of a form that needs to know which of several places is meant."""
    return Fault("It is not said which place is meant.", what, column="place")


def settled(fields: Mapping[str, str], listed: Sequence[Place]) -> dict[str, str]:
    """Return a form's fields with the place in which its point, else its postcode lies, whatever was chosen.

    Where several places hold it the one that was chosen stays, and none is chosen for anybody.
    """
    place = holding(fields, listed) if len(listed) > 1 else ""
    if not place or place == fields["place"]:
        return dict(fields)
    return {**fields, "place": place, "map": fields["map"] and WHOLE}


def holding(fields: Mapping[str, str], listed: Sequence[Place]) -> str:
    """Return the name of the place in which the point of a form, else its postcode lies.

    Where several hold it, it is the one that the form has chosen; nothing where it has not, or where none holds it.
    """
    asked = Asked(listed, fields.get("place", ""))
    told = {name: clean(fields.get(name, "")) for name in ("postcode", "latitude", "longitude")}
    answer = Answer()
    if told["latitude"] or told["longitude"]:
        answer = _by_coordinates(told, asked)
    elif told["postcode"]:
        answer = _by_postcode(told, asked)
    return (answer.found.place or "") if answer.found else ""


def moved(chosen: str, place: str, listed: Sequence[Place]) -> str:
    """Return the sentence that tells of a place that followed from a location, nothing where it was chosen so."""
    title = next((one.title for one in listed if one.name == place and len(listed) > 1), "")
    return f"What you gave lies in {title}, so that is the place now." if title and chosen != place else ""


def locator_of(listed: Sequence[Place]) -> Where:
    """Return what answers for some places; it is read once for as long as they stay the same."""
    return _locator(tuple((str(place.folder), place.digest) for place in listed)) if listed else Nowhere()


@lru_cache(maxsize=2)
def _locator(known: tuple[tuple[str, str], ...]) -> Where:
    return Locator([read_place(Path(folder)) for folder, _ in known])


def find(values: Mapping[str, str], listed: Sequence[Place], place: Place | None) -> Answer:
    """Return the point that a form means: its coordinates (a pin, or typed), else its postcode, else what it is near.

    `values` are the form's cleaned fields, `listed` the places that know postcodes, `place` the one whose streets and
    landmarks *near* means.
    """
    asked = Asked(listed, place.name if place else "")
    if values["latitude"] or values["longitude"]:
        return _by_coordinates(values, asked)
    told = _by_postcode(values, asked) if values["postcode"] else None
    if told and (told.found or not values["near"]):
        return told
    if values["near"] and place is not None:
        return _by_near(values, place, asked)
    if values["near"] and listed:
        return Answer(faults=(unchosen("Choose the place in which this street or landmark is."),))
    fault = Fault(
        "Where it is cannot be told from this.",
        "Give a postcode, a street or landmark that it is near, or a point on the map.",
        column="postcode",
    )
    return Answer(faults=(fault,))


def _point(
    values: Mapping[str, str], asked: Asked, at: tuple[float, float], method: str, quality: str
) -> Answer:
    """Return a point with the place that holds it; where several do and none is chosen, the question which."""
    longitude, latitude = at
    spots = asked.where.spots(longitude, latitude)
    if len(spots) > 1 and asked.place not in [spot.place for spot in spots]:
        return Answer(faults=(_overlap(spots, asked.listed),))
    spot = asked.where.spot(longitude, latitude, asked.place)
    postcode = next(iter(readings(values["postcode"])), values["postcode"]) if values["postcode"] else ""
    place, area = (spot.place, spot.area) if spot else (None, None)
    return Answer(Found(longitude, latitude, method, quality, postcode, place, area, len(spots) > 1))


def _overlap(spots: Sequence[Held], listed: Sequence[Place]) -> Fault:
    """Return the fault of a point that several places hold, of which none is chosen."""
    held = {spot.place for spot in spots}
    titles = joined([place.title for place in listed if place.name in held])
    return Fault(
        f"What you gave lies in {titles}, which overlap.", "Choose the one that you mean.", column="place"
    )


def _by_coordinates(values: Mapping[str, str], asked: Asked) -> Answer:
    faults, degrees = [], {}
    for name in ("latitude", "longitude"):
        try:
            degrees[name] = float(values[name].replace(",", ".").removesuffix("°"))
        except ValueError:
            what = "This is not a number of degrees." if values[name] else "Only one of the two is given."
            faults.append(Fault(what, "Write it like 51.57210.", column=name, value=values[name]))
    if faults:
        return Answer(faults=tuple(faults))
    found = from_coordinates(degrees["latitude"], degrees["longitude"])
    if found.longitude is None or found.latitude is None:
        return Answer(faults=(Fault(found.note, "Give others, or a postcode.", column="latitude"),))
    spot = asked.where.spot(found.longitude, found.latitude)
    if found.status == "outside" and spot is None:
        return Answer(faults=(Fault(found.note, "Check both numbers and their signs.", column="latitude"),))
    at = (round(found.longitude, 6), round(found.latitude, 6))
    return _point(values, asked, at, "coordinates", found.note or "as given")


def _by_postcode(values: Mapping[str, str], asked: Asked) -> Answer:
    for written in readings(values["postcode"]):
        known = asked.where.postcode(written)
        if known:
            ended = "; the postcode is no longer in use" if known.terminated else ""
            point = (known.longitude, known.latitude)
            return _point({**values, "postcode": written}, asked, point, "postcode", known.quality + ended)
    fault = Fault(
        "No list of postcodes here knows this one.",
        "Correct it, or give a street or landmark nearby, or a point on the map.",
        column="postcode",
        value=values["postcode"],
    )
    return Answer(faults=(fault,))


def _by_near(values: Mapping[str, str], place: Place, asked: Asked) -> Answer:
    spots = near(values["near"], place)
    if not spots:
        cure = "Try the name of one street, park or neighbourhood, or tap on the map."
        return Answer(
            faults=(Fault(f"Nothing called this was found in {place.title}.", cure, column="near"),)
        )
    if len(spots) > 1:
        return Answer(spots=tuple(spots))
    at = (spots[0].longitude, spots[0].latitude)
    return _point(values, asked, at, "coordinates", f"near {spots[0].name}")
