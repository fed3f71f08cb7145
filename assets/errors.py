"""The one error of this room."""

from words.faults import LarderError


class AssetError(LarderError):
    """What assets refuses, with every fault and its cure."""
