"""The command in a home where one run was baked before, for what must be refused; and changes of a table."""

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import cli
from bake.runs import list_runs
from geo.demo import ensure_demo
from risk.synthetic.district import FILES

Frame = pd.DataFrame
BIRTHS, SCHOOLS, HOUSING, CARE, POLICE = FILES.values()


class Kitchen:
    """The command in a home where one run was baked before."""

    def __init__(self, home: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.folder, self.capsys = home, folder, capsys
        ensure_demo(home)
        if not list_runs(home):
            assert self.run("bake", "early_years_open", "--place", "demo")[0] == 0
        self.before = self.files()

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.home.rglob("*") if path.is_file()}

    def run(self, *words: str) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["larder", *words])
            patch.setattr(sys, "excepthook", sys.excepthook)
            patch.setenv("LARDER_HOME", str(self.home))
            with pytest.raises(SystemExit) as ended:
                cli.main()
        said = self.capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    def refuses(self, extracts: Path, recipe: str) -> str:
        """Bake what must be refused; return what was said, one fault a line."""
        file = self.folder / "question.toml"
        file.write_text(recipe, "utf-8")
        status, said = self.run("bake", str(file), "--place", "demo", "--extracts", str(extracts))
        assert status == 1, said
        assert "Traceback" not in said
        assert "not foreseen" not in said
        # the earlier run is as it was and still the latest, and nothing else was begun
        assert self.files() == self.before
        return "\n".join(line for line in said.splitlines() if line.startswith("larder: "))


def at(row: int, column: str, value: object) -> Callable[[Frame], Frame]:
    """Return a change that puts a value into one cell, rows counted from 1."""

    def change(table: Frame) -> Frame:
        table.loc[row - 1, column] = value
        return table

    return change


def exchanged(one: str, other: str) -> Callable[[Frame], Frame]:
    """Return a change that exchanges two columns where both hold something."""

    def change(table: Frame) -> Frame:
        both = (table[one] != "") & (table[other] != "")
        table.loc[both, [one, other]] = table.loc[both, [other, one]].to_numpy()
        return table

    return change


def again(table: Frame) -> Frame:
    """Return a table whose fifth row has the key of the first."""
    table.iloc[4, 0] = table.iloc[0, 0]
    return table


def doubled(table: Frame) -> Frame:
    """Return a table whose first half comes again under other keys."""
    half = table.head(len(table) // 2).copy()
    half.iloc[:, 0] = [f"E9{number:05d}" for number in range(len(half))]
    return pd.concat([table, half], ignore_index=True)
