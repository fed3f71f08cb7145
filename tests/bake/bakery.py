"""A home in which a run from records was baked, with a child like nobody else; and where an identifier may hide."""

import contextlib
import io
import os
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import cli
from bake.runs import Run, read_run
from tests.bake.small import spoil
from tests.conftest import ROOT

CHILD = ("Zebulonia", "Quixwharton", "9999 Qwyjibo Passage", "ZZ9 9QJ", "999999999991")


@dataclass
class Bakery:
    """A home in which a run from records was baked, and everything that was written or said on the way."""

    folder: Path
    memory: Path
    given: Path
    said: dict[str, bytes] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LARDER_HOME": str(self.home),
            "HOME": str(self.folder / "user"),
            "TMPDIR": str(self.folder / "temporary"),
            "XDG_RUNTIME_DIR": str(self.memory),
            "PYTHONPATH": str(ROOT),
        }

    @property
    def words(self) -> list[str]:
        question = str(self.folder / "question.toml")
        return ["bake", question, "--place", "demo", "--extracts", str(self.given)]

    def bake(self) -> int:
        """Bake by the command in a process of its own, in an empty working directory; keep what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "cli", *self.words], cwd=self.folder / "work", env=self.environment(),
            capture_output=True, check=False,
        )  # fmt: skip
        self.said["what the command said"] = done.stdout + done.stderr
        return done.returncode

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Give every file under the folder and in memory but what was handed in: the extracts, their key, the place."""
        places = self.home / "places"
        for root in (self.folder, self.memory):
            for path in sorted(root.rglob("*")):
                handed_in = path.is_relative_to(self.folder / "given") or path.is_relative_to(places)
                if path.is_file() and not handed_in:
                    yield str(path.relative_to(root)), path.read_bytes()

    @property
    def run(self) -> Run:
        return read_run(self.home, "latest")


def with_a_child_nobody_else_is_like(given: Path) -> None:
    """Enter one child with each agency whose every identifier is like no word of the language."""
    forename, surname, address, postcode, uprn = CHILD
    who = {
        "births": {"forename": forename, "surname": surname, "address": address},
        "schools": {"legal_forename": forename, "legal_surname": surname, "home_address": address,
                    "home_postcode": postcode, "home_uprn": uprn},
        "housing": {"forename": forename, "surname": surname, "address": address},
        "social_care": {"first_name": forename, "last_name": surname, "address_1": address},
        "police": {"forename": forename, "surname": surname, "address": address},
    }  # fmt: skip
    for agency, values in who.items():
        every = {"postcode": postcode, "uprn": uprn} | values if agency != "schools" else values

        def enter(table: pd.DataFrame, every: dict[str, str] = every) -> pd.DataFrame:
            table.loc[0, list(every)] = list(every.values())
            return table

        spoil(given, agency, enter)


def public_text(home: Path) -> str:
    """Return what anybody knows: the program, its recipes and contracts, and the place and its assets."""
    paths = [
        path
        for path in ROOT.rglob("*")
        if path.suffix in (".py", ".toml", ".md") and "tests" not in path.parts
    ]
    texts = [path.read_text("utf-8") for path in paths if ".venv" not in path.parts]
    areas = gpd.read_parquet(home / "places" / "demo" / "areas.parquet")
    texts += [pd.DataFrame(areas.drop(columns="geometry")).to_csv()]
    texts += [(home / "places" / "demo" / "place.json").read_text("utf-8")]
    assets = [path.read_text("utf-8") for path in (ROOT / "data" / "boundaries" / "demo").glob("*asset*.csv")]
    texts += [
        *assets,
        *(text.replace(" ", "") for text in assets),
    ]  # the register is searched without blanks too
    return "\n".join(texts)


def printed(bakery: Bakery, *words: str) -> bytes:
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as out:
        patch.setenv("LARDER_HOME", str(bakery.home))
        patch.setattr(sys, "argv", ["larder", *words])
        patch.setattr(sys, "excepthook", sys.excepthook)
        with pytest.raises(SystemExit):
            cli.main()
    return out.getvalue().encode()


def screen(app: AppTest) -> Iterator[str]:
    """Give everything that the browser is sent: each element as it goes over the wire, tables decoded."""
    waiting = list(app._tree.children.values())
    while waiting:
        node = waiting.pop()
        waiting += list(getattr(node, "children", {}).values())
        if getattr(node, "proto", None) is not None:
            yield str(node.proto)
        if isinstance(getattr(node, "value", None), pd.DataFrame):
            yield node.value.to_csv()


# The search can fail: each form is planted in each kind of file, and found.


def carriers(text: str) -> dict[str, bytes]:
    """Return files of every kind with a text hidden in them."""
    table = pd.DataFrame({"code": ["X1", "X2"], "note": ["", text]})
    parquet, marked, packed, outer = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    table.to_parquet(parquet, compression="zstd")
    table.rename(columns={"note": text}).to_parquet(marked, compression="zstd")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr("table.csv", table.to_csv())
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr("inner.zip", packed.getvalue())
    with tempfile.TemporaryDirectory() as folder:
        with sqlite3.connect(Path(folder) / "x.sqlite") as connection:
            table.to_sql("t", connection)
        connection.close()
        database = (Path(folder) / "x.sqlite").read_bytes()
    return {
        "a.parquet": parquet.getvalue(),
        "b.parquet": marked.getvalue(),
        "c.zip": outer.getvalue(),
        "d.sqlite": database,
        "e.log": f"2026-11-23 12:00:00 read {text}\n".encode(),
        "f.json": f'{{"features": [{{"properties": {{"note": "{text}"}}}}]}}'.encode(),
        f"runs/{text.replace('/', '-')}": b"",
    }
