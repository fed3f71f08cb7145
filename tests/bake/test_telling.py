"""A run told in plain words."""

from bake.pipeline import bake
from bake.telling import told
from tests.bake.conftest import rate_recipe


def test_a_run_is_told_with_its_question_its_findings_and_its_limits(make_place, table, tmp_path) -> None:
    run = bake(rate_recipe(), make_place(table), tmp_path)
    lines = list(told(run))
    assert lines[0] == run.id
    assert run.question in lines[1]
    assert any(line.startswith("Must not be used for") for line in lines)
    for sentence in run.manifest["decisions"]:
        assert f"  - {sentence}" in lines


def test_counts_are_told_in_words_and_noughts_left_out(make_place, table, tmp_path) -> None:
    run = bake(rate_recipe(), make_place(table), tmp_path)
    run.manifest["counts"]["sign"] = {"firm": 2, "no sign": 7, "suggestive": 0}
    assert "  - Firm hotspot 2, No sign 7" in list(told(run))


def test_a_fictional_place_is_said_to_be_fictional(make_place, table, tmp_path) -> None:
    run = bake(rate_recipe(), make_place(table), tmp_path)
    run.manifest["place"] |= {"fictional": True, "title": "Marshwick"}
    assert any(line.startswith("Place: Marshwick (fictional)") for line in told(run))
