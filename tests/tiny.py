"""A site so small that a test can say all of it: settings, and a file of each kind in English.

`FILES` is what `tiny_site()` writes when it is told nothing else: a post and a page in both
languages. `EVERY_KIND` is one file of each kind, which link to one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SITE = """\
languages = ["cy", "en"]
url = "https://tiny.example.org/"
timezone = "Europe/London"

[association]
name = {cy = "Cartrefi Bach", en = "Tiny Homes"}
strapline = {cy = "Tri thŷ", en = "Three houses"}
description = {cy = "Gwefan fach.", en = "A small site."}
email = "helo@tiny.example.org"
phone = "01632 960001"
address = {cy = "1 Stryd y Bont", en = "1 Bridge Street"}

[[urgent]]
key = "emergency"
name = {cy = "Perygl i fywyd", en = "Danger to life"}
phone = "999"
when = {cy = "Unrhyw bryd", en = "At any time"}

[topics.repairs]
name = {cy = "Atgyweiriadau", en = "Repairs"}

[areas.bridge]
name = {cy = "Stryd y Bont", en = "Bridge Street"}

[teams.repairs]
name = {cy = "Y tîm atgyweirio", en = "Repairs team"}

[people.nia]
name = "Nia Rowe"
role = {cy = "Rheolwr atgyweirio", en = "Repairs manager"}
team = "repairs"

[shows.kettle]
title = {cy = "Wrth y tegell", en = "By the kettle"}
description = {cy = "Sgwrs dros baned.", en = "A chat over a cup of tea."}
hosts = ["nia"]

[standard]
version = "0.1"

[[standard.groups]]
key = "asking"
name = {cy = "Gofyn", en = "Asking"}
"""

POST = """\
---
title: The gutters are clear
summary: All three houses have dry walls again.
authors: [nia]
topics: [repairs]
tags: [gutters]
---
We cleared every gutter on Bridge Street. See [about us](../pages/about.en.md).

## What we found

Leaves, and one tennis ball.
"""

POST_CY = """\
---
title: Mae'r cwteri'n glir
summary: Mae waliau'r tri thŷ yn sych eto.
tags: [cwteri]
---
Fe gliriwyd pob cwter ar Stryd y Bont. Gweler [amdanon ni](../pages/about.cy.md).

## Beth welwyd

Dail, ac un bêl denis.
"""

ABOUT = """\
---
title: About us
summary: Who we are.
menu: footer
---
We look after three houses.
"""

ABOUT_CY = """\
---
title: Amdanon ni
summary: Pwy ydyn ni.
---
Rydyn ni'n gofalu am dri thŷ.
"""

MEETUP = """\
---
title: Tea in the porch
summary: Come and say what leaks.
start: 2026-04-07 18:00
end: 2026-04-07 19:00
place: {name: {en: The porch, cy: Y porth}, address: 1 Bridge Street, access: No steps.}
area: bridge
series: tea
agenda:
  - {at: "18:00", what: {en: Gutters, cy: Cwteri}, by: Nia Rowe}
actions:
  - {what: {en: Clear the drain, cy: Clirio'r draen}, owner: repairs, due: 2026-05-01}
roadmap: [dry-walls]
---
Bring a cup.
"""

EPISODE = """\
---
title: One tennis ball
summary: What was in the gutter.
show: kettle
number: 1
season: 1
duration: "12:30"
posts: [clear-gutters]
---
We talk about the tennis ball.
"""

ROADMAP = """\
---
title: Dry walls
summary: Rain stays outside.
owner: repairs
rung: consulted
topics: [repairs]
moves:
  - on: 2026-01-10
    to: considering
    why: {en: Two of you have wet walls., cy: Mae waliau dau ohonoch yn wlyb.}
  - on: 2026-02-10
    to: now
    why: {en: The ladder came., cy: Daeth yr ysgol.}
---
Walls are wet when gutters are full.
"""

CHANGE = """\
---
title: Gutters are cleared each autumn
summary: Somebody comes each October now.
outcome: did
roadmap: dry-walls
owner: repairs
measure:
  name: {en: Wet walls, cy: Waliau gwlyb}
  better: lower
  before: {value: 2, on: 2025-12, source: Our own visits}
  after:
    - {value: 0, on: 2026-03, source: Our own visits}
---
You said walls were wet.
"""

EXPERIMENT = """\
---
title: A guard on one gutter
summary: Does a guard keep leaves out?
owner: repairs
hypothesis: {en: A guard keeps leaves out., cy: Mae gard yn cadw dail allan.}
measure: {en: Leaves in the gutter, cy: Dail yn y cwter}
stop_rule: {en: Water over the edge, cy: Dŵr dros yr ymyl}
start: 2026-03-01
decision: running
watches: no
---
One house has a guard, two have none.
"""

STANDARD = """\
---
title: Ask once
summary: Nobody is asked the same thing twice.
number: "1.1"
group: asking
version: "0.1"
status: draft
why: {en: Being asked twice wears people out., cy: Mae cael eich holi ddwywaith yn blino pobl.}
---
Keep what people told you.
"""

PERSONA = """\
---
title: Works nights
summary: Sleeps when the office is open.
name: Idris
needs: [To write to us at three in the morning]
context: Works nights at a bakery.
barriers: [The office is open while he sleeps]
evidence:
  - {what: Talks with people who work nights, method: Interviews, people: 3, on: 2026-01-15}
---
Idris reads his post at breakfast, at five in the afternoon.
"""

FILES = {
    "posts/2026-03-04-clear-gutters.en.md": POST,
    "posts/2026-03-04-clear-gutters.cy.md": POST_CY,
    "pages/about.en.md": ABOUT,
    "pages/about.cy.md": ABOUT_CY,
}
EVERY_KIND = {
    **FILES,
    "meetups/2026-04-07-tea.en.md": MEETUP,
    "podcast/2026-03-11-tennis-ball.en.md": EPISODE,
    "roadmap/dry-walls.en.md": ROADMAP,
    "changes/2026-03-20-autumn-gutters.en.md": CHANGE,
    "experiments/gutter-guard.en.md": EXPERIMENT,
    "standard/ask-once.en.md": STANDARD,
    "personas/works-nights.en.md": PERSONA,
}


@dataclass(frozen=True)
class TinySite:
    """Where a small site stands on disk."""

    folder: Path  # of the association: holds all of the below
    site: Path  # the file of settings
    content: Path  # the folder of Markdown
    output: Path  # where a build may go; not made yet

    def write(self, name: str, text: str | bytes) -> Path:
        """Write one content file, given its path below content/; returns its full path."""
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


def write_site(
    folder: Path, files: Mapping[str, str | bytes] = FILES, settings: str = SITE
) -> TinySite:
    """Write settings and content below a folder that may be missing yet."""
    tiny = TinySite(folder, folder / "site.toml", folder / "content", folder / "output")
    tiny.content.mkdir(parents=True)
    tiny.site.write_text(settings, encoding="utf-8")
    for name, text in files.items():
        tiny.write(name, text)
    return tiny
