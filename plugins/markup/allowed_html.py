"""What pages may hold of HTML: the elements and attributes that are allowed, and all others."""

from __future__ import annotations

from plugins.markup.pieces import Link, Recording

VOID = frozenset({"br", "col", "hr", "img", "source", "track", "wbr"})
PLAIN = frozenset(
    """abbr address article aside b bdi bdo blockquote caption cite code dd del details dfn div dl
    dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup i ins kbd li mark ol p pre q
    rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot th thead
    time tr u ul var a audio video colgroup""".split()  # noqa: SIM905 - a list would be a page long
)
ALLOWED = PLAIN | VOID
# Elements that HTML has given up, and those that say the same now.
TODAY = {
    "acronym": "abbr",
    "big": "span",
    "center": "div",
    "dir": "ul",
    "font": "span",
    "menu": "ul",
    "nobr": "span",
    "strike": "s",
    "tt": "code",
}
# Elements whose end may be left out (HTML Living Standard, 13.1.2.4).
ENDS_ITSELF = frozenset(
    """caption colgroup dd dt li option p rp rt tbody td tfoot th thead tr""".split()  # noqa: SIM905
)
# What is wrong with an element, whose content is taken out with it.
REFUSED = {
    "script": "a script",
    "style": "a style sheet",
    "iframe": "a frame with another site's page",
    "frame": "a frame with another site's page",
    "frameset": "a frame with another site's page",
    "object": "an embedded object",
    "embed": "an embedded object",
    "applet": "an embedded object",
    "form": "a form",
    "base": "a base address",
    "meta": "a meta tag",
    "link": "a link tag",
    "svg": "a drawing in SVG",
    "math": "a formula in MathML",
    "template": "a template",
    "noscript": "words for browsers without scripts",
    "noembed": "an embedded object",
    "noframes": "a frame with another site's page",
    "button": "a button",
    "input": "a form's field",
    "select": "a form's field",
    "textarea": "a form's field",
}
INSIDE = {  # an element means nothing outside of one of these, or ends what is round it
    "li": {"ol", "ul"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "source": {"audio", "video"},
    "track": {"audio", "video"},
}
EVERYWHERE = frozenset({"class", "dir", "hidden", "id", "lang", "role", "title", "translate"})
OWN = {
    "a": {"download", "hreflang", "rel"},
    "audio": {"loop", "muted", "preload"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"name", "open"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "source": {"type"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"default", "kind", "label", "srclang"},
    "video": {"height", "loop", "muted", "playsinline", "preload", "width"},
}
# Attributes that carry an address of ours: each becomes a hole.
HOLES: dict[tuple[str, str], type[Link | Recording]] = {
    ("a", "href"): Link,
    ("audio", "src"): Recording,
    ("source", "src"): Recording,
    ("track", "src"): Recording,
    ("video", "src"): Recording,
    ("video", "poster"): Recording,
}
# Attributes that carry an address which a browser might ask, or go to (HTML and SVG).
ADDRESSES = frozenset(
    """action archive attributionsrc background classid code codebase data dynsrc formaction href
    imagesrcset longdesc lowsrc manifest ping poster profile src srcdoc srcset usemap
    xlink:href xml:base""".split()  # noqa: SIM905
)
# Not said, since nothing is lost without them: what a page here does anyway.
NEEDLESS = frozenset({("audio", "controls"), ("video", "controls"), ("img", "loading")})
