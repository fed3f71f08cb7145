"""Where the files of the demo place are, and what its answer key says."""

from pathlib import Path
from typing import Any

BOUNDARIES = Path(__file__).resolve().parents[2] / "data" / "boundaries"
DEMO = BOUNDARIES / "demo"


def codes_of(key: dict[str, Any], kind: str) -> list[str]:
    return [code for item in key["planted"] if item["kind"] == kind for code in item["codes"]]
