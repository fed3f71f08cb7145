"""The one error of this room."""

from words.faults import LarderError


class DisclosureError(LarderError):
    """What the gate refuses, with every fault and its cure."""
