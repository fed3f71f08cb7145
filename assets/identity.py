"""Identity: a digest of what makes two rows the same asset."""

import hashlib

from assets.drafts import Draft


def identity(draft: Draft) -> str:
    """Return the identity of a draft: name, category and location."""
    return identity_of(
        draft.name,
        draft.category,
        longitude=draft.longitude,
        latitude=draft.latitude,
        postcode=draft.postcode,
        address=draft.address,
    )


def identity_of(
    name: str, category: str, *, longitude: float | None, latitude: float | None, postcode: str, address: str
) -> str:
    """Return a digest of name, category and location: the point to 5 decimals (1 m), else postcode and address."""
    if longitude is None or latitude is None:
        where = f"{postcode}|{_fold(address)}"
    else:
        where = f"{longitude:.5f} {latitude:.5f}"
    return digest(_fold(name), category, where)


def digest(*parts: str) -> str:
    """Return a digest of some texts, in their order."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
