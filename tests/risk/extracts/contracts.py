"""A small contract and extract, written out by hand, to break one rule at a time."""
# ruff: noqa: E501, since a line of a contract is a line

from pathlib import Path

CLINIC = """
agency = "clinic"
title = "Clinic"
file = "clinic"
one_row = "a child and a visit"
key = ["visit"]
person = "child"
as_of = "seen"
controller = "A clinic that does not exist"
lawful_basis = "None: made up"
period_from = 2024-01-01
period_to = 2024-12-31
retention = "A day"
measures = ["need", "enforcement"]

[columns]
visit = { type = "text", role = "record", measures = "administrative", unique = true, pattern = "V[0-9]{3}", label = "Visit" }
child = { type = "text", role = "person", measures = "identifier", label = "Child" }
surname = { type = "text", role = "surname", measures = "identifier", blank = true, label = "Surname" }
sex = { type = "code", role = "sex", measures = "identifier", allowed = ["M", "F"], male = "M", female = "F", label = "Sex" }
seen = { type = "date", measures = "administrative", format = "%d/%m/%Y", label = "Seen" }
weight = { type = "integer", measures = "need", blank = true, minimum = 400, maximum = 6000, known_on = "seen", label = "Weight" }
fee = { type = "number", measures = "need", blank = true, minimum = 0, maximum = 10, label = "Fee" }
warned = { type = "code", measures = "enforcement", blank = true, allowed = ["Y", "N"], label = "Warned" }
"""

HEAD = "visit,child,surname,sex,seen,weight,fee,warned"
ROWS = (
    "V001,C1,Featherstonehaugh,F,03/02/2024,3100,2.50,Y",
    "V002,C2,Cholmondeley,M,04/02/2024,,,N",
    "V003,C1,,F,31/12/2024,3200,0,",
)


def write_contract(folder: Path, text: str = CLINIC, agency: str = "clinic") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{agency}.toml").write_text(text)
    return folder


def write_extract(folder: Path, rows: tuple[str, ...] = ROWS, head: str = HEAD) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "clinic.csv").write_text("\n".join((head, *rows)) + "\n")
    return folder
