"""Where places, runs and the database live."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the folder named by `LARDER_HOME`, or `.larder` in the checkout, made if it is absent."""
    folder = Path(os.environ.get("LARDER_HOME") or CHECKOUT / ".larder").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
