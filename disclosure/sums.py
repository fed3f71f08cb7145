"""Sums over an own choice of areas, from published figures only."""

from collections.abc import Sequence
from dataclasses import dataclass

from disclosure.errors import DisclosureError
from disclosure.released import Released


@dataclass(frozen=True)
class Sum:
    """The sum of an own choice of areas: rounded counts added up, and what rounding leaves open.

    `count`, `low`, `high` and `denominator` speak of `areas` alone; `not_told` are the chosen areas without a count.
    """

    count: int | None
    low: int
    high: int
    denominator: int
    areas: tuple[str, ...]
    not_told: tuple[str, ...]

    def sentence(self) -> str:
        """Return the sum in words, with the areas it leaves out."""
        left = (
            f" {len(self.not_told)} of the chosen areas have no figure that can be told."
            if self.not_told
            else ""
        )
        if self.count is None:
            return f"None of the chosen areas has a figure that can be told.{left if self.areas else ''}"
        return (
            f"About {self.count} of {self.denominator} children (between {self.low} and {self.high}).{left}"
        )


def sum_of(released: Released, level: str, codes: Sequence[str], period: str) -> Sum:
    """Return the sum of an own choice of areas, from published figures only.

    As it adds what everybody can read, it tells nothing new, whatever areas are chosen.

    `codes` are areas of one `level`; areas without a published count are named, not counted as 0.

    Raises `DisclosureError` for codes that the release does not have at that level and period.
    """
    frame = released.frame
    if released.kind != "counts":
        raise DisclosureError("Statistics cannot be added.", "Give a release of counts.")
    here = frame[(frame["level"] == level) & (frame["period"] == period)].set_index("code")
    unknown = [code for code in codes if code not in here.index]
    if unknown:
        raise DisclosureError(
            f"The release has no {', '.join(unknown[:5])} at level {level} in {period}.",
            "Choose from its frame.",
        )
    chosen = here.loc[list(dict.fromkeys(codes))]
    told = chosen[chosen["status"] == "published"]
    bounds = [
        released.policy.behind(count, children)
        for count, children in zip(told["count"].astype(int), told["denominator"], strict=True)
    ]
    return Sum(
        count=int(told["count"].sum()) if len(told) else None,
        low=sum(low for low, _ in bounds),
        high=sum(high for _, high in bounds),
        denominator=int(told["denominator"].sum()),
        areas=tuple(map(str, told.index)),
        not_told=tuple(map(str, chosen.index[chosen["status"] != "published"])),
    )
