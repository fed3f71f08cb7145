"""The import law: arrows between rooms go one way, read from the syntax trees and held here."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A room may import from rooms of a greater number, never from its own level or above.
LEVELS = {
    "app": 0,
    "cli": 0,
    "commands": 1,
    "ui": 2,
    "web": 2,
    "coproduce": 3,
    "bake": 4,
    "risk": 5,
    "assets": 5,
    "geo": 6,
    "store": 6,
    "disclosure": 7,
    "words": 8,
    "data": 7,  # the generator of the demo place: words and libraries only
}
OUTSIDE = {"tests", "benchmarks"}  # they may import anything, and nothing imports them
SCREEN_LIBRARIES = {"streamlit", "pydeck"}
SCREEN_ROOMS = {"ui", "app"}


def python_files() -> list[Path]:
    hidden = {".venv", ".larder", ".git", "build"}
    return [
        path
        for path in sorted(ROOT.rglob("*.py"))
        if not any(part in hidden or part.startswith(".") for part in path.relative_to(ROOT).parts)
    ]


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import on line {node.lineno}: write the room's name"
            names.add((node.module or "").split(".")[0])
    return names


def offences(room: str, names: set[str]) -> list[str]:
    """Say what a file of `room` that imports `names` does against the law."""
    said = []
    for name in sorted(names):
        if name in LEVELS and name != room and LEVELS[name] <= LEVELS[room]:
            said.append(f"{room} must not import {name}")
        if name in OUTSIDE:
            said.append(f"{room} must not import {name}")
        if name in SCREEN_LIBRARIES and room not in SCREEN_ROOMS:
            said.append(f"only ui and app import {name}, not {room}")
    return said


def test_every_folder_of_code_is_a_known_room() -> None:
    rooms = {room_of(path) for path in python_files()}
    assert rooms <= LEVELS.keys() | OUTSIDE, f"unknown rooms: {sorted(rooms - LEVELS.keys() - OUTSIDE)}"


@pytest.mark.parametrize(
    "path",
    [path for path in python_files() if room_of(path) not in OUTSIDE],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_arrow_turns(path: Path) -> None:
    assert offences(room_of(path), imported(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("room", "names", "expected"),
    [
        ("geo", {"bake"}, ["geo must not import bake"]),
        ("risk", {"assets"}, ["risk must not import assets"]),
        ("geo", {"store"}, ["geo must not import store"]),
        ("bake", {"streamlit"}, ["only ui and app import streamlit, not bake"]),
        ("words", {"geo", "json"}, ["words must not import geo"]),
        ("words", {"disclosure"}, ["words must not import disclosure"]),
        ("disclosure", {"words"}, []),
        ("ui", {"web", "tests"}, ["ui must not import tests", "ui must not import web"]),
        ("coproduce", {"bake", "risk", "assets", "geo", "words"}, []),
    ],
)
def test_the_law_itself(room: str, names: set[str], expected: list[str]) -> None:
    assert sorted(offences(room, names)) == expected


def test_no_room_is_called_as_a_module_of_the_standard_library() -> None:
    assert not LEVELS.keys() & sys.stdlib_module_names
