"""Recipes: what is shipped can be read, and every fault is told with file, key, value and cure."""

import re
from datetime import date
from pathlib import Path

import pytest

from bake.asking import names_faults
from bake.errors import BakeError
from bake.recipe import SHIPPED, Recipe, load_recipe, recipe_keys, recipe_names
from bake.recipe_parts import IndexRisk, RateRisk

ROOT = Path(__file__).resolve().parents[2]

INDEX = """
id = "green"
title = "Green"
question = "Where?"
period = "2021"
[outcome]
name = "a"
definition = "b"
unit = "c"
[geography]
level = "oa"
[risk]
kind = "index"
combine = "mean"
[[risk.indicators]]
column = "a"
label = "A"
direction = "higher_is_worse"
source = "TS001"
[evaluation]
outcome = "o"
observed_data = "d"
review_date = 2027-05-01
[use]
must_not = ["Do not."]
"""

RATE = INDEX.replace(
    INDEX[INDEX.index("[risk]") : INDEX.index("[evaluation]")],
    """[risk]
kind = "rate"
count = ["a"]
denominator = "population"
source = "TS001"
""",
)


def faults(text: str) -> list[str]:
    with pytest.raises(BakeError) as error:
        Recipe.read(text, "green.toml")
    return [fault.sentence() for fault in error.value.faults]


@pytest.mark.parametrize("name", recipe_names())
def test_shipped_recipes_can_be_read_and_say_where_their_data_is_from(name):
    recipe = load_recipe(name)
    assert recipe.id == name
    assert recipe.sources
    assert recipe.text == (ROOT / "recipes" / f"{name}.toml").read_text(encoding="utf-8")
    assert recipe.file == f"recipes/{name}.toml"


def test_what_is_shipped():
    assert {"crowded_homes", "deprivation_2025", "early_years_open"} <= set(recipe_names())


def test_the_published_share_is_the_rest_of_what_its_source_is_quoted_with():
    """DfE, early years foundation stage profile results 2023/24: 67.7 % of children had a good level of development."""
    published = load_recipe("school_readiness").risk.published
    assert "67.7 % reached a good level" in published.source
    assert published.share == pytest.approx(1 - 0.677)


def test_defaults():
    recipe = Recipe.read(RATE, "green.toml")
    assert isinstance(recipe.risk, RateRisk)
    assert recipe.risk.minimum_denominator == 20
    assert (recipe.hotspots.neighbours, recipe.hotspots.alpha) == ("queen", 0.05)
    assert recipe.evaluation.review_date == date(2027, 5, 1)
    index = Recipe.read(INDEX, "green.toml")
    assert isinstance(index.risk, IndexRisk)
    assert index.risk.indicators[0].weight == 1
    assert index.risk.indicators[0].transform == "zscore"


def test_the_digest_is_that_of_the_text():
    one, other = Recipe.read(INDEX, "a.toml"), Recipe.read(INDEX + "\n# a remark", "a.toml")
    assert one.digest != other.digest
    assert one.digest == Recipe.read(INDEX, "b.toml").digest


