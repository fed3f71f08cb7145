"""Provenance: where exported numbers come from, for people to read and for programs to parse."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Provenance:
    """What stands behind one export; whatever is not known stays empty and is said to be *not recorded*.

    `vintage` is the year of the area codes and `vintage_status` says whether it was checked; `attribution` is
    what the licences of the data want said; `standing` says whether it was released, and stands above all else where
    that is in question; `p_convention` says what p and q mean; `decisions` are the
    automatic ones.
    """

    title: str
    standing: str = ""
    question: str = ""
    run: str = ""
    recipe: str = ""
    recipe_digest: str = ""
    place: str = ""
    fictional: bool = False
    vintage: str = ""
    vintage_status: str = ""
    period: str = ""
    unit: str = ""
    baked_at: str = ""
    seed: str = ""
    code_version: str = ""
    versions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    p_convention: str = ""
    must_not_be_used_for: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return everything under its name, ready for JSON."""
        return {name: list(part) if isinstance(part, tuple) else part for name, part in asdict(self).items()}

    def readme(self, crs: str, notes: tuple[str, ...] = ()) -> str:
        """Return the text that goes with an export.

        :param crs: the name of the coordinate system of the file, as people know it.
        :param notes: what the format could not keep as it was, as sentences.
        """
        parts = [self.standing, ""] if self.standing else []
        parts += [self.title, "=" * len(self.title), "", *self._opening(), "", *self._facts(crs)]
        parts += _section("What it must not be used for", self.must_not_be_used_for)
        parts += _section("Limits", self.limits)
        parts += _section("Sources", self.sources)
        parts += _section(
            "Licence and attribution", self.attribution or ("Not recorded: ask before you publish.",)
        )
        parts += _section("What p and q mean", (self.p_convention,) if self.p_convention else ())
        parts += _section("About this file", notes)
        parts += _section("Decisions made on the way", self.decisions)
        parts += _section("Versions", self.versions)
        return "\n".join(parts) + "\n"

    def _opening(self) -> list[str]:
        lines = [self.question] if self.question else []
        if self.fictional:
            lines.append("THIS PLACE IS FICTIONAL: it exists on no map, and its numbers are about nobody.")
        return lines

    def _facts(self, crs: str) -> list[str]:
        vintage = f"{self.vintage} ({self.vintage_status})" if self.vintage_status else self.vintage
        facts = {
            "Place": f"{self.place} (fictional)" if self.fictional else self.place,
            "Area codes of": vintage,
            "Period": self.period,
            "The value is": self.unit,
            "Run": self.run,
            "Recipe": f"{self.recipe} {self.recipe_digest}".strip(),
            "Baked at": self.baked_at,
            "Seed": self.seed,
            "Code version": self.code_version,
            "Coordinate system": crs,
        }
        return [f"{name}: {fact or 'not recorded'}" for name, fact in facts.items()]


def _section(heading: str, sentences: tuple[str, ...]) -> list[str]:
    if not sentences:
        return []
    return ["", heading, "-" * len(heading), *(f"- {sentence}" for sentence in sentences)]
