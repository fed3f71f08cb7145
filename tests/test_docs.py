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


def test_the_real_place_can_be_made_as_its_page_says(shared: Path, tmp_path: Path) -> None:
    lines = bash_lines(ROOT / "docs" / "real-place.md")
    assert lines[0] == "DATA=${DATA:-../shared/data/basildon}"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LARDER_HOME": str(tmp_path / "home"),
        "DATA": str(shared / "basildon"),
        "OUT": str(tmp_path / "out"),
    }
    script = "set -euo pipefail\n" + "\n".join(lines)
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "584 of 584" in said
    assert any((tmp_path / "out").iterdir())


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
