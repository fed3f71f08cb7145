"""Everything that can be wrong with records before they are linked, by name, as a person at the command meets it."""

import errno
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from risk.pseudonyms import key_file_of, make_key
from risk.synthetic.district import FILES
from tests.bake.kitchen import (
    BIRTHS,
    CARE,
    HOUSING,
    POLICE,
    SCHOOLS,
    Frame,
    Kitchen,
    again,
    at,
    doubled,
    exchanged,
)
from tests.bake.small import copied, make_small, recipe_text, spoil

Spoil = Callable[[Path], object]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the extracts of 200 children, for what is refused before anything is linked."""
    return make_small(tmp_path_factory.mktemp("tiny"), people=200)


Breach = tuple[str, Callable[[Frame], Frame], str, str]
BREACHES: list[Breach] = [
    (
        "births",
        at(2, "birth_weight_g", "heavy"),
        f"{BIRTHS}, row 2, column 'birth_weight_g', value 'aaaaa': ",
        "heavy",
    ),
    ("births", at(3, "nhs_number", ""), f"{BIRTHS}, row 3, column 'nhs_number': A value is missing", ""),
    (
        "births",
        lambda table: table.assign(gp_notes="Zacharias"),
        f"{BIRTHS}, column 'gp_notes': The contract does not",
        "Zacharias",
    ),
    (
        "births",
        at(1, "date_of_birth", "2018-06-20"),
        f"{BIRTHS}, row 1, column 'date_of_birth', value '9999-99-99': ",
        "2018-06-20",
    ),
    (
        "schools",
        at(4, "good_level_of_development", "Q"),
        f"{SCHOOLS}, row 4, column 'good_level_of_development', value 'A': The value is not among",
        "'Q'",
    ),
    ("schools", exchanged("enrolled_on", "left_on"), "rows have enrolled_on after left_on", ""),
    (
        "housing",
        lambda table: table.drop(columns="tenure"),
        f"{HOUSING}, column 'tenure': The column is missing",
        "",
    ),
    (
        "housing",
        at(1, "bedrooms_short", "7"),
        f"{HOUSING}, row 1, column 'bedrooms_short', value '9': The number is out of range",
        "",
    ),
    (
        "social_care",
        again,
        f"{CARE}, row 5, column 'episode_id', value 'A999999': The value is there already",
        "E000001",
    ),
    ("social_care", doubled, "rows differ from an earlier one in nothing but their key", ""),
    (
        "police",
        at(1, "incident_date", "20300101"),
        f"{POLICE}, row 1, column 'incident_date', value '99999999': The row lies outside",
        "20300101",
    ),
    (
        "police",
        at(2, "risk_grade", "extreme"),
        f"{POLICE}, row 2, column 'risk_grade', value 'aaaaaaa': ",
        "extreme",
    ),
]


@pytest.mark.parametrize("breach", BREACHES, ids=[f"{row[0]}: {row[2][-40:]}" for row in BREACHES])
def test_each_breach_of_a_contract_says_where_and_what_to_do_and_not_the_value(
    kitchen: Kitchen, tiny: Path, breach: Breach
) -> None:
    agency, change, told, secret = breach
    folder = copied(tiny, kitchen.folder)
    spoil(folder, agency, change)
    said = kitchen.refuses(folder, recipe_text(police=True))
    assert told in said
    assert said.count("\n") == 0, "one fault was planted"
    assert re.search(r"[.:] [A-Z][^.]+[.?]$", said), "it ends with what to do"
    assert not secret or secret not in said


def test_breaches_of_all_five_agencies_come_in_one_report(kitchen: Kitchen, tiny: Path) -> None:
    folder = copied(tiny, kitchen.folder)
    wanted = {}
    for agency, change, told, _ in reversed(BREACHES):
        wanted[agency] = told
        if told.startswith(FILES[agency]):
            spoil(folder, agency, change)
    said = kitchen.refuses(folder, recipe_text(police=True))
    for agency in FILES:
        assert FILES[agency] in said
    assert said.count("\n") >= 8


def text_of(change: Callable[[str], str], agency: str = "schools", **how: str) -> Spoil:
    """Return what writes an agency's file again, changed as text, perhaps in another encoding."""

    def write(folder: Path) -> None:
        path = folder / FILES[agency]
        path.write_bytes(change(path.read_text("utf-8")).encode(how.get("encoding", "utf-8"), "replace"))

    return write


def excel(folder: Path) -> None:
    """Write the births as Excel does where somebody formatted the dates as numbers."""
    path = folder / BIRTHS
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    days = (
        pd.to_datetime(table["last_contact_date"], format="%d/%m/%Y") - pd.Timestamp("1899-12-30")
    ).dt.days
    table.assign(last_contact_date=days).to_excel(path.with_suffix(".xlsx"), index=False)
    path.unlink()


