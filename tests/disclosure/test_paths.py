"""No path leads around the gate: who may touch what is known before it, read from the syntax trees."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ACCOUNTED = {"validation", "linkage", "sources", "top", "decisions"}
"""Parts of what is known that `bake.gated.accounted` replaces by what the gate released."""
NAMES_AND_YEARS = {
    "shown",
    "cohorts",
    "next_cohort",
    "cohort",
    "interval",
    "notes",
    "spreads",
    "risk",
    "ahead",
}
"""What else a run says: which predictor is shown, years, the interval's share; notes and spreads are accounted too."""
HANDED_ON = {
    "through_the_gate",
    "accounted",
    "_observed",
    "_draws",
    "_expected",
}
"""Functions of `bake/gated.py` that may read what is known: each hands it to the gate alone."""


def functions(path: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def read_of(node: ast.AST, name: str) -> set[str]:
    """Return the attributes read of a name, and those read of them."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            inner = part.value
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            if isinstance(inner, ast.Name) and inner.id == name:
                found.add(part.attr)
    return found


def test_only_functions_that_hand_it_to_the_gate_read_what_is_known() -> None:
    readers = {name for name, node in functions("bake/gated.py").items() if read_of(node, "known")}
    assert readers <= HANDED_ON


def test_what_makes_the_table_of_areas_has_only_releases_and_the_place() -> None:
    node = functions("bake/gated.py")["_areas_table"]
    said = {arg.arg: ast.unparse(arg.annotation) for arg in node.args.args if arg.annotation}
    assert said == {
        "areas": "gpd.GeoDataFrame",
        "released": "Mapping[str, Released]",
        "adjacency": "Adjacency",
    }


def test_a_run_is_written_from_what_is_accounted() -> None:
    made = functions("bake/records.py")
    known = [
        ast.unparse(node.value)
        for node in ast.walk(made["bake_records"])
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "known"
    ]
    assert known == ["accounted(learn(recipe, place, extracts, stages, engine))"]
    read = {attribute for node in made.values() for attribute in read_of(node, "known")}
    assert read <= ACCOUNTED | NAMES_AND_YEARS


def test_that_reading_would_be_noticed() -> None:
    tree = ast.parse("def f(known):\n    return known.risk.table.loc[3]\n")
    assert {"risk", "table"} <= read_of(tree, "known")
