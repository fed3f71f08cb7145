"""Addresses: nobody is asked unless a service is set up; what Nominatim and Pelias answer, and what goes wrong."""

from collections.abc import Callable

import pytest

from geo.addresses import VARIABLE, address_service
from geo.errors import GeoError
from tests.assets.importers.feeds import served

HOUSE = {
    "place_id": 1, "lat": "51.590602", "lon": "0.450957", "display_name": "1, Mill Lane, Townley",
    "class": "building", "type": "yes", "addresstype": "building", "importance": 0.1,
}  # fmt: skip
FEATURE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [0.450957, 51.590602]},
    "properties": {
        "name": "1 Mill Lane",
        "label": "1 Mill Lane, Townley",
        "layer": "address",
        "confidence": 0.9,
    },
}

Set = Callable[[str, str], None]


def test_nobody_is_asked_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert address_service() is None
    monkeypatch.setenv(VARIABLE, "google")
    with pytest.raises(GeoError, match="not the address of a geocoder"):
        address_service()


@pytest.mark.parametrize(
    ("addresstype", "precision"), [("building", "building"), ("road", "street"), ("village", "area")]
)
def test_nominatim(monkeypatch: pytest.MonkeyPatch, addresstype: str, precision: str) -> None:
    with served({"/search": [{**HOUSE, "addresstype": addresstype}]}) as (address, asked):
        monkeypatch.setenv(VARIABLE, f"nominatim:{address}")
        service = address_service()
        assert service is not None
        found = service.find("1 Mill Lane")
    assert found is not None
    assert (found.longitude, found.latitude, found.label, found.precision) == (
        0.450957, 51.590602, "1, Mill Lane, Townley", precision,
    )  # fmt: skip
    assert "countrycodes=gb" in asked[0]


def test_pelias(monkeypatch: pytest.MonkeyPatch) -> None:
    with served({"/v1/search": {"type": "FeatureCollection", "features": [FEATURE]}}) as (address, asked):
        monkeypatch.setenv(VARIABLE, f"pelias:{address}")
        service = address_service()
        assert service is not None
        found = service.find("1 Mill Lane")
    assert found is not None
    assert (found.longitude, found.latitude, found.precision) == (0.450957, 51.590602, "building")
    assert "GBR" in asked[0]


def test_no_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with served({"/search": []}) as (address, _):
        monkeypatch.setenv(VARIABLE, f"nominatim:{address}")
        service = address_service()
        assert service is not None
        assert service.find("nowhere") is None


@pytest.mark.parametrize("answer", [500, 429, b"<html>", [{"lat": "x"}], [{**HOUSE, "lat": "100"}], 404])
def test_a_service_that_fails_says_so(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    with served({"/search": answer}) as (address, _):
        monkeypatch.setenv(VARIABLE, f"nominatim:{address}")
        service = address_service()
        assert service is not None
        with pytest.raises(GeoError, match="does not answer as one"):
            service.find("1 Mill Lane")


def test_a_service_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "nominatim:http://127.0.0.1:1")
    service = address_service()
    assert service is not None
    with pytest.raises(GeoError, match="does not answer"):
        service.find("1 Mill Lane")
