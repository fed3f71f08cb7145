"""Fields: what agencies write, made alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.extracts import Extract
from risk.linkage_fields import linkage_records, plain, root, sound
from tests.risk.linkage.conftest import District


@pytest.mark.parametrize(
    ("name", "code"),
    # from the worked examples of the United States National Archives' page on Soundex
    [("washington", "w252"), ("lee", "l000"), ("gutierrez", "g362"), ("pfister", "p236"), ("jackson", "j250"),
     ("tymczak", "t522"), ("ashcraft", "a261")],
)  # fmt: skip
def test_sound_is_american_soundex(name: str, code: str):
    assert sound(name) == code


def test_short_forms_share_a_root_and_no_name_has_two():
    assert root("tony") == root("antony") == "anthony"
    assert root("zebedee") == "zebedee"


@given(st.text())
def test_plain_text_is_plain_and_stays_so(text: str):
    once = plain(text)
    assert plain(once) == once
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Zoë", "zoe"),
        ("O'Brien", "obrien"),
        ("ŁUKASZ", "lukasz"),
        ("Yılmaz", "yilmaz"),
        ("Cook-Gold", "cook gold"),
    ],
)
def test_names_lose_accents_case_and_marks(written: str, read: str):
    assert plain(written) == read


def test_records_are_one_for_each_person_of_each_agency(district: District):
    records, rows = linkage_records(district.extracts.values())
    for name, extract in district.extracts.items():
        own: Extract = extract
        persons = own.table[own.contract.person].nunique()
        assert (records["agency"] == name).sum() == persons
        assert rows.loc[rows["agency"] == name, "row"].tolist() == list(range(len(own.table)))
    assert records["unique_id"].tolist() == list(range(len(records)))
    assert records["born"].dropna().str.fullmatch("[0-9]{8}").all()
    assert records["postcode"].dropna().str.fullmatch("[A-Z0-9]{5,7}").all()
    assert not records["forename"].isin(["baby"]).any()
