from datetime import date

from words.coverage import Looked, absence_sentences, for_words, with_article

DAY = date(2026, 5, 3)


def test_none_there_and_nobody_looked_are_different_sentences() -> None:
    looks = {"library": Looked(DAY, "fresh", none=True), "childcare": None}
    told = absence_sentences(["library", "childcare"], looks, "within 800 m of here")
    assert told == [
        "Somebody looked here for a library on 3 May 2026 and found none.",
        "Nobody has recorded a nursery or childcare within 800 m of here, and nobody has looked: "
        "there may be one all the same.",
    ]


def test_one_look_for_two_categories_is_told_once_and_an_old_one_as_old() -> None:
    look = Looked(DAY, "stale", none=False)
    told = absence_sentences(["advice", "library"], {"advice": look, "library": look}, "here")
    assert told == [
        "Somebody looked here for an advice service or a library on 3 May 2026 and recorded all they found, "
        "and none is among it. That is long ago: it may have changed."
    ]


def test_nothing_missing_needs_no_sentence() -> None:
    assert absence_sentences([], {}, "here") == []


def test_a_look_for_everything_is_told_apart_from_one_for_something() -> None:
    assert for_words(()) == ""
    assert for_words(("*", "library")) == "everything"
    assert for_words(("library", "gp")) == "library and GP practice"


def test_the_article_fits() -> None:
    assert [with_article(code) for code in ("allotment", "hall", "gp")] == [
        "an allotment",
        "a hall",
        "a GP practice",
    ]
