"""What the buttons beside the map and the tap on it do to a form: a pin set, moved or taken away, the view changed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from coproduce import sketch
from coproduce.sketch import View
from geo.place import Place
from web.near import near

STEPS = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}
Look = Callable[[View, float, float], View]
ACTS = {*STEPS, "map", "closer", "wider", "unpin", "find", "tap"}


def act_of(sent: Mapping[str, str]) -> str:
    """Return which button sent a form; a tap on the picture comes as its two numbers."""
    return "tap" if "tap.x" in sent else sent.get("act", "send")


def view_of(text: str, place: Place) -> View | None:
    """Return the view that a form's hidden field names, None where no map is open."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.lstrip("-").isdecimal() and len(part) < 9 for part in parts):
        return None
    step, x, y = (int(part) for part in parts)
    return View(place.name, min(max(step, 0), sketch.CLOSEST), x, y)


def written(view: View) -> str:
    """Return a view as the hidden field holds it."""
    return f"{view.step}:{view.x}:{view.y}"


def pin_of(fields: Mapping[str, str]) -> tuple[float, float] | None:
    """Return the longitude and latitude that a form holds, None where they are no two numbers of the world."""
    try:
        longitude, latitude = float(fields["longitude"]), float(fields["latitude"])
    except ValueError:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def after(act: str, sent: Mapping[str, str], fields: dict[str, str], place: Place) -> dict[str, str]:
    """Return the form's fields after a button other than *send*."""
    view = view_of(fields["map"], place) or View(place.name)
    if act == "find":
        return found(fields, place)
    if act == "unpin":
        return fields | {"latitude": "", "longitude": "", "pinned": ""}
    if act == "tap":
        return _pinned(fields, place, *_tapped(sent, view, place), sketch.closer)
    if act in STEPS:
        return _moved(act, fields, view, place)
    middle = sketch.metres(place, *pin) if (pin := pin_of(fields)) else (view.x, view.y)
    if act == "closer":
        frame = sketch.frame(view, place)
        at = middle if pin or view.step else frame.metres(sketch.WIDTH / 2, frame.height / 2)
        return fields | {"map": written(sketch.closer(view, *at))}
    return fields | {"map": written(sketch.wider(view) if act == "wider" else view)}


def found(fields: dict[str, str], place: Place) -> dict[str, str]:
    """Return the fields with a pin at the one thing that *near* names, where it is one."""
    spots = near(fields["near"], place) if fields["near"].strip() else []
    if len(spots) != 1:
        return fields
    x, y = sketch.metres(place, spots[0].longitude, spots[0].latitude)
    pinned = f"near {spots[0].name}"
    view = replace(sketch.closer(View(place.name), x, y), step=2)
    return fields | _degrees(place, x, y) | {"pinned": pinned, "map": written(view)}


def chosen(fields: dict[str, str], place: Place) -> dict[str, str]:
    """Return the fields with a pin at the spot that was chosen among several."""
    number, _, name = fields["spot"].partition(" ")
    spots = near(fields["near"], place) if name else []
    if not number.isdecimal() or int(number) >= len(spots) or spots[int(number)].name != name:
        return fields
    spot = spots[int(number)]
    return fields | {
        "longitude": f"{spot.longitude:.6f}",
        "latitude": f"{spot.latitude:.6f}",
        "pinned": f"near {name}",
    }


def _tapped(sent: Mapping[str, str], view: View, place: Place) -> tuple[float, float]:
    """Return the metres of a tap; the keyboard taps at 0, 0, which stands for the middle of the picture."""
    frame = sketch.frame(view, place)
    told = [sent.get(name, "") for name in ("tap.x", "tap.y")]
    across, down = (int(text) if text.isdecimal() and len(text) < 6 else 0 for text in told)
    if (across, down) == (0, 0):
        across, down = sketch.WIDTH // 2, frame.height // 2
    return frame.metres(min(across, sketch.WIDTH), min(down, frame.height))


def _moved(act: str, fields: dict[str, str], view: View, place: Place) -> dict[str, str]:
    frame = sketch.frame(view, place)
    pin = pin_of(fields)
    x, y = sketch.metres(place, *pin) if pin else frame.metres(sketch.WIDTH / 2, frame.height / 2)
    across, up = STEPS[act] if pin else (0, 0)
    far = sketch.MOVE * sketch.WIDTH * frame.scale
    x, y = x + across * far, y + up * far
    return _pinned(
        fields, place, x, y, lambda now, *_: replace(now, x=round(x / 10) * 10, y=round(y / 10) * 10)
    )


def _pinned(fields: dict[str, str], place: Place, x: float, y: float, look: Look) -> dict[str, str]:
    view = view_of(fields["map"], place) or View(place.name)
    return fields | _degrees(place, x, y) | {"pinned": "", "map": written(look(view, x, y))}


def _degrees(place: Place, x: float, y: float) -> dict[str, str]:
    longitude, latitude = sketch.degrees(place, x, y)
    return {"longitude": f"{longitude:.6f}", "latitude": f"{latitude:.6f}"}
