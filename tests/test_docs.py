"""The documents are run: every command of the page on a real place, and every command that a page names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def bash_lines(page: Path) -> list[str]:
    """Return the command lines of a page's bash blocks, in order."""
    blocks = re.findall(r"^```bash\n(.*?)^```", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [
        line for block in blocks for line in block.splitlines() if line.strip() and not line.startswith("#")
    ]


RECORDS = ("synthesise", "extracts", "record", "bake school_readiness")
"""What commands on agencies' records begin with: their bake takes most of a minute."""


def of_records(line: str) -> bool:
    return line.startswith(tuple(f"larder {word}" for word in RECORDS))


def followed(lines: list[str], shared: Path, folder: Path) -> str:
    """Run a page's lines in one shell, in a home of their own; return what they said."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LARDER_HOME": str(folder / "home"),
        "DATA": str(shared / "basildon"),
        "OUT": str(folder / "out"),
    }
    script = "set -euo pipefail\n" + "\n".join(lines)
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def test_the_real_place_can_be_made_as_its_page_says(shared: Path, tmp_path: Path) -> None:
    lines = bash_lines(ROOT / "docs" / "real-place.md")
    assert lines[0] == "DATA=${DATA:-../shared/data/basildon}"
    assert "584 of 584" in followed([line for line in lines if not of_records(line)], shared, tmp_path)
    assert any((tmp_path / "out").iterdir())


@pytest.mark.long
def test_records_of_the_real_place_are_baked_as_its_page_says(shared: Path, tmp_path: Path) -> None:
    lines = bash_lines(ROOT / "docs" / "real-place.md")
    last = max(number for number, line in enumerate(lines) if of_records(line))
    assert sum(map(of_records, lines)) == 5
    said = followed(lines[: last + 1], shared, tmp_path)
    assert "police.csv lies with the extracts and was not read" in said
    assert "Baked school_readiness-basildon-" in said
    assert "The map shows" in (tmp_path / "out" / "record.html").read_text("utf-8")
    assert not list((tmp_path / "out" / "extracts" / "basildon").glob("*.csv"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    lost = [
        target
        for target in targets
        if not target.startswith(("http://", "https://")) and not (page.parent / target).exists()
    ]
    assert lost == []


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    assert phony is not None
    told = set(re.findall(r"^([a-z]+):.*## \S", makefile, flags=re.MULTILINE))
    assert set(phony.group(1).split()) == told
