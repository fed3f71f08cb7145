"""The values that Open Referral UK 3.0 allows: an identifier, an address of the web, a day, ranges of numbers."""

import re
from datetime import date, datetime, time
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field

_EMAIL = re.compile(r"[^@\s<>\"'(),:;\[\]\\]+@[^@\s<>\"'(),:;\[\]\\.]+(\.[^@\s<>\"'(),:;\[\]\\.]+)+")
_DAYS = re.compile(r"[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)(,[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU))*")


def _uuid(text: str) -> str:
    try:
        UUID(text)
    except ValueError as error:
        raise ValueError("it is not a UUID") from error
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank")
    return text


def _uri(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it is not a web address: write it like https://example.org")
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("it is not an e-mail address")
    return text


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("it is not a day: write it like 2026-05-31") from error
    return text


def _moment(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("it is not a time: write it like 2026-05-31T10:30:00.000Z") from error
    return text


def _clock(text: str) -> str:
    try:
        time.fromisoformat(text)
    except ValueError as error:
        raise ValueError("it is not a time of day: write it like 10:00") from error
    return text


def _byday(text: str) -> str:
    if not _DAYS.fullmatch(text):
        raise ValueError("it is not a list of days: write it like MO,WE")
    return text


Id = Annotated[str, AfterValidator(_uuid)]
Name = Annotated[str, AfterValidator(_filled)]
Uri = Annotated[str, AfterValidator(_uri)]
Email = Annotated[str, AfterValidator(_email)]
Day = Annotated[str, AfterValidator(_day)]
Moment = Annotated[str, AfterValidator(_moment)]
Clock = Annotated[str, AfterValidator(_clock)]
Days = Annotated[str, AfterValidator(_byday)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Kind = Literal["physical", "postal", "virtual"]
Number = Annotated[int | float, Field(allow_inf_nan=False)]
Age = Annotated[int | float, Field(ge=0, le=130, allow_inf_nan=False)]
Latitude = Annotated[int | float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[int | float, Field(ge=-180, le=180, allow_inf_nan=False)]
