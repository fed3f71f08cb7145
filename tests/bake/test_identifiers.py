"""No identifier that went in is in anything that came out: looked for in everything written, in every form."""

import base64
import contextlib
import hashlib
import io
import os
import shutil
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
import streamlit as st
from streamlit.testing.v1 import AppTest

import cli
from assets.demo import load_demo_assets
from bake.exporting import export_bytes
from bake.runs import Run, read_run
from geo.demo import ensure_demo
from geo.formats import ENDINGS
from risk.private_folder import find_base, in_memory
from risk.pseudonyms import read_key
from risk.unforeseen import UnforeseenError
from tests.bake.searching import Needles, needles_of, search, texts_of
from tests.bake.small import make_small, recipe_text, spoil
from tests.conftest import ROOT
from ui import payload

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


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bakery]:
    folder = tmp_path_factory.mktemp("bakery")
    base = find_base()
    memory = Path(tempfile.mkdtemp(dir=base if in_memory(base) else folder, prefix="larder-test-"))
    for name in ("home", "user", "temporary", "work"):
        (folder / name).mkdir()
    made = make_small(folder / "given", people=600)
    with_a_child_nobody_else_is_like(made)
    (folder / "question.toml").write_text(recipe_text(police=True), "utf-8")
    bakery = Bakery(folder, memory, made)
    try:
        ensure_demo(bakery.home)
        load_demo_assets(bakery.home)
        assert bakery.bake() == 0, bakery.said
        yield bakery
    finally:
        shutil.rmtree(memory)


@pytest.fixture(scope="module")
def needles(bakery: Bakery) -> Needles:
    return needles_of(bakery.given).without(public_text(bakery.home))


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


def test_what_is_looked_for_is_all_that_went_in(bakery: Bakery, needles: Needles) -> None:
    kinds = pd.Series(list(needles.of_words.values())).value_counts()
    for kind in ("forename", "surname", "guardian", "address", "postcode", "uprn", "record", "person", "key"):
        assert kinds[kind] > 0, kind
    assert kinds["date of birth"] > 5000
    assert kinds["pseudonym of a record"] > 3000
    assert len(needles.of_words) > 100_000
    for identifier in CHILD:
        assert needles.found(f"It is {identifier}, of there.")


def test_nothing_written_holds_an_identifier(bakery: Bakery, needles: Needles) -> None:
    names = [name for name, _ in bakery.written()]
    for expected in ("areas.parquet", "run.json", "record.json", "larder.sqlite"):
        assert any(name.endswith(expected) for name in names), expected
    assert search(needles, bakery.written()) == {}
    assert search(needles, bakery.said.items()) == {}


def test_nothing_is_left_where_names_lay(bakery: Bakery) -> None:
    assert {path.name for path in bakery.memory.rglob("*") if path.is_file()} == {"gate.lock"}
    assert [path for path in (bakery.folder / "temporary").rglob("*") if path.is_file()] == []
    assert [path for path in (bakery.folder / "work").rglob("*") if path.is_file()] == []


def test_no_export_and_no_page_of_the_record_holds_one(bakery: Bakery, needles: Needles) -> None:
    made = [export_bytes(bakery.run, kind) for kind in ENDINGS]
    assert search(needles, [(name, content) for name, _, content in made]) == {}
    pages = {" ".join(words): printed(bakery, *words) for words in (
        ("record", "latest"), ("record", "latest", "--json"), ("runs", "show", "latest"), ("runs", "--json"),
    )}  # fmt: skip
    assert all(len(page) > 500 for page in pages.values())
    assert search(needles, pages.items()) == {}


def printed(bakery: Bakery, *words: str) -> bytes:
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as out:
        patch.setenv("LARDER_HOME", str(bakery.home))
        patch.setattr(sys, "argv", ["larder", *words])
        patch.setattr(sys, "excepthook", sys.excepthook)
        with pytest.raises(SystemExit):
            cli.main()
    return out.getvalue().encode()


