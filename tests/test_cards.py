"""A page that is passed on shows a picture of its own, and a site that is kept an icon."""

from __future__ import annotations

import io
import json
import os
import re
from datetime import UTC, datetime
from gettext import NullTranslations
from typing import TYPE_CHECKING

import pytest
import resvg_py
from PIL import Image

from core.look import Look
from core.own_templates import TemplateFolders
from core.templating import environment
from core.wording import Wording
from plugins.cards.card import Card, Typesetter
from plugins.cards.painter import Painting, paint
from plugins.cards.typefaces import Room, Typeface, wrap
from tests.copies import ROOT
from tests.tiny import CHANGE, EVERY_KIND, ROADMAP, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from tests.conftest import MakeSite

pytestmark = pytest.mark.long

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STATIC = ROOT / "theme" / "static"
HEADING = Typeface((STATIC / "fonts" / "heading.woff2").read_bytes())
SLATE = "#22303a"
ICONS = {"icon-32.png": 32, "icon-180.png": 180, "icon-192.png": 192, "icon-512.png": 512}


def icon(size: int, *, maskable: bool = False) -> bytes:
    """Draw an icon; a maskable one has its drawing in the middle, where no telephone cuts."""
    svg = (STATIC / "icon.svg").read_text(encoding="utf-8")
    square = size * 4 // 5 if maskable else size
    whole = Image.new("RGBA", (size, size), SLATE if maskable or size == 180 else "#0000")
    drawn = Image.open(
        io.BytesIO(resvg_py.svg_to_bytes(svg_string=svg, width=square, height=square))
    )
    whole.alpha_composite(drawn.convert("RGBA"), ((size - square) // 2,) * 2)
    written = io.BytesIO()
    whole.quantize(32).save(written, "PNG", optimize=True)
    return written.getvalue()


def test_the_icons_are_drawn_from_the_one_drawing() -> None:
    drawn = {name: icon(size) for name, size in ICONS.items()}
    drawn["icon-maskable.png"] = icon(512, maskable=True)
    if os.environ.get("GOLDEN") == "write":
        for name, data in drawn.items():
            (STATIC / name).write_bytes(data)
    icons = {name: (STATIC / name).read_bytes() for name in drawn}
    assert [name for name in drawn if pixels(icons[name]) != pixels(drawn[name])] == []
    assert all(len(data) < 6000 for data in icons.values())


def pixels(data: bytes) -> tuple[tuple[int, int], bytes]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size, picture.convert("RGBA").tobytes()


# --- cards ---------------------------------------------------------------------------------------


def covers(html: str) -> dict[str, str]:
    """What a page says of the picture that stands for it."""
    return dict(re.findall(r'<meta property="og:(image[\w:]*)" content="([^"]*)">', html))


def page(tiny: TinySite, path: str) -> str:
    return (tiny.output / path / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    from commands.build import BuildOptions, build

    tiny = write_site(tmp_path_factory.mktemp("cards") / "association", EVERY_KIND)
    options = BuildOptions(ROOT, tiny.content, tiny.site, tiny.output, now=NOW)
    assert build(options).ok
    return tiny


@pytest.mark.parametrize(
    ("path", "alt"),
    [
        ("en/roadmap/dry-walls", "Dry walls. Now. Tiny Homes"),
        ("cy/blog/maer-cwterin-glir", "Mae&#39;r cwteri&#39;n glir. Postiad blog. Cartrefi Bach"),
        ("en/meetups/tea-in-the-porch", "Tea in the porch. Meetup. Tiny Homes"),
        ("en/blog", "Tiny Homes. Three houses"),
    ],
)
def test_a_page_names_a_card_that_is_there_and_says_what_is_on_it(
    built_site: TinySite, path: str, alt: str
) -> None:
    cards = covers(page(built_site, path))
    assert cards["image:alt"] == alt
    url = cards["image"]
    assert url.startswith("https://tiny.example.org/assets/cards/card-")
    file = built_site.output / url.removeprefix("https://tiny.example.org/")
    assert file.stat().st_size <= 25_000
    with Image.open(file) as picture:
        assert picture.format == "PNG"
        assert (
            picture.size == (int(cards["image:width"]), int(cards["image:height"])) == (1200, 630)
        )


def test_lists_share_one_card_a_language_and_a_copy_has_that_of_its_original(
    built_site: TinySite,
) -> None:
    lists = {covers(page(built_site, path))["image"] for path in ("en", "en/blog", "en/roadmap")}
    assert len(lists) == 1
    assert covers(page(built_site, "cy"))["image"] not in lists
    # Untranslated: readers of Welsh find the English words there, and the card is in English too.
    copies = [
        covers(page(built_site, path))
        for path in ("cy/map-ffordd/dry-walls", "en/roadmap/dry-walls")
    ]
    assert copies[0] == copies[1]


def test_what_a_tenant_said_is_on_no_card(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    record = (
        "ref: F-2K7Q9T\nstatus: published\nsort: problem\nlang: en\nreceived: 2026-01\n"
        "channel: web\nsaid: The wall is wet.\ndue: 2026-07-01\n"
    )
    tiny = tiny_site({"roadmap/dry.en.md": ROADMAP, "feedback/2026/f-2k7q9t.yaml": record})
    assert built(tiny, now=NOW).ok
    cards = covers(page(tiny, "en/heard/f-2k7q9t"))
    assert cards == covers(page(tiny, "en/roadmap/view/table"))


def test_a_preview_draws_none(tiny_site: MakeSite, built: Callable[..., BuildResult]) -> None:
    tiny = tiny_site(
        {"changes/2026-03-20-autumn.en.md": CHANGE.replace("roadmap: dry-walls\n", "")}
    )
    assert built(tiny, now=NOW, drafts=True).ok
    assert "og:image" not in page(tiny, "en/changes/gutters-are-cleared-each-autumn")
    assert not (tiny.output / "assets" / "cards").exists()


def typesetter() -> tuple[Typesetter, tuple[str, ...]]:
    theme = ROOT / "theme"
    env = environment(
        TemplateFolders(theme / "templates"), {"en": Wording("en", NullTranslations())}
    )
    setter = Typesetter(env, lambda name: (STATIC / name).read_bytes(), Look())
    faces = (setter.heading, setter.text)
    return setter, tuple(str(face.as_truetype(ROOT / ".cache" / "fonts")) for face in faces)


def test_the_same_words_are_the_same_picture_wherever_they_are_drawn() -> None:
    setter, fonts = typesetter()
    drawings = [
        setter.draw(Card("done", "Tŷ Bach", "Done", f"Ŵŷn {number}")) for number in range(17)
    ]
    apart = Painting(drawings, fonts).cards()
    assert len(set(apart)) == 17
    assert apart[16] == paint(drawings[16], fonts)


def ink(data: bytes, box: tuple[int, int, int, int]) -> int:
    """Count the dark dots within a box."""
    with Image.open(io.BytesIO(data)) as picture:
        return sum(picture.convert("L").crop(box).histogram()[:100])


@pytest.mark.parametrize("title", ["رطوبة في الجدران", "Ŵ", "<b>&", "A\x00\ufffe"])
def test_letters_of_any_script_are_drawn(title: str) -> None:
    setter, fonts = typesetter()
    assert ink(paint(setter.draw(Card("now", "A", "B", title)), fonts), (72, 210, 812, 600)) > 200


def test_the_house_shows_where_a_thing_stands() -> None:
    setter, fonts = typesetter()
    statuses = ("now", "done", "not-doing", "reopened")
    painted = [paint(setter.draw(Card(status, "A", "B", "C")), fonts) for status in statuses]
    assert len(set(painted)) == len(statuses)
    beside_the_words = (840, 300, 1160, 600)
    assert min(ink(card, beside_the_words) for card in painted) > 2000


# --- type that fits ------------------------------------------------------------------------------

ROOM = Room(700, 300, (90, 60, 40))


def test_few_words_are_large_and_many_are_small() -> None:
    assert ROOM.fit("Dry walls", HEADING).size == 90
    many = ROOM.fit("Somebody at your door within five working days of reporting damp", HEADING)
    assert many.size < 90
    assert len(many.lines) * many.size * ROOM.leading <= ROOM.height + 1


@pytest.mark.parametrize("words", ["word " * 200, "Llanfairpwllgwyngyll" * 40, "ŵ" * 400])
def test_what_cannot_fit_is_cut_and_says_so(words: str) -> None:
    fitted = ROOM.fit(words, HEADING)
    assert fitted.size == 40
    assert fitted.lines[-1].endswith(" …")
    assert len(fitted.lines) * 40 * ROOM.leading <= ROOM.height
    assert all(HEADING.width(line) * 40 <= ROOM.width for line in fitted.lines)


def test_no_word_is_lost_when_lines_are_broken() -> None:
    words = "A path that Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch walks"
    assert "".join(wrap(words, HEADING, 6)).replace(" ", "") == words.replace(" ", "")


def test_letters_are_measured_as_they_are_drawn() -> None:
    assert HEADING.width("iii") < HEADING.width("WWW")
    assert HEADING.width("ŵ") == pytest.approx(HEADING.width("w"), rel=0.05)
    assert HEADING.has("Tŷ Ŵyn, ŷ")
    assert not HEADING.has("رطوبة")


# --- manifests -----------------------------------------------------------------------------------


def test_each_language_has_a_manifest_whose_icons_are_there(built_site: TinySite) -> None:
    for lang, name in (("cy", "Cartrefi Bach"), ("en", "Tiny Homes")):
        assert f'<link rel="manifest" href="/{lang}/site.webmanifest">' in page(built_site, lang)
        text = (built_site.output / lang / "site.webmanifest").read_text(encoding="utf-8")
        manifest = json.loads(text)
        assert (manifest["name"], manifest["lang"], manifest["start_url"]) == (
            name,
            lang,
            f"/{lang}/",
        )
        assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
        for drawn in manifest["icons"]:
            file = built_site.output / drawn["src"][1:]
            assert file.is_file()
            if drawn["type"] == "image/png":
                with Image.open(file) as picture:
                    assert f"{picture.width}x{picture.height}" == drawn["sizes"]


def test_pages_name_icons_of_every_sort(built_site: TinySite) -> None:
    html = page(built_site, "en")
    matches = re.findall(r'<link rel="(icon|apple-touch-icon)" href="([^"]*)"', html)
    assert [rel for rel, _ in matches] == ["icon", "icon", "apple-touch-icon"]
    assert all((built_site.output / url[1:]).is_file() for _, url in matches)
