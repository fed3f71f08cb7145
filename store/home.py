"""Where places, runs and the database live."""

import os
from pathlib import Path

from store.errors import StoreError

CHECKOUT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the folder named by `LARDER_HOME`, or `.larder` in the checkout, made if it is absent.

    :raises StoreError: it cannot be made, or nothing can be written there.
    """
    folder = Path(os.environ.get("LARDER_HOME") or CHECKOUT / ".larder").expanduser().resolve()
    cure = "Name a folder that you may write in: LARDER_HOME=/path/to/folder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be used: {error.strerror}.", cure) from error
    if not os.access(folder, os.W_OK):
        raise StoreError(f"Nothing can be written in {folder}.", cure)
    return folder
