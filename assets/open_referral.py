"""Open Referral UK 3.0: what is wrong with a service's record, and what the profile does not know of it.

Reference: the UK profile of the Human Services Data Specification 3.0, https://docs.openreferraluk.org.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from assets.referral_profile import Service
from words.faults import Fault

_SAID = {
    "missing": "This field is required, and missing.",
    "greater_than_equal": "The number is too small: out of range.",
    "less_than_equal": "The number is too large: out of range.",
    "literal_error": "It is none of the values that the profile allows.",
    "string_type": "It is not text.",
    "string_pattern_mismatch": "It is not a code of two letters, such as GB.",
    "list_type": "It is not a list.",
    "model_type": "It is not an object of names and values.",
}


def checked_service(
    record: object, file: str = "", row: int | None = None
) -> tuple[dict[str, Any], list[Fault]]:
    """Return what the profile knows of a service's record, as it came, and everything that is wrong with it."""
    try:
        service = Service.model_validate(record)
    except ValidationError as error:
        return {}, [
            _fault(part, file, row) for part in error.errors(include_url=False, include_context=False)
        ]
    except RecursionError:
        return {}, [Fault("The record is nested too deep.", "Mend it at its source.", file, row)]
    return service.model_dump(exclude_unset=True), []


def _fault(part: Mapping[str, Any], file: str, row: int | None) -> Fault:
    message = str(part["msg"]).removeprefix("Value error, ")
    what = _SAID.get(str(part["type"]), f"{message[:1].upper()}{message[1:]}.")
    expected = (
        f" Allowed: {message.removeprefix('Input should be ')}." if part["type"] == "literal_error" else ""
    )
    value = part.get("input")
    shown = "" if part["type"] == "missing" or isinstance(value, dict | list) else str(value)[:60]
    column = ".".join(str(step) for step in part["loc"] if step not in ("int", "float"))
    return Fault(what, f"Mend it at its source.{expected}", file, row, column, shown)


def left_out(record: object, known: Mapping[str, Any], path: str = "") -> set[str]:
    """Return the names of the fields that a record has and the profile does not know, lists not counted."""
    found: set[str] = set()
    if not isinstance(record, Mapping):
        return found
    for key, value in record.items():
        step = f"{path}.{key}" if path else str(key)
        if value is None:
            continue
        if key not in known:
            found.add(step)
        elif isinstance(value, Mapping) and isinstance(known[key], Mapping):
            found |= left_out(value, known[key], step)
        elif isinstance(value, list) and isinstance(known[key], list):
            for one, other in zip(value, known[key], strict=True):
                found |= left_out(one, other, step)
    return found
