"""Enforcement: the permission without which no field that measures it is read."""

from dataclasses import dataclass

from words.faults import Fault

SHORTEST_REASON = 30
"""Characters, at least, of a reason that says anything."""


@dataclass(frozen=True)
class EnforcementPermit:
    """Why fields that measure enforcement are read, who asked for it, and the second person who agreed."""

    reason: str
    asked_by: str
    agreed_by: str

    def faults(self) -> list[Fault]:
        """Return what the permission lacks; none where it holds."""
        faults = []
        if len(self.reason.strip()) < SHORTEST_REASON:
            faults.append(
                Fault(
                    "The reason for reading enforcement fields is too short to be one.",
                    f"Write why need cannot be seen without them, in {SHORTEST_REASON} characters or more.",
                    column="enforcement.reason",
                )
            )
        for name, who in (("asked_by", self.asked_by), ("agreed_by", self.agreed_by)):
            if not who.strip():
                cure = "Give the name of a person."
                faults.append(Fault("Nobody is named here.", cure, column=f"enforcement.{name}"))
        if self.asked_by.strip() and _plain(self.asked_by) == _plain(self.agreed_by):
            faults.append(
                Fault(
                    "The person who agrees is the one who asked.",
                    "Have a second person read the reason and put their own name.",
                    column="enforcement.agreed_by",
                )
            )
        return faults

    def sentence(self) -> str:
        """Return the decision in words, for the record of a run."""
        return (
            f"Fields that measure enforcement were read: {self.reason.strip()} "
            f"Asked for by {self.asked_by.strip()}, agreed by {self.agreed_by.strip()}."
        )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
