"""What is promised of messages: that they go out only where a mail server is set up."""

from pathlib import Path

import pytest

from store.answers import reach_words
from tests.web.conftest import Visitor
from tests.web.test_add import SOUP

BY_HAND = "Whoever runs this site sends you the link"
SERVER = "smtp://127.0.0.1:1"  # nobody listens: messages wait


@pytest.mark.parametrize("server", ["", SERVER, "nonsense"])
def test_a_link_is_on_its_way_only_where_a_server_takes_it(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv("LARDER_SMTP", server)
    visitor.get("/add")
    sent = visitor.press(**SOUP, contact_email="a@example.org").text
    visitor.get("/link/lost")
    lost = visitor.press(email="a@example.org").text
    for told in (sent, lost):
        assert ("on its way" in told or "on their way" in told) == (server == SERVER)
        assert (BY_HAND in told) == (server != SERVER)


@pytest.mark.parametrize(
    ("server", "email", "said"),
    [
        ("", "", "they left no address"),
        (SERVER, "a@example.org", "so your reason reaches them"),
        ("", "a@example.org", "Your reason waits in the outbox: no mail server is set up"),
    ],
)
def test_a_steward_is_told_how_far_a_reason_reaches(
    register: Path, monkeypatch: pytest.MonkeyPatch, server: str, email: str, said: str
) -> None:
    monkeypatch.setenv("LARDER_SMTP", server)
    assert said in reach_words(email)
