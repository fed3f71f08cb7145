"""The one error of this room."""

from words.faults import LarderError


class BakeError(LarderError):
    """What bake refuses: recipes, places that do not fit them, runs, with every fault and its cure."""
