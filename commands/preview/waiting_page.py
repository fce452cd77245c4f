"""The page that stands in for the site until there is one, and says why there is none."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from commands.preview.live import with_script

if TYPE_CHECKING:
    from starlette.responses import Response

    from commands.preview.live import PreviewState

PANEL_STYLE = "/_preview/panel.css"
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{style}">
</head>
<body class="waiting">
<main>
<h1>{title}</h1>
<p>{words} This page goes on by itself.</p>
{list}
</main>
</body>
</html>
"""
HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:",
    "retry-after": "5",
}


def waiting_page(state: PreviewState) -> Response:
    """Return 503 with what is known: the first build is under way, or why it failed."""
    if state.crash:
        title = "The site could not be built"
        words = "The programs that make the site stopped with an error."
        body = f'<pre tabindex="0">{escape(state.crash)}</pre>'
    elif state.blocking:
        title = "The site could not be built"
        words = "Mend what is listed here and save."
        body = (
            "<ol>" + "".join(f"<li>{escape(str(each))}</li>" for each in state.blocking) + "</ol>"
        )
    else:
        title, words, body = "The site is being built", "It is here in a moment.", ""
    page = PAGE.format(title=title, words=words, list=body, style=PANEL_STYLE)
    script = {"data-waiting": str(state.number)}
    return HTMLResponse(with_script(page.encode(), script), 503, HEADERS)
