"""Page parts: paragraphs, lists and tables of HTML, every word of them escaped."""

from collections.abc import Iterable
from html import escape

from risk.answers import NOT_GIVEN


def paragraphs(texts: Iterable[object]) -> str:
    """Return a paragraph a text."""
    return "".join(f"<p>{escape(str(text))}</p>" for text in texts)


def bullets(texts: Iterable[object]) -> str:
    """Return a list of texts, or that nothing was given."""
    items = "".join(f"<li>{escape(str(text))}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else f"<p>{NOT_GIVEN.capitalize()}.</p>"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table with a row of heads."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
