"""Reading GeoJSON: each feature a row of its properties and a point in degrees."""

import json
from collections.abc import Mapping
from pathlib import Path

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from assets.importers.features import feature_table, shape_fault
from assets.importers.json_file import loaded_json
from assets.importers.limits import at_most_rows
from assets.importers.table import Table, refusal
from geo.crs import WIRE
from words.faults import Fault

_CURE = "Save it as GeoJSON (UTF-8) again."


def read_geojson(path: Path) -> Table:
    """Read a GeoJSON file: a FeatureCollection, or one Feature.

    A polygon or a line stands as a point on it. Coordinates are degrees (RFC 7946), or in the CRS that an
    older file names. Values inside a property are kept as JSON text; the feature's own id is the column
    `id` where no property is called so.

    Raises AssetError where the file is no GeoJSON, too large, or nested without end.
    """
    document = loaded_json(path)
    features = [_feature(feature) for feature in _features(path, document)]
    at_most_rows(path.name, len(features))
    rows, shapes, faults = zip(*features, strict=True) if features else ((), (), ())
    return feature_table(path.name, rows, shapes, _stated_crs(path, document), faults)


def _stated_crs(path: Path, document: object) -> CRS:
    """Return the CRS that an older GeoJSON file names, else degrees."""
    stated = document.get("crs") if isinstance(document, dict) else None
    properties = stated.get("properties") if isinstance(stated, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or name.upper().endswith(("CRS84", ":4326")):
        return CRS.from_user_input(WIRE)
    try:
        return CRS.from_user_input(name)
    except CRSError as error:
        what = f"Its coordinate system {name[:60]!r} is not known."
        raise refusal(path.name, what, "Save it in longitude and latitude (EPSG:4326).") from error


def _features(path: Path, document: object) -> list[object]:
    if isinstance(document, dict):
        if document.get("type") == "Feature":
            return [document]
        features = document.get("features")
        if document.get("type") == "FeatureCollection" and isinstance(features, list):
            return features
    raise refusal(path.name, "It is JSON, but no GeoJSON FeatureCollection.", _CURE)


_Feature = tuple[Mapping[str, object], shapely.Geometry | None, tuple[Fault, ...]]
_NO_FEATURE = Fault("This is not a feature.", "Write it as {type: Feature, properties: …, geometry: …}.")
_NO_PROPERTIES = Fault(
    "Its properties are not names and values.", "Write them as {name: …}.", column="properties"
)


def _feature(feature: object) -> _Feature:
    """Return a feature's properties, its shape and what is wrong with it."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return {}, None, (_NO_FEATURE,)
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        return {}, None, (_NO_PROPERTIES,)
    if "id" in feature and "id" not in properties:
        properties = {"id": feature["id"], **properties}
    geometry = feature.get("geometry")
    if geometry is None:
        return properties, None, ()
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.ShapelyError, ValueError, RecursionError) as error:
        return properties, None, (shape_fault("cannot be read", error),)
    return properties, shape, ()
