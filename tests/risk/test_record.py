"""The record and its page: complete or plainly not, the keys that were promised, and nothing unescaped."""

import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

import pytest
from pydantic import ValidationError

from risk.answers import NEEDED, Answers, Assessment, Hazard, lacking
from risk.record import RunParts, make_record, review_is_due, worse_for
from risk.record_page import record_page


def rate(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def entry(group: str, missed: dict[str, float]) -> dict[str, object]:
    return {"group": group, "status": "", "false_negative_rate": missed}


VALIDATION = {
    "passed": False,
    "chosen": "deprivation_decile",
    "finding": "The model adds nothing that we can show to the deprivation decile alone.",
    "pass_mark": {
        "requirements": [{"what": "More children found <in> each place", "found": "0.1 more", "met": False}]
    },
    "baselines": {"overall_rate": {"log_loss": 0.6}, "deprivation_decile": {"log_loss": 0.58}},
    "calibration": {"slope": rate(0.98, 0.9, 1.06)},
    "model": {"log_loss": 0.57},
    "groups": {
        "heritage": [
            entry("north", rate(0.80, 0.75, 0.85)),
            entry("south", rate(0.60, 0.55, 0.65)),
            entry("east", rate(0.63, 0.56, 0.70)),
            {"group": "west", "status": "too few children"},
        ]
    },
    "kinds_of_place": {"deprivation": [entry("most deprived fifth", rate(0.3, 0.25, 0.35))]},
}
ANSWERS = Answers(
    **{name: f"The {name}." for name in NEEDED if name != "risks"},
    risks=[Hazard(risk="A street is talked down.", mitigation="No rank of areas.")],
    assessments=[Assessment(kind="data protection", name="DPIA 12", date="2026-04-01")],
)
PARTS = RunParts(
    about={
        "title": "Good start <b>",
        "question": "Where may children need support?",
        "definition": "Share of children not at a good level of development at five.",
        "period": "2022 to 2026",
        "place": "Marshwick",
        "level": "oa",
        "fictional": True,
        "review_date": "2027-05-01",
    },
    sources=[
        {
            "name": "Schools",
            "controller": "Education authority",
            "measures": ["need", "contact"],
            "key": "SECRET",
        }
    ],
    answers=ANSWERS,
    validation=VALIDATION,
    linkage={"precision": 0.985, "recall": 0.94},
    areas={"notes": ["5 cohorts are pooled."]},
    must_not=["Do not use this to decide about a family."],
    limits=["It is a first year."],
)


class Text(HTMLParser):
    """Collects what a reader sees, the tags that are open, and every address that is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.headings: list[str] = []
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.open and self.open[-1] in {"h1", "h2"}:
            self.headings.append(data)


def read(page: str) -> Text:
    text = Text()
    text.feed(page)
    assert text.open == []
    return text


def test_a_record_has_both_tiers_the_model_card_and_the_promised_keys_and_is_json():
    record = json.loads(json.dumps(make_record(PARTS), allow_nan=False))
    assert {"baselines", "pass_mark", "calibration", "limitations", "appeals"} <= record.keys()
    assert {"baselines", "pass_mark", "calibration", "limitations", "appeals"} <= record["model_card"].keys()
    assert record["tier_1"].keys() == {"name", "description", "website", "contact_email"}
    assert record["tier_2"].keys() == {
        "owner_and_responsibility",
        "description_and_rationale",
        "decision_making",
        "tool_specification",
        "risks_and_impact",
    }
    assert record["complete"] is True
    assert record["not_given"] == {}


def test_what_people_did_not_say_is_not_given_and_asked_for():
    record = make_record(replace(PARTS, answers=Answers()))
    assert record["complete"] is False
    assert record["not_given"].keys() == {*NEEDED, "assessments"}
    assert record["appeals"] == record["contact"] == "not given"
    assert set(record["tier_2"]["owner_and_responsibility"].values()) == {"not given"}
    assert record["whose_data"][0]["lawful_basis"] == "not given"


@pytest.mark.parametrize("name", NEEDED)
def test_each_needed_answer_is_asked_for_when_it_alone_is_missing(name):
    empty = [] if name == "risks" else "  "
    assert lacking(Answers(**{**ANSWERS.model_dump(), name: empty})).keys() == {name}


def test_an_equality_assessment_alone_does_not_do():
    other = Assessment(kind="equality", name="EqIA")
    assert lacking(ANSWERS.model_copy(update={"assessments": [other]})).keys() == {"assessments"}


def test_unknown_answers_are_refused():
    with pytest.raises(ValidationError, match="owner_name"):
        Answers(owner_name="x")


def test_only_the_agreed_parts_of_a_source_are_let_through():
    assert "SECRET" not in json.dumps(make_record(PARTS))


def test_a_model_that_failed_its_mark_is_the_first_limitation():
    assert make_record(PARTS)["limitations"][0] == VALIDATION["finding"]
    passed = replace(PARTS, validation={**VALIDATION, "passed": True})
    assert VALIDATION["finding"] not in make_record(passed)["limitations"]


def test_a_group_is_worse_off_only_where_the_intervals_part():
    heritage, deprivation = worse_for(VALIDATION)
    # north 0.75 and up lies above south's 0.65; east's 0.56 does not; of west nothing is known
    assert heritage["worse"] == [{"group": "north", "missed": 0.80}]
    assert heritage["than"] == {"group": "south", "missed": 0.60}
    assert heritage["too_few_to_say"] == ["west"]
    assert deprivation == {"grouping": "deprivation", "worse": [], "than": None, "too_few_to_say": []}
    nobody = {"groups": {"heritage": [{"group": "west", "status": "too few children"}]}}
    assert worse_for(nobody)[0]["worse"] == []


@pytest.mark.parametrize(
    ("given", "due"), [("2027-05-01", True), ("2027-05-02", False), ("not given", True), ("", True)]
)
def test_a_review_is_due_on_its_day_or_where_no_day_was_given(given, due):
    assert review_is_due({"review_date": given}, date(2027, 5, 1)) is due


def test_the_page_answers_what_a_resident_asks():
    text = read(record_page(make_record(PARTS)))
    assert text.headings == [
        "Good start <b>",
        "What this is",
        "Why",
        "Whose data",
        "How well it works",
        "For whom it works less well",
        "What it cannot say",
        "What it must not be used for",
        "How to ask, correct or object",
        "Who answers for it, and when it is looked at again",
        "What nobody has told us yet",
        "For those who look closer",
    ]
    words = " ".join(text.words)
    assert "The map shows the deprivation decile alone." in words
    assert (
        "“north” are missed more often (80% of those who need support) than in the group “south” (60%)"
        in words
    )
    assert "too few children to say for west" in words
    assert (
        "Of the records that were put together as one child's, 98.5% are so; of those that belong together, 94.0% were "
        "found." in words
    )
    assert "The place and everybody in it are made up." in words
    assert "1 May 2027" in words
    assert "draft" not in words
    assert ".." not in words  # every answer above ends with a full stop of its own


def test_a_resident_reads_no_term_of_statistics_and_an_analyst_finds_each_explained():
    marks = [
        {"what": "a lower log loss than the overall rate", "found": "0.06 lower", "met": False},
        {"what": "a calibration slope between 0.7 and 1.4", "found": "1.6", "met": False},
    ]
    finding = "It adds nothing. Not met: a lower log loss than the overall rate."
    told = {**VALIDATION, "pass_mark": {"requirements": marks}, "finding": finding}
    page = record_page(make_record(replace(PARTS, validation=told)))
    resident, closer = page.split("For those who look closer")
    for term in ("log loss", "calibration", "slope", "5 cohorts are pooled."):
        assert term not in resident
        assert term in closer
    assert "chances nearer to what came about than those of the overall rate" in resident
    assert "A calibration slope of 1 says" in closer


def test_the_weights_of_agreements_are_drawn_said_and_listed():
    weights = [
        {"comparison": "before anything is compared", "level": "", "weight": -14.0},
        {"comparison": "born", "level": "the same", "weight": 10.0},
        {"comparison": "born", "level": "different <i>", "weight": -5.0},
        {"comparison": "sex", "level": "the same", "weight": 0.0},
    ]
    linkage = {"weights": weights, "threshold": 0.9}
    page = record_page(make_record(replace(PARTS, linkage=linkage)))
    text = read(page)
    assert not text.tags & {"script", "i"}
    words = " ".join(text.words)
    # 2^10 is 1,024, and 2^5 is 32, to two digits
    assert "most for one child is date of birth, the same (+10.0): it is seen 1,000 times as often" in words
    assert (
        "date of birth, different <i> (−5.0): it is seen 32 times as often among records of others" in words
    )
    assert "Two records start at −14.0" in words
    assert "from +3.2 in all" in words  # log2(0.9 / 0.1)
    start, end = page.index("<svg"), page.index("</svg>") + 6
    picture = fromstring(page[start:end])
    assert picture.get("aria-label")
    bars = [{name: bar.get(name) for name in ("x", "width", "fill")} for bar in picture.iter("rect")]
    same, different, nothing = ({name: float(bar[name]) for name in ("x", "width")} for bar in bars)
    assert same["width"] == pytest.approx(2 * different["width"], abs=0.2)
    assert different["x"] + different["width"] == pytest.approx(same["x"], abs=0.2)  # both begin at the line
    assert nothing["width"] == 0
    assert bars[0]["fill"] != bars[1]["fill"]
    drawn = [node.text for node in picture.iter("text")]
    assert drawn.count("Date of birth") == 1
    assert {"the same", "+10.0", "different <i>", "−5.0"} <= set(drawn)


def test_without_weights_there_is_no_picture():
    assert "<svg" not in record_page(make_record(PARTS))


def test_the_page_runs_no_script_fetches_nothing_and_escapes_what_it_is_given():
    page = record_page(make_record(PARTS))
    text = read(page)
    assert not text.tags & {"script", "b", "img", "link", "in"}
    assert text.fetched == []
    assert "More children found <in> each place" in text.words


def test_a_page_of_a_record_that_is_not_complete_says_so_first():
    words = read(record_page(make_record(replace(PARTS, answers=Answers(), validation={})))).words
    said = " ".join(words)
    assert "Nobody has checked how well this works." in said
    assert said.index("is a draft") < said.index("What this is")
    assert "How to challenge this: not given." in said
    assert "Appeals: How a resident can ask, correct, object, and be answered." in said


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ({"state": "draft"}, "This is a draft: nobody has released it. Do not pass it on or act on it."),
        (
            {"state": "released", "by": "Ada <E>", "at": "2026-05-03T12:00:00+00:00"},
            "Released on 3 May 2026 by Ada <E>.",
        ),
        (
            {
                "state": "withdrawn",
                "by": "not given",
                "at": "2026-05-04T09:00:00+00:00",
                "reason": "Wrong <street>.",
            },
            "Withdrawn on 4 May 2026, for good: Wrong <street>. Do not use it.",
        ),
    ],
)
def test_the_page_says_first_where_its_run_stands(standing, said):
    for record in (make_record(PARTS), {"title": "Homes", "what": "Homes."}):
        text = read(record_page({"standing": standing, **record}))
        words = " ".join(text.words)
        assert said in words
        assert words.index(said) < words.index("What this is")
        assert "b" not in text.tags


def test_a_run_that_needs_no_release_says_nothing_of_one():
    assert record_page({"standing": {"state": "open"}, "title": "Homes"}) == record_page({"title": "Homes"})


def test_the_dots_of_an_example_are_no_answer():
    given = Answers(organisation=" ... ", contact="a@example.org")
    assert {"organisation"} <= set(lacking(given))
    assert "contact" not in lacking(given)
    with pytest.raises(ValidationError):
        Assessment(kind="data protection", name="...")


def test_a_record_of_published_numbers_has_a_page_too():
    told = {
        "title": "Homes <b>", "what": "Homes that are crowded.", "why": "Where?", "whose_data": ["Census & more"],
        "about_persons": "No record of a person was read.", "period": "2021", "fictional": True,
        "licence": "Open Government Licence v3.0", "limits": ["Counts are old."], "contact": "not given",
        "must_not_be_used_for": ["Denying anyone a home."], "review_date": "2027-05-01",
    }  # fmt: skip
    text = read(record_page(told))
    assert text.headings == [
        "Homes <b>",
        "What this is",
        "Why",
        "Whose data",
        "What it cannot say",
        "What it must not be used for",
        "How to ask or correct, and when it is looked at again",
    ]
    assert not text.tags & {"script", "b"}
    words = " ".join(text.words)
    assert "The place and everybody in it are made up." in words
    for said in ("Homes that are crowded.", "Census & more", "Counts are old.", "Denying anyone a home."):
        assert said in words
    assert "draft" not in words