def test_no_screen_holds_one(bakery: Bakery, needles: Needles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARDER_HOME", str(bakery.home))
    st.cache_resource.clear()
    app = AppTest.from_file(str(ROOT / "ui" / "main.py"), default_timeout=60)
    app.query_params["run"] = bakery.run.id
    shown: dict[str, bytes] = {}
    for page in ("map", "overview", "compare", "about"):
        app.run() if page == "map" else app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        shown |= {f"{page} {number}": text.encode() for number, text in enumerate(screen(app))}
        shown[f"{page} state"] = repr(app.session_state).encode()
    assert bakery.run.title in " ".join(text.decode() for text in shown.values())
    shown |= {f"layer {name}": one.body for name, one in payload._kept.items()}
    assert search(needles, shown.items()) == {}


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


def test_an_error_that_quotes_a_person_is_told_without_what_it_quotes(
    bakery: Bakery, needles: Needles, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoted: list[str] = []

    def choke(records: pd.DataFrame, *_words: object, **_more: object) -> None:
        """Fail as engines and parsers do: with the value that they choked on."""
        this = records["surname"] == CHILD[1].lower()
        quoted.extend(records.loc[this, ["surname", "forename"]].dropna().iloc[0])
        try:
            raise ValueError(f"could not convert {quoted[0]} to a number")
        except ValueError as wrong:
            raise RuntimeError(f"Conversion Error in row ({', '.join(quoted)})") from wrong

    monkeypatch.setattr("risk.linkage.cluster", choke)
    monkeypatch.setenv("LARDER_HOME", str(bakery.home))
    monkeypatch.setattr(sys, "argv", ["larder", *bakery.words])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        with pytest.raises(UnforeseenError) as raised:
            cli.main()
        cli.tell_plainly(raised.type, raised.value, raised.tb)
    said, log = out.getvalue(), (bakery.home / "unforeseen.log").read_text("utf-8")
    assert "this was not foreseen: UnforeseenError: RuntimeError after ValueError" in said
    assert "in choke" in log, "whoever mends it is told where"
    assert quoted[0] not in said + log
    assert search(needles, [("said", said.encode()), *bakery.written()]) == {}


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


def test_each_form_of_an_identifier_is_found_wherever_it_is_planted(bakery: Bakery, needles: Needles) -> None:
    key = read_key(bakery.given, environment={})
    births = pd.read_csv(next(bakery.given.glob("births*")), dtype=str)
    day = pd.to_datetime(births["date_of_birth"].dropna().iloc[5], format="%d/%m/%Y")
    token = key.pseudonyms("record births", births["record_id"]).iloc[3]
    planted = {
        "a name": CHILD[1], "in capitals": CHILD[1].upper(), "an address": CHILD[2], "a postcode": CHILD[3],
        "a postcode without its blank": CHILD[3].replace(" ", ""), "a UPRN": CHILD[4], "a door": "9999-ZZ99QJ",
        "a row's key": births["record_id"].iloc[7], "a number of a person": births["nhs_number"].iloc[7],
        "a birthday": day.strftime("%Y-%m-%d"), "as others write it": day.strftime("%d %B %Y"),
        "with an hour": day.strftime("%Y-%m-%dT%H:%M:%S"), "in one": day.strftime("%Y%m%d"),
        "a pseudonym": token, "the key": key.secret.hex(), "a hash": hashlib.sha256(b"quixwharton").hexdigest(),
    }  # fmt: skip
    for what, text in planted.items():
        hidden = carriers(text)
        assert set(search(needles, hidden.items())) == set(hidden), what
    coded = base64.b64encode(CHILD[2].encode()).decode()
    assert search(needles, [("e.log", f"{coded}\n".encode())])
    assert any("Quixwharton" in text for text in texts_of("a.parquet", carriers("Quixwharton")["a.parquet"]))