def test_a_recipe_is_read_from_any_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(INDEX, encoding="utf-8")
    assert load_recipe(path).id == "green"
    assert load_recipe(str(path)).file == str(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Green"', "", ["title", "is missing", "A title of a few words"]),
        ('title = "Green"', 'title = " "', ["title", "is empty"]),
        ('title = "Green"', "title = 3", ["value '3'", "title", "text in quotes"]),
        ('title = "Green"', 'titel = "Green"', ["titel", "not known", "Did you mean title?"]),
        ('id = "green"', 'id = "Green!"', ["value 'Green!'", "key id", "small letters"]),
        ('level = "oa"', 'level = "ward"', ["value 'ward'", "geography.level", "'lsoa'"]),
        ('kind = "index"', 'kind = "indx"', ["value 'indx'", "risk.kind", "'index', 'rate' or 'records'"]),
        ('kind = "index"', "", ["risk.kind is missing"]),
        ('column = "a"', 'colum = "a"', ["risk.indicators[1].colum", "Did you mean column?"]),
        ('direction = "higher_is_worse"', 'direction = "up"', ["'up'", "risk.indicators[1].direction"]),
        ('source = "TS001"', "", ["risk.indicators[1].source", "is missing"]),
        ('source = "TS001"', 'source = ""', ["risk.indicators[1].source", "is empty"]),
        ('source = "TS001"', 'source = "x"\nweight = 0', ["value '0'", "weight", "above 0"]),
        ('source = "TS001"', 'source = "x"\nweight = nan', ["value 'nan'", "weight"]),
        ('source = "TS001"', 'source = "x"\nweight = true', ["value 'true'", "weight", "a number"]),
        ('source = "TS001"', 'source = "x"\nrank_of = 9', ["rank_of", "exponential_rank", "Leave it out"]),
        (
            'source = "TS001"',
            'source = "x"\ntransform = "exponential_rank"',
            ["risk.indicators[1].rank_of is missing"],
        ),
        ('combine = "mean"', 'combine = "sum"', ["value 'sum'", "risk.combine", "'weighted_sum'"]),
        ("review_date = 2027-05-01", 'review_date = "soon"', ["evaluation.review_date", "must be a date"]),
        ('must_not = ["Do not."]', "must_not = []", ["use.must_not", "empty list"]),
        ('must_not = ["Do not."]', 'must_not = "Do not."', ["use.must_not", "square brackets"]),
        ("[use]\n", "[hotspots]\nalpha = 1\n[use]\n", ["value '1'", "hotspots.alpha", "below 0.5"]),
        ("[use]\n", '[hotspots]\nneighbours = "quen"\n[use]\n', ["'quen'", "hotspots.neighbours", "knn:8"]),
        ("[use]\n", '[hotspots]\nneighbours = "knn:0"\n[use]\n', ["'knn:0'", "hotspots.neighbours"]),
        ("[use]\n", "[hotspots]\nseed = 1.5\n[use]\n", ["hotspots.seed", "whole number"]),
        ("[use]\n", '[hotspots.stability]\nrates = ["crude"]\n[use]\n', ["an index has no rates"]),
        ("[use]\n", '[assets]\ncategories = ["A b"]\n[use]\n', ["'A b'", "assets.categories[1]"]),
        (
            "[use]\n",
            "[use]\ncategories = []\n",
            ["use.categories", "It belongs elsewhere: assets.categories"],
        ),
        ("[outcome]", "[outcomes]", ["outcomes is not known", "Did you mean outcome?"]),
    ],
)
def test_each_fault_of_an_index_names_file_key_value_and_cure(old, new, said):
    assert INDEX.count(old) >= 1
    told = " | ".join(faults(INDEX.replace(old, new, 1)))
    assert "green.toml" in told
    assert "pydantic" not in told
    for part in said:
        assert part in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('count = ["a"]', "count = []", ["risk.count", "empty list"]),
        ('count = ["a"]', 'count = ["a", "a"]', ["'a'", "risk.count", "2 times"]),
        ('denominator = "population"', 'denominator = "a"', ["'a'", "risk.denominator", "larger whole"]),
        ('denominator = "population"', "", ["risk.denominator is missing", "'population'"]),
        ('source = "TS001"', 'source = "x"\nminimum_denominator = 0', ["minimum_denominator", "at least 1"]),
        ('source = "TS001"', 'source = "x"\nsmooth = 1', ["risk.smooth", "Known here"]),
        (
            "[use]\n",
            '[hotspots.stability]\nrates = ["shrunken"]\n[use]\n',
            ["'shrunken'", "clusters that the smoothing made", "'crude'"],
        ),
    ],
)
def test_each_fault_of_a_rate_names_key_value_and_cure(old, new, said):
    told = " | ".join(faults(RATE.replace(old, new, 1)))
    for part in said:
        assert part in told


def test_scales_finer_than_the_recipe_are_refused():
    text = RATE.replace('level = "oa"', 'level = "lsoa"') + '[hotspots.stability]\nscales = ["oa", "lsoa"]\n'
    assert faults(text) == [
        "green.toml, value 'oa': key hotspots.stability.scales is finer than geography.level. "
        "Use lsoa or coarser."
    ]


def test_every_fault_is_told_at_once():
    text = (
        INDEX.replace('title = "Green"', "")
        .replace('level = "oa"', 'level = "town"')
        .replace('source = "TS001"', "rank_of = 9\nwheight = 2")
        .replace('must_not = ["Do not."]', "must_not = []")
    )
    told = faults(text)
    assert len(told) == 6
    for key in ("title", "geography.level", "[1].source", "[1].wheight", "[1].rank_of", "use.must_not"):
        assert any(key in sentence for sentence in told), key


