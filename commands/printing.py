"""Printing: what every command says goes through here; and the options that many commands share."""

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print a list of objects, each with its id.")]
PlaceName = Annotated[str, typer.Option("--place", help="The name of a place: see `larder place list`.")]


def say(sentence: str) -> None:
    """Print one sentence."""
    typer.echo(sentence)


def show(rows: Iterable[dict[str, Any]], as_json: bool, line: str) -> None:
    """Print objects as one JSON list, or one line each; `line` is a format of their keys."""
    listed = list(rows)
    if as_json:
        say(json.dumps(listed, indent=2, ensure_ascii=False, default=str))
        return
    for row in listed:
        say(line.format_map(row))
