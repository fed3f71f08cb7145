"""The one error of this room."""

from words.faults import LarderError


class GeoError(LarderError):
    """What geo refuses: files, codes, coordinates, geometry, with every fault and its cure."""
