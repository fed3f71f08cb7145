import pytest

from words.register import differences, field_label, value_words

NOW = {"name": "Old Hall", "category": "hall", "phone": "01268 1", "website": "", "latitude": 51.5}


def test_each_field_is_told_with_the_word_for_what_happens_to_it() -> None:
    then = {"name": "New Hall", "phone": "", "website": "https://hall.example"}
    told = {row.field: (row.now, row.then, row.change) for row in differences(NOW, then)}
    assert told == {
        "name": ("Old Hall", "New Hall", "changed"),
        "category": ("Hall", "Hall", "same"),
        "latitude": ("51.50000", "51.50000", "same"),
        "website": ("", "https://hall.example", "new"),
        "phone": ("01268 1", "", "taken away"),
    }


def test_something_new_is_new_in_every_field_that_says_something() -> None:
    rows = differences({}, {"name": "Soup Table", "category": "food_bank", "phone": ""})
    assert [(row.label, row.then, row.change) for row in rows] == [
        ("Name", "Soup Table", "new"),
        ("Category", "Food bank", "new"),
    ]


def test_only_the_fields_asked_for_are_told() -> None:
    assert [row.field for row in differences(NOW, {"name": "X"}, ["name"])] == ["name"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kind", "green_space", "Green space"),
        ("precision", "hidden", "Hidden: on no map, in no list, in no count"),
        ("identifiers", {"uprn": "100", "charity": "7"}, "uprn: 100, charity: 7"),
        ("identifiers", {}, ""),
        ("phone", None, ""),
        ("name", "<b>Hall</b>", "<b>Hall</b>"),
    ],
)
def test_values_are_told_as_people_read_them(field: str, value: object, words: str) -> None:
    assert value_words(field, value) == words


def test_a_field_that_is_not_known_is_spelt_out() -> None:
    assert field_label("opening_note") == "Opening note"
