"""A synthetic district read back from disk."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from risk.synthetic.district import FILES, Summary


@dataclass(frozen=True)
class Made:
    """A district as it lies on disk, everything read as text."""

    summary: Summary
    tables: dict[str, pd.DataFrame]
    children: pd.DataFrame
    rows: pd.DataFrame
    areas: pd.DataFrame


def read_made(summary: Summary) -> Made:
    def text(path: Path) -> pd.DataFrame:
        return pd.read_csv(path, dtype=str, keep_default_na=False)

    return Made(
        summary,
        {agency: text(summary.out / FILES[agency]) for agency in summary.rows},
        pd.read_csv(summary.truth / "children.csv"),
        text(summary.truth / "rows.csv"),
        pd.read_csv(summary.truth / "areas.csv"),
    )
