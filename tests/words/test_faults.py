"""Faults say where, what and what to do, on one line each."""

from words.faults import Fault, LarderError


def test_a_fault_names_file_row_column_and_value() -> None:
    fault = Fault(
        "this is text where a number belongs.", "Write a number.", "census.csv", 12, "no_cars", "n/a"
    )
    assert fault.sentence() == (
        "census.csv, row 12, column 'no_cars', value 'n/a': this is text where a number belongs. Write a number."
    )


def test_a_fault_without_a_place_is_its_sentence() -> None:
    assert Fault("The file is empty.", "Choose another.").sentence() == "The file is empty. Choose another."


def test_an_error_holds_every_fault_one_a_line() -> None:
    error = LarderError([Fault("One.", "Mend it."), Fault("Two.", "Mend that.")])
    assert str(error) == "One. Mend it.\nTwo. Mend that."


def test_an_error_may_be_one_sentence() -> None:
    assert LarderError("No such place.", "Add it.").faults == (Fault("No such place.", "Add it."),)


def test_a_long_value_is_cut_and_says_how_long_it_was() -> None:
    told = Fault("It is not known.", "Correct it.", value="x" * 10_000).sentence()
    assert len(told) < 200
    assert "10,000 characters" in told