def test_a_syntax_error_names_its_line():
    told = faults('id = "green"\ntitle = Green\n')
    assert len(told) == 1
    assert "Line 2" in told[0]
    assert "title = Green" in told[0]
    assert "green.toml" in told[0]


def test_a_text_that_ends_too_early_and_an_empty_one():
    assert "Line 1" in faults('id = "green')[0]
    assert any("id is missing" in sentence for sentence in faults(""))


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(BakeError, match="Did you mean early_years_open"):
        load_recipe("early_year_open")
    with pytest.raises(BakeError, match="no such recipe"):
        load_recipe("nowhere/mine.toml")


def test_a_value_that_means_the_outcome_and_its_absence_is_refused_by_name():
    text = (SHIPPED / "school_readiness.toml").read_text("utf-8")
    with pytest.raises(BakeError) as error:
        Recipe.read(text.replace('bad = ["N"]', 'bad = ["N", "Y"]'), "mine.toml")
    (fault,) = error.value.faults
    assert "key risk.outcome is wrong: bad and good both name 'Y': a value means one of them." in fault.what


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BakeError, match="UTF-8"):
        load_recipe(path)


def test_the_page_explains_every_key_and_every_key_has_a_meaning():
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    keys = dict(recipe_keys())
    assert len(keys) > 40
    for key, meaning in keys.items():
        assert meaning, key
        assert f"`{key}`" in page, key


def test_the_block_by_which_a_recipe_permits_enforcement_is_accepted_as_the_page_shows_it():
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    (block,) = [part for part in page.split("```toml\n") if "[risk.enforcement]" in part]
    agencies, _, permission = block.partition("```")[0].partition("[risk.enforcement]")
    text = (SHIPPED / "school_readiness.toml").read_text("utf-8")
    before, _, after = text.partition("[risk]\n")
    rest = after[after.index("\ncohorts = ") :]
    permitted = f"\n[risk.enforcement]{permission}\n[risk.model]"
    text = f"{before}{agencies.rstrip()}{rest}".replace("\n[risk.model]", permitted, 1)
    recipe = Recipe.read(text, "mine.toml")
    assert recipe.risk.agencies[-1] == "police"
    assert recipe.risk.enforcement.permit.faults() == []
    assert names_faults(recipe.risk, "mine.toml") == []
    alone = text.replace(f"\n[risk.enforcement]{permission.partition('[[')[0]}", "\n", 1)
    refused = names_faults(Recipe.read(alone, "mine.toml").risk, "mine.toml")
    assert ["measures enforcement, which is off" in fault.what for fault in refused] == [True]


def test_what_is_nested_is_shown_as_the_recipe_writes_it():
    text = (SHIPPED / "school_readiness.toml").read_text("utf-8")
    (said,) = faults(text.replace('"social_care"]', '"police"]', 1))
    assert "key risk is wrong: agencies does not list social_care, which the recipe reads." in said
    assert 'value \'kind = "records", agencies = ["births", "schools", "housi…\'' in said
    said = " ".join(
        faults(INDEX.replace('kind = "index"', 'kind = "index"\nmore = { a = [1, true, { b = "c" }] }'))
    )
    assert "value 'a = [1, true, { b = \"c\" }]'" in said
    assert not re.search(r"\{'|True|\['", said)


@pytest.mark.parametrize(
    ("given", "example"),
    [
        ('assessments = "DPIA 12"', 'assessments = [{kind = "data protection", name = "..."}]'),
        ('assessments = ["DPIA 12"]', 'assessments = [{kind = "data protection", name = "..."}]'),
        ('risks = "None."', 'risks = [{risk = "...", mitigation = "..."}]'),
        ('risks = ["None."]', 'risks = [{risk = "...", mitigation = "..."}]'),
    ],
)
def test_answers_of_several_parts_given_as_text_are_shown_as_they_are_written(given: str, example: str):
    text = (SHIPPED / "school_readiness.toml").read_text("utf-8")
    before, _, after = text.partition("[risk.record]\n")
    rest = after[after.index("\n[hotspots]") :]
    with pytest.raises(BakeError) as error:
        Recipe.read(f"{before}[risk.record]\n{given}\n{rest}", "mine.toml")
    assert len(error.value.faults) == 1
    assert example in str(error.value)
