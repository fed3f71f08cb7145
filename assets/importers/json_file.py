"""Reading JSON: UTF-8, finite numbers, a limit on size and depth."""

import json
from pathlib import Path

from assets.importers.limits import LARGEST_JSON, checked_file
from assets.importers.table import refusal

_CURE = "Save it as JSON (UTF-8) again."


def loaded_json(path: Path) -> object:
    """Return the content of a file of JSON: UTF-8, finite numbers, not nested without end.

    Raises AssetError.
    """
    data = checked_file(path, LARGEST_JSON).read_bytes()
    try:
        return parsed_json(data)
    except UnicodeDecodeError as error:
        raise refusal(path.name, "It is not text in UTF-8.", _CURE) from error
    except (ValueError, RecursionError) as error:
        why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise refusal(path.name, f"It is not JSON that can be read: {why}.", _CURE) from error


def parsed_json(data: bytes) -> object:
    """Return the value of some JSON. Raises ValueError for NaN and Infinity too, which JSON has not."""
    return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number in JSON")
