"""The one error of this room."""

from words.faults import LarderError


class CoproduceError(LarderError):
    """What coproduce refuses, with every fault and its cure."""
