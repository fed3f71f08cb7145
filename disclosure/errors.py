"""The one error of this room."""

from words.faults import Fault, LarderError

Refusal = Fault
"""What the gate calls a fault."""


class DisclosureError(LarderError):
    """What the gate refuses, with every fault and its cure."""
