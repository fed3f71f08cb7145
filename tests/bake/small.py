"""A small synthetic district, and a recipe that asks of it quickly: for tests that bake from records."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from bake.recipe import SHIPPED
from geo.demo import ensure_demo
from risk.pseudonyms import key_file_of, make_key
from risk.synthetic.district import FILES, synthesise
from risk.synthetic.options import Options

PEOPLE = 1500
FEW_FEATURES = ("speech", "funded_at_two", "referrals", "home_referrals")
QUICK = """
learners = ["logistic"]
refits = 2
bootstrap = 50
forward_cohorts = 1
folds = 2
"""
POLICE = """
[risk.enforcement]
reason = "Domestic abuse is seen by the police before any other agency hears of it."
asked_by = "Ann Analyst"
agreed_by = "Sam Second"

"""


def recipe_text(*, police: bool = False, more: str = "") -> str:
    """Return the shipped recipe with few features and draws; `more` is put before its model."""
    text = (SHIPPED / "school_readiness.toml").read_text("utf-8").replace("draws = 400", "draws = 60")
    text = text.replace('learners = ["logistic", "boosting"]', QUICK)
    parts = re.split(r"(?=^\[)", text, flags=re.MULTILINE)
    named = [re.search(r'^name = "(.+)"', part, re.MULTILINE) for part in parts]
    kept = [
        part
        for part, name in zip(parts, named, strict=True)
        if not part.startswith("[[risk.features]]") or (name and name.group(1) in FEW_FEATURES)
    ]
    text = "".join(kept).replace("[risk.model]", f"{more}[risk.model]", 1)
    if police:
        text = text.replace('"social_care"]', '"social_care", "police"]', 1)
        text = text.replace("[risk.outcome]", f"{POLICE}[risk.outcome]", 1)
    return text


def make_small(home: Path, *, people: int = PEOPLE, seed: int = 7) -> Path:
    """Make the small district's extracts, of five agencies, with their key; return their folder."""
    folder = home / "extracts" / "small"
    synthesise(ensure_demo(home), folder, seed, people=people, options=Options(police=True))
    make_key(folder)
    return folder


def copied(folder: Path, to: Path, *, key: bool = True) -> Path:
    """Return a copy of a folder of extracts under the same name, with the key beside it."""
    other = to / folder.name
    shutil.copytree(folder, other)
    if key:
        shutil.copy2(key_file_of(folder), key_file_of(other))
    return other


def spoil(folder: Path, agency: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Path:
    """Write an agency's extract again, changed; return its file."""
    path = folder / FILES[agency]
    change(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False, lineterminator="\n")
    return path