def half_a_workbook(folder: Path) -> None:
    excel(folder)
    path = (folder / BIRTHS).with_suffix(".xlsx")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def half_a_parquet(folder: Path) -> None:
    path = folder / BIRTHS
    pd.read_csv(path, dtype=str).to_parquet(path.with_suffix(".parquet"))
    content = bytearray(path.with_suffix(".parquet").read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    path.with_suffix(".parquet").write_bytes(content)
    path.unlink()


FORMS: list[tuple[str, Spoil, str]] = [
    (
        "semicolons",
        text_of(lambda text: text.replace(",", ";")),
        f"{SCHOOLS}: The columns are kept apart by semicolons",
    ),
    ("tabs", text_of(lambda text: text.replace(",", "\t")), f"{SCHOOLS}: The columns are kept apart by tabs"),
    (
        "Latin-1",
        text_of(lambda text: text.replace("\n0000002,", "\n0000002é,"), encoding="latin-1"),
        f"{SCHOOLS}, row 2: This is not UTF-8",
    ),
    ("UTF-16", text_of(lambda text: text, encoding="utf-16"), f"{SCHOOLS}: This is not UTF-8"),
    ("no header", text_of(lambda text: text.split("\n", 1)[1]), f"{SCHOOLS}: No column is named as agreed"),
    (
        "a comma too many",
        text_of(lambda text: text.replace("\n", '\n"x,y",', 1)),
        f"{SCHOOLS}, row 1: The row has .. values under",
    ),
    ("half a quote", text_of(lambda text: text + '"'), f"{SCHOOLS}: This is not CSV"),
    ("nothing", text_of(lambda text: ""), f"{SCHOOLS}: The file has no header"),
    ("no row", text_of(lambda text: text.split("\n")[0]), f"{SCHOOLS}: The extract holds no row"),
    (
        "dates as numbers",
        excel,
        "births_health_visiting.xlsx, row 1, column 'last_contact_date', value '99999'",
    ),
    ("half a workbook", half_a_workbook, "births_health_visiting.xlsx: Excel cannot have written this"),
    ("a damaged Parquet", half_a_parquet, "births_health_visiting.parquet: "),
    (
        "two files of one agency",
        lambda folder: (folder / "police.parquet").touch(),
        "There are two extracts of Police",
    ),
    (
        "a file missing",
        lambda folder: (folder / HOUSING).unlink(),
        "There is no extract of Housing and benefits",
    ),
    (
        "a folder for a file",
        lambda folder: ((folder / CARE).unlink(), (folder / CARE).mkdir()),
        "There is no extract of Children's",
    ),
]


@pytest.mark.parametrize(("change", "told"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS])
def test_each_file_of_another_form_is_named(kitchen: Kitchen, tiny: Path, change: Spoil, told: str) -> None:
    folder = copied(tiny, kitchen.folder)
    names = set(pd.read_csv(folder / SCHOOLS, dtype=str)["legal_surname"].dropna())
    change(folder)
    said = kitchen.refuses(folder, recipe_text(police=True))
    assert re.search(told, said)
    assert not names & set(re.findall(r"[\w'-]+", said))


def test_a_mark_of_byte_order_is_no_fault(kitchen: Kitchen, tiny: Path) -> None:
    folder = copied(tiny, kitchen.folder)
    text_of(lambda text: f"\ufeff{text}")(folder)
    status, said = kitchen.run("extracts", "check", "school_readiness", "--extracts", str(folder))
    assert (status, "Every extract keeps its contract." in said) == (0, True)


# Names in the recipe that no contract has.


MISNAMED = (
    ('column = "good_level_of_development"', 'column = "good_levle"', "key risk.outcome.column"),
    ('not_told = ["NOBT"]', 'not_told = ["NONE"]', "key risk.groups[1].not_told"),
    ('column = "speech_score"', 'column = "birth_wt"', "key risk.features[1].column"),
    ("[risk.model]", '[risk.model]\nfeatures = ["talking"]', "key risk.model.features"),
)


def test_names_that_no_contract_has_are_told_together_before_any_file_is_opened(
    kitchen: Kitchen, tiny: Path
) -> None:
    text = recipe_text()
    for old, new, _ in MISNAMED:
        assert old in text
        text = text.replace(old, new, 1)
    said = kitchen.refuses(kitchen.folder / "no such folder", text)
    told = [key for _, _, key in MISNAMED]
    assert all(key in said for key in told), said
    status, checked = kitchen.run(
        "extracts", "check", str(kitchen.folder / "question.toml"), "--extracts", str(tiny)
    )
    assert status == 1
    assert "Every extract keeps its contract" not in checked
    assert all(key in checked for key in told)
    assert "Did you mean 'good_level_of_development'?" in checked


# Keys.


def test_a_missing_key(kitchen: Kitchen, tiny: Path) -> None:
    said = kitchen.refuses(copied(tiny, kitchen.folder, key=False), recipe_text())
    assert "There is no key for the extracts 'small'" in said
    assert "secrets.token_hex(32)" in said


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_file_that_others_can_read(kitchen: Kitchen, tiny: Path, mode: int) -> None:
    folder = copied(tiny, kitchen.folder)
    key_file_of(folder).chmod(mode)
    assert f"can be read or changed by others (mode {mode:o})" in kitchen.refuses(folder, recipe_text())


@pytest.mark.parametrize(
    "content", ["", "\n", "0123456789abcdef", "not hexadecimal at all, and rather long, too"]
)
def test_a_key_file_that_is_empty_or_short(kitchen: Kitchen, tiny: Path, content: str) -> None:
    folder = copied(tiny, kitchen.folder)
    key_file_of(folder).write_text(content)
    said = kitchen.refuses(folder, recipe_text())
    assert "small.key holds no key of 32 random bytes" in said
    assert not content.strip() or content not in said


def test_the_key_of_another_set(kitchen: Kitchen, tiny: Path) -> None:
    folder = copied(tiny, kitchen.folder, key=False)
    other = folder.with_name("neighbour")
    other.mkdir()
    make_key(other)
    key_file_of(folder).write_bytes(key_file_of(other).read_bytes())
    key_file_of(folder).chmod(0o600)
    assert "small.key is the key of another set of extracts: neighbour." in kitchen.refuses(
        folder, recipe_text()
    )


def test_a_disk_that_is_full_while_records_are_linked(
    kitchen: Kitchen, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "Error writing bytes to file")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    assert "No space is left" in kitchen.refuses(tiny, recipe_text())
