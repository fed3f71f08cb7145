"""Every plain route beside the app: which address is which page."""

from starlette.routing import BaseRoute, Route

from web import add, asset, edit, form_page, links, pages, suggestion, voice
from web.posting import Posted, Shown, posted, shown

PREFIXES = ("/add", "/asset", "/voice", "/link", "/plain")
"""What these pages own; any other address under one of them is our page for what is not there."""


def routes() -> list[BaseRoute]:
    """Return the routes. What is asked for with GET changes nothing; every change is a posted form."""
    return [
        *_form("/add", add.show, add.take),
        *_form("/voice", voice.show, voice.take),
        Route("/asset/{id}", shown(asset.show), methods=["GET"]),
        *_form("/asset/{id}/confirm", asset.ask_confirm, asset.take_confirm),
        *_form("/asset/{id}/wrong", asset.ask_wrong, asset.take_wrong),
        *_form("/asset/{id}/edit", edit.show, edit.take),
        *_form("/link/lost", links.ask_lost, links.take_lost),
        Route("/link/{purpose}", shown(links.door), methods=["GET"]),
        Route("/link/edit", posted(suggestion.enter), methods=["POST"]),
        Route("/link/edit/save", posted(suggestion.save), methods=["POST"]),
        Route("/link/edit/withdraw", posted(suggestion.withdraw), methods=["POST"]),
        Route("/link/confirm", posted(links.enter_confirm), methods=["POST"]),
        Route("/link/confirm/yes", posted(links.confirm), methods=["POST"]),
        Route("/link/report", posted(links.enter_report), methods=["POST"]),
        Route("/link/report/send", posted(links.report), methods=["POST"]),
        Route("/plain/map.svg", shown(form_page.map_picture), methods=["GET"]),
        Route("/plain/{digest}/{name}", pages.static_file, methods=["GET"]),
        *(
            Route(f"{prefix}{rest}", pages.no_page)
            for prefix in PREFIXES
            for rest in ("", "/", "/{rest:path}")
        ),
    ]


def _form(path: str, show: Shown, take: Posted) -> list[BaseRoute]:
    return [Route(path, shown(show), methods=["GET"]), Route(path, posted(take), methods=["POST"])]
