"""What looks personal is found in both languages, and what is harmless is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.faults import Report
from core.public.vocabulary import Detail
from core.site import parse_site
from feedback.personal_details import find_personal, own_details, still_personal
from tests.copies import sample_folder

PERSONAL = [
    ("Write to ffion.jones@example.org please", Detail.EMAIL, "ffion.jones@example.org"),
    ("ebost: siôn@post.example.org.", Detail.EMAIL, "siôn@post.example.org"),
    ("ffion (at) example.org", Detail.EMAIL, "ffion (at) example.org"),
    ("ffion [yn] example.org", Detail.EMAIL, "ffion [yn] example.org"),
    ("Ring me on 029 2018 0123.", Detail.PHONE, "029 2018 0123"),
    ("fy rhif yw 07700 900 456", Detail.PHONE, "07700 900 456"),
    ("+44 1632 960123", Detail.PHONE, "+44 1632 960123"),
    ("(01632) 960 001", Detail.PHONE, "(01632) 960 001"),
    ("I'm in CF10 2ND", Detail.POSTCODE, "CF10 2ND"),
    ("ll574ab", Detail.POSTCODE, "ll574ab"),
    ("SW1A 1AA", Detail.POSTCODE, "SW1A 1AA"),
    ("QQ 12 34 56 C", Detail.NI_NUMBER, "QQ 12 34 56 C"),
    ("ab123456d", Detail.NI_NUMBER, "ab123456d"),
    ("NHS number 943 476 5919", Detail.NHS_NUMBER, "943 476 5919"),
    ("rhif GIG 9434765919", Detail.NHS_NUMBER, "9434765919"),
    ("I live at 12 Station Road, and", Detail.ADDRESS, "12 Station Road"),
    ("14a station road", Detail.ADDRESS, "14a station road"),
    ("3 High St.", Detail.ADDRESS, "3 High St"),
    ("Dwi'n byw yn 12 Heol y Bont.", Detail.ADDRESS, "12 Heol y Bont"),
    ("3, Stryd Fawr", Detail.ADDRESS, "3, Stryd Fawr"),
    ("7 Maes Gwennol", Detail.ADDRESS, "7 Maes Gwennol"),
    ("21 Ffordd yr Orsaf", Detail.ADDRESS, "21 Ffordd yr Orsaf"),
    ("5 Clos y Wiwer", Detail.ADDRESS, "5 Clos y Wiwer"),
    ("8 Rhodfa'r Môr", Detail.ADDRESS, "8 Rhodfa'r Môr"),
    ("12 heol y bont", Detail.ADDRESS, "12 heol y bont"),
    ("Flat 4b", Detail.ADDRESS, "Flat 4b"),
    ("fflat rhif 12", Detail.ADDRESS, "fflat rhif 12"),
    ("my neighbour Mrs Jones says", Detail.NAME, "Mrs Jones"),
    ("mr jones", Detail.NAME, "mr jones"),
    ("Mx O'Brien-Rhys", Detail.NAME, "Mx O'Brien-Rhys"),
    ("Dr Siân Evans", Detail.NAME, "Dr Siân Evans"),
    ("Mr a Mrs Prys-Davies", Detail.NAME, "Mr a Mrs Prys-Davies"),
    ("y Parch. Ieuan Rees", Detail.NAME, "Parch. Ieuan Rees"),
    ("Mistar Urdd", Detail.NAME, "Mistar Urdd"),
    ("my name is ffion", Detail.NAME, "my name is ffion"),
    ("Fy enw i yw Ŵan Ellis", Detail.NAME, "Fy enw i yw Ŵan Ellis"),
]

HARMLESS = [
    "I lose a day's pay each time I wait in for a repair.",
    "Dwi'n colli diwrnod o gyflog bob tro dwi'n aros i rywun ddod.",
    "12 people on the street, 5 cars in the road and 3 ways out",
    "Mae 5 ffordd o wneud hyn, a 2 faes parcio.",
    "B1 2nd floor",
    "It is £1,234,567 since 2024-03-04, or 10.05.2026 at 11:20.",
    "My reference is F-2K7Q9T.",
    "I miss the bus. Miss it, and you wait.",
    "the dr said so",
    "NHS 943 476 5918 has a wrong last digit",
    "@openhouse on the 29th",
    "Merged into F-B4X7SK, see f-b4x7sk.",
    "Beth sy'n digwydd? Bob dydd yr un fath. Tîm Atgyweirio ddaeth.",
    "Everything here is damp. Popeth yma.",
    "The St David's Day tea in Ysgol Dewi Sant, after Storm Darragh",
    "Facebook is hopeless.",
    "We are number 7 on the list, and bus number 7 is late.",
    "",
]


@pytest.mark.parametrize(("text", "kind", "words"), PERSONAL)
def test_a_personal_detail_is_found_with_its_kind(text: str, kind: Detail, words: str) -> None:
    assert [(text[span.start : span.end], span.kind) for span in find_personal(text)] == [
        (words, kind)
    ]


@pytest.mark.parametrize("text", HARMLESS)
def test_words_of_every_day_are_left_alone(text: str) -> None:
    assert find_personal(text) == ()


def test_the_senders_own_name_is_found_without_a_title() -> None:
    text = "Ask FFION or Wil, at no. 3. Al knows too."
    stretches = find_personal(text, known=["Ffion Wil", "Al"])
    assert [text[span.start : span.end] for span in stretches] == ["FFION", "Wil", "no. 3"]


def test_several_details_come_in_order_and_none_twice() -> None:
    text = "Mrs Jones, 12 Heol y Bont, CF10 2ND, 029 2018 0123, n@example.org"
    kinds = [span.kind.value for span in find_personal(text)]
    assert kinds == ["name", "address", "postcode", "phone", "email"]


def test_what_staff_found_harmless_is_asked_about_no_more() -> None:
    text = "Dr Who lives at 12 Station Road"
    assert len(still_personal(text)) == 2
    assert [span.kind for span in still_personal(text, ["dr who"])] == [Detail.ADDRESS]
    assert still_personal(text, ["Dr Who", "12 Station Road."]) == ()


def test_the_associations_own_details_may_stand_in_an_answer() -> None:
    settings = (sample_folder() / "site.toml").read_text(encoding="utf-8")
    site = parse_site(settings, Report().at("site.toml"))
    assert site is not None
    answer = f"Ring {site.phone} or write to {site.email}; ring {site.urgent[1].phone} if it leaks."
    assert len(still_personal(answer)) == 3
    assert still_personal(answer, own_details(site)) == ()
    answer = "Carys Penry, our adviser, will ring; then Gethin comes."
    assert len(still_personal(answer)) == 2
    assert still_personal(answer, own_details(site)) == (), "who writes here is named on the site"


@pytest.mark.parametrize(
    ("known", "text", "words"),
    [
        ("Siân O'Brien", "Tell O’Brien the lift is broken", "O’Brien"),
        ("Siân Prys", "Sian has told you before", "Sian"),
        ("Mary-Ann Hughes", "I am Mary Ann", "Mary Ann"),
        ("Mair Prys", "Rhowch e i Fair, os gwelwch yn dda", "Fair"),
        ("Mair Prys", "Is that fair?", ""),
        ("Mark Hill", "Mark the bays on the hill.", ""),
        ("", "Sia\u0302n ydw i o'r llawr gwaelod", "Sia\u0302n"),
        ("", "Cymraes ydw i", ""),
        ("", "Fi ydy Catrin Huws", "Catrin Huws"),
        ("", "Cofion cynnes,\nSiân a Huw\nFflat 3", "Siân a Huw Fflat 3"),
        ("", "nia @ example.org", "nia @ example.org"),
        ("", "@sian_ob on Instagram", "@sian_ob"),
        ("", "sort code 200000", "200000"),
        ("", "Cefais fy ngeni ym mis Mawrth 1951", "Mawrth 1951"),
        ("", "3 Tŷ'n-y-coed", "3 Tŷ'n-y-coed"),
        ("", "Apartment B is wet", "Apartment B"),
        ("Bjørn Ødegård", "Bjorn Odegard says", "Bjorn Odegard"),
        ("", "Diolch,\nNia Rhys", "Nia Rhys"),
        ("", "14b Maes-y-dre", "14b Maes-y-dre"),
        ("", "flat twelve", "flat twelve"),
        ("", "sort code 20-00-00 account 12345678", "20-00-00 12345678"),
        ("", "born 12/03/1951", "12/03/1951"),
        ("", "facebook.com/sian.obrien.77", "facebook.com/sian.obrien.77"),
        ("", "nia at example dot org", "nia at example dot org"),
        ("", "CF1O 3XX", "CF1O 3XX"),
        ("", "ring 01632\u200b 960\u200b001 now", "01632\u200b 960\u200b001"),
    ],
)
def test_details_are_compared_folded(known: str, text: str, words: str) -> None:
    spans = find_personal(text, [known])
    assert " ".join(text[span.start : span.end] for span in spans) == words


PIECES = st.sampled_from([text for text, _, _ in PERSONAL] + HARMLESS)


@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=12).map(" ".join))
def test_whatever_is_typed_spans_lie_in_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for span in find_personal(text, known=["Ffion"]):
        assert end <= span.start < span.end <= len(text)
        end = span.end
