"""The errors of this room."""

from words.faults import LarderError


class AssetError(LarderError):
    """What assets refuses, with every fault and its cure."""


class Conflict(AssetError):  # noqa: N818 - what it is, not what it does
    """Somebody else changed an asset while it was being edited: who, when, which fields, and both texts."""
