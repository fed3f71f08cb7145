"""Setting up, and what becomes of a checkout that is moved or copied: on a small one that fetches nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
# what setuptools makes of `pip install -e .`: a wheel whose one file names this folder, by its full path
BACKEND = """
import os, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    about = "larder-0.dist-info/"
    files = {
        "larder.pth": os.getcwd(),
        about + "METADATA": "Metadata-Version: 2.1\\nName: larder\\nVersion: 0\\n",
        about + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        about + "entry_points.txt": "[console_scripts]\\nlarder = cli:main\\n",
        about + "RECORD": "",
    }
    with zipfile.ZipFile(os.path.join(folder, "larder-0-py3-none-any.whl"), "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "larder-0-py3-none-any.whl"
"""
CLI = """import sys

def main():
    print(__file__, *sys.argv[1:])

if __name__ == "__main__":
    main()
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the parts that set up, with a command that says which file it is; set up by `make run`."""
    folder = tmp_path_factory.mktemp("set up") / "first one"
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (folder / name).write_text("")
    for name, text in (("pyproject.toml", PYPROJECT), ("backend.py", BACKEND), ("cli.py", CLI)):
        (folder / name).write_text(text)
    assert typed(folder, "make", "run") == (0, f"{folder}/cli.py serve --demo")
    return folder


def typed(folder: Path, *words: str) -> tuple[int, str]:
    """Return the exit status and the last line of what a command says that is typed in a checkout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment |= {"PYTHON": sys.executable, "PIP_NO_INDEX": "1"}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, ((done.stdout + done.stderr).strip().splitlines() or [""])[-1]


def test_a_checkout_that_is_elsewhere_says_so_and_is_set_up_again(checkout: Path) -> None:
    copy = Path(shutil.copytree(checkout, checkout.with_name("copy"), symlinks=True))
    told = f"larder: `make run` or `make test` in {copy} makes it anew."
    assert typed(copy, ".venv/bin/larder", "runs") == (1, told)
    assert typed(copy, "make", "run") == (0, f"{copy}/cli.py serve --demo")
    assert typed(copy, ".venv/bin/larder", "runs") == (0, f"{copy}/cli.py runs")
    assert f"{copy}/.venv" in typed(copy, ".venv/bin/pip", "--version")[1]
    assert typed(checkout, ".venv/bin/larder", "runs") == (0, f"{checkout}/cli.py runs")
    moved = copy.rename(copy.with_name("moved"))
    assert typed(moved, ".venv/bin/larder", "runs") == (1, told.replace("/copy ", "/moved "))
    would_set_up = ("bash", "-c", "make --dry-run run | grep setup.sh")
    assert [typed(folder, *would_set_up)[0] for folder in (checkout, moved)] == [1, 0]


def test_one_that_stays_is_set_up_once(checkout: Path) -> None:
    made = (checkout / ".venv" / "pyvenv.cfg").stat().st_mtime_ns
    assert typed(checkout, "make", "run") == (0, f"{checkout}/cli.py serve --demo")
    (checkout / "requirements.txt").touch()
    assert typed(checkout, "make", "run") == (0, f"{checkout}/cli.py serve --demo")
    assert (checkout / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == made


def test_the_command_is_found_by_a_link_and_wherever_one_is(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(checkout / ".venv" / "bin" / "larder")
    (tmp_path / "cli.py").write_text("print('another cli')")
    assert typed(tmp_path, "./link", "runs") == (0, f"{checkout}/cli.py runs")
