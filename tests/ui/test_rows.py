import pandas as pd

from tests.ui import kitchen
from ui.rows import answer, counts_by, csv_bytes, shown, table_rows
from ui.state import View
from words.fields import BY_NAME


def areas() -> pd.DataFrame:
    return kitchen.answers().set_index("code")


def test_an_empty_filter_lets_all_36_through() -> None:
    assert shown(areas(), View()).sum() == 36


def test_filters_are_joined_by_and() -> None:
    # by hand: bands of eight from the north, so band 5 is squares 1-8; firm are 1, 2, 7, 8; the northern ward is 1-18
    assert shown(areas(), View(signs=("firm",))).sum() == 4
    assert shown(areas(), View(signs=("no sign",), bands=(5,))).sum() == 3
    assert shown(areas(), View(wards=("North Ward",), bands=(3,))).sum() == 2


def test_an_area_without_a_band_passes_no_band_filter() -> None:
    mask = shown(areas(), View(bands=(1, 2, 3, 4, 5)))
    assert not mask[kitchen.UNKNOWN]
    assert mask.sum() == 35


def test_the_table_has_the_rows_of_the_filter_firm_ones_first_then_by_name() -> None:
    table = table_rows(areas())
    assert list(table.index[:5]) == [*kitchen.FIRM, *kitchen.SUGGESTIVE]
    assert set(table.index[-2:]) == {kitchen.ISLAND, kitchen.UNKNOWN}
    assert table.loc[kitchen.UNKNOWN, "Need"] == "Not assessed"


def test_the_table_heads_its_columns_as_the_codebook_of_the_exports_titles_them() -> None:
    headings = ["Area", "Part of", "Need", "Hotspot", "Ways that agree", "Per cent", "Code"]
    assert list(table_rows(areas()).columns) == headings
    assert [BY_NAME[name].title for name in ("band", "sign", "stability")] == headings[2:5]


def test_a_pinned_area_comes_first() -> None:
    assert table_rows(areas(), pinned=kitchen.code(20)).index[0] == kitchen.code(20)


def test_missing_stays_missing_and_is_not_nought() -> None:
    told = answer(areas().loc[kitchen.UNKNOWN].to_dict(), is_rate=True)
    assert (told.band, told.value, told.stability) == (None, None, None)


def test_counts_are_by_value() -> None:
    assert counts_by(areas(), "sign") == {"firm": 4, "suggestive": 1, "no sign": 29, "not assessed": 2}


def test_a_cell_that_would_be_a_formula_is_text_in_the_file() -> None:
    text = csv_bytes(pd.DataFrame({"Area": ["=1+1", "plain"]})).decode("utf-8-sig")
    assert text.splitlines() == ["Area", "'=1+1", "plain"]
