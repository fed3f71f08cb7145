"""No identifier that went in is in anything that came out: looked for in everything written, in every form."""

import base64
import contextlib
import hashlib
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import cli
from assets.demo import load_demo_assets
from bake.exporting import export_bytes
from geo.demo import ensure_demo
from geo.formats import ENDINGS
from risk.private_folder import find_base, in_memory
from risk.pseudonyms import read_key
from risk.unforeseen import UnforeseenError
from tests.bake.bakery import (
    CHILD,
    Bakery,
    carriers,
    printed,
    public_text,
    screen,
    with_a_child_nobody_else_is_like,
)
from tests.bake.searching import Needles, needles_of, search, texts_of
from tests.bake.small import make_small, recipe_text
from tests.conftest import ROOT
from ui import payload


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
