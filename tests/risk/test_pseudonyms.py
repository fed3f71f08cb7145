"""Pseudonyms: what a key gives, whose keys are refused, and what is left when one is purged."""

import hashlib
import hmac
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.errors import RiskError
from risk.pseudonyms import Key, key_file_of, make_key, purge, read_key

SECRET = "00112233445566778899aabbccddeeff" * 2


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    folder = tmp_path / "marsh wick"
    folder.mkdir()
    return folder


def test_a_pseudonym_is_the_hmac_of_the_value_under_a_key_of_its_set_and_kind():
    # worked out with the standard library alone, as RFC 2104 has it: block of 64 bytes, ipad 0x36, opad 0x5c
    def by_hand(key: bytes, message: bytes) -> bytes:
        key = key.ljust(64, b"\0")
        inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + message).digest()
        return hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()

    key = Key("demo", "test", bytes.fromhex(SECRET))
    own = by_hand(bytes.fromhex(SECRET), b"larder\x1fdemo\x1fnhs")
    assert key.pseudonyms("nhs", pd.Series(["9990001"])).tolist() == [by_hand(own, b"9990001").hex()[:32]]
    assert by_hand(b"k", b"m") == hmac.digest(b"k", b"m", "sha256")


def test_missing_stays_missing_and_sets_and_kinds_differ():
    values = pd.Series(["a", None, "a"], index=[5, 6, 7])
    one = Key("one", "", bytes.fromhex(SECRET))
    hashed = one.pseudonyms("kind", values)
    assert hashed.isna().tolist() == [False, True, False]
    assert hashed.index.tolist() == [5, 6, 7]
    assert hashed[5] == hashed[7]
    assert hashed[5] != one.pseudonyms("other", values)[5]
    assert hashed[5] != Key("two", "", bytes.fromhex(SECRET)).pseudonyms("kind", values)[5]


@given(st.lists(st.text(), unique=True))
def test_different_values_have_different_pseudonyms_that_do_not_hold_them(values: list[str]):
    hashed = Key("s", "", bytes.fromhex(SECRET)).pseudonyms("k", pd.Series(values, dtype="str"))
    assert hashed.nunique() == len(values)
    assert hashed.str.fullmatch("[0-9a-f]{32}").all()


def test_a_key_never_prints(extracts: Path):
    key = read_key(extracts, environment={"LARDER_KEY": SECRET})
    for text in (repr(key), str(key), f"{key}"):
        assert SECRET[:8] not in text
        assert repr(bytes.fromhex(SECRET))[2:10] not in text
    assert "LARDER_KEY" in key.source


def test_the_sets_own_variable_comes_first_then_the_common_one_then_the_file(extracts: Path):
    made = make_key(extracts)
    own, common = SECRET, SECRET[::-1]
    read = read_key(extracts, environment={"LARDER_KEY": common, "LARDER_KEY_MARSH_WICK": own})
    assert read.secret == bytes.fromhex(own)
    assert read_key(extracts, environment={"LARDER_KEY": common}).secret == bytes.fromhex(common)
    assert read_key(extracts, environment={"LARDER_KEY": " "}).secret == made.secret


def test_a_key_made_is_for_its_owner_alone_and_is_not_replaced(extracts: Path):
    make_key(extracts)
    assert key_file_of(extracts).stat().st_mode & 0o777 == 0o600
    assert key_file_of(extracts).parent == extracts.parent
    with pytest.raises(RiskError, match="there already"):
        make_key(extracts)


def test_a_missing_key_says_how_to_make_one(extracts: Path):
    with pytest.raises(RiskError, match=r"no key for the extracts 'marsh wick'.*secrets\.token_hex"):
        read_key(extracts, environment={})


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o666])
def test_a_key_file_that_others_can_open_is_refused(extracts: Path, mode: int):
    make_key(extracts)
    key_file_of(extracts).chmod(mode)
    with pytest.raises(RiskError, match=f"mode {mode:o}"):
        read_key(extracts, environment={})


def test_a_key_file_of_another_user_and_a_link_are_refused(extracts: Path, monkeypatch: pytest.MonkeyPatch):
    make_key(extracts)
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: key_file_of(extracts).stat().st_uid + 1)
        with pytest.raises(RiskError, match="another user"):
            read_key(extracts, environment={})
    other = extracts.with_name("other")
    key_file_of(other).symlink_to(key_file_of(extracts))
    with pytest.raises(RiskError, match="not a plain file"):
        read_key(other, environment={})


@pytest.mark.parametrize("text", ["short", "ab" * 31, "ab" * 32, "zz" * 32])
def test_a_weak_key_is_refused_without_being_told(extracts: Path, text: str):
    with pytest.raises(RiskError) as refused:
        read_key(extracts, environment={"LARDER_KEY": text})
    assert "no key of 32 random bytes" in str(refused.value)
    assert text not in str(refused.value)


def test_purge_destroys_the_key_and_the_extracts_where_asked(extracts: Path):
    make_key(extracts)
    (extracts / "births.csv").write_text("x")
    assert purge(extracts, environment={}) == ["The key marsh wick.key is destroyed."]
    assert not key_file_of(extracts).exists()
    assert extracts.exists()
    told = purge(extracts, environment={"LARDER_KEY": SECRET}, and_extracts=True)
    assert told == [
        "LARDER_KEY is still set: remove it wherever it is kept.",
        "The extracts marsh wick are removed.",
    ]
    assert not extracts.exists()
    with pytest.raises(RiskError, match="nothing to purge"):
        purge(extracts, environment={})


def test_what_a_purged_file_held_is_written_over(extracts: Path):
    secret = make_key(extracts).secret
    with key_file_of(extracts).open("rb") as held:
        purge(extracts, environment={})
        assert secret.hex().encode() not in held.read()


def test_the_key_of_another_set_is_refused_by_its_name_or_by_its_likeness(extracts: Path):
    other = extracts.with_name("other")
    make_key(other)
    key_file_of(other).rename(key_file_of(extracts))
    with pytest.raises(RiskError, match=r"key of another set of extracts: other\. .*make one for marsh wick"):
        read_key(extracts, environment={})
    for path in (key_file_of(extracts), key_file_of(other)):  # written by hand, without a name
        path.write_text(SECRET)
        path.chmod(0o600)
    with pytest.raises(RiskError, match="key of another set of extracts: other"):
        read_key(extracts, environment={})
    key_file_of(other).unlink()
    assert read_key(extracts, environment={}).secret == bytes.fromhex(SECRET)
