"""The feedback service with a clock of the test's own, a real database and a tiny site's chrome."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from commands.story.actors import Clock, PlayedService, hidden
from core.faults import Report
from core.site import parse_site
from feedback.settings import Settings
from feedback.store import Store
from feedback.web.app import create_app
from tests.tiny import SITE

if TYPE_CHECKING:
    from pathlib import Path


ORIGIN = "https://tiny.example.org"
CHROME = {
    "base": "/",
    "url": f"{ORIGIN}/",
    "assets": {"style.css": "/assets/style.0.css"},
    "menus": {"en": [{"key": "post", "title": "Blog", "url": "/en/blog/"}], "cy": []},
    "footers": {"en": [], "cy": []},
    "say": {"en": "/en/say-something/", "cy": "/cy/dweud-eich-dweud/"},
    "targets": {
        kind: {
            key: {
                lang: {"title": f"{key} ({lang})", "url": f"/{lang}/{kind}/{key}/"}
                for lang in ("cy", "en")
            }
        }
        for kind, key in {
            "post": "clear-gutters",
            "standard": "ask-once",
            "roadmap": "dry-walls",
            "change": "autumn-gutters",
        }.items()
    },
}


@dataclass
class Speaking(PlayedService):
    """A service of a tiny site to speak to, and somebody's browser."""

    origin: str = ORIGIN

    def say(self, lang: str = "en", **answers: str) -> str:
        """Say something up to the receipt; returns the receipt's address."""
        checked = self.browser.post(f"/feedback/{lang}/say", data=filled(**answers))
        assert checked.status_code == 200, checked.text
        sent = self.browser.post(f"/feedback/{lang}/send", data=hidden(checked.text, "send"))
        assert sent.status_code == 303, sent.text
        return sent.headers["location"]


def filled(**answers: str) -> dict[str, str]:
    """Return a form filled in well, but for what the test says."""
    return {
        "sort": "problem",
        "danger": "no",
        "complaint": "no",
        "topic": "repairs",
        "said": "The gutter drips on my door.",
        "may_publish": "yes",
        "answer_by": "receipt",
    } | answers


def speaking(
    folder: Path, theme: Path, settings_of_site: str = SITE, tree: Path | None = None
) -> Speaking:
    """Open a service whose database stands in a folder.

    :param tree: a built site; None for the mere chrome of one.
    """
    if tree is None:
        tree = folder / "tree"
        tree.mkdir(exist_ok=True)
        (tree / "_chrome.json").write_text(json.dumps(CHROME), encoding="utf-8")
    settings = Settings(
        database=f"sqlite:///{folder / 'feedback.sqlite3'}", secret=b"s" * 32, tree=tree
    )
    report, clock = Report(), Clock()
    site = parse_site(settings_of_site, report.at("site.toml"))
    assert site is not None
    store = Store.open(settings)
    app = create_app(
        settings,
        site,
        store,
        theme=theme,
        overrides=folder / "templates",
        now=clock,
        random=Random(4),
    )
    return Speaking(app, store, site, clock)
