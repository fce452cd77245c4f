"""Photos that tenants add: made anew, seen by staff alone, and gone with the case."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from commands.story.actors import DESK, hidden
from feedback import archive, photos, subject_access
from feedback.photos import MOST_PHOTOS, SIDE, NoPhoto, PhotoFault, copied
from feedback.store.casework.photos import photo as kept_photo
from feedback.store.casework.photos import photos_of
from feedback.web import protection
from tests.copies import ROOT
from tests.desk import Colleague, case_of, colleague
from tests.pictures import PRIVATE, drawing, photo, with_secrets
from tests.speaking import ORIGIN, Speaking, speaking
from tests.test_conversation import reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx2 import Response

pytestmark = pytest.mark.long


def encoded(image: Image.Image | None = None, form: str = "JPEG", **options: Any) -> bytes:
    stream = io.BytesIO()
    (image or photo(300, 200)).save(stream, form, **options)
    return stream.getvalue()


FILM = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 400


# ------------------------------------------------------------------ made anew


def test_what_is_kept_has_pixels_alone() -> None:
    sent = encoded(photo(2_000, 1_500), exif=with_secrets(), comment=PRIVATE.encode())
    assert PRIVATE.encode() in sent
    copy = copied(sent)
    assert PRIVATE.encode() not in copy.jpeg
    with Image.open(io.BytesIO(copy.jpeg)) as image:
        assert (image.format, image.size) == ("JPEG", (SIDE, SIDE * 3 // 4))
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_taken_upright_stays_upright() -> None:
    exif = with_secrets()
    exif[0x0112] = 6
    copy = copied(encoded(photo(300, 200), exif=exif))
    assert (copy.width, copy.height) == (200, 300)


def test_what_is_see_through_stands_on_paper() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    with Image.open(io.BytesIO(copied(encoded(image, "PNG")).jpeg)) as copy:
        assert copy.getpixel((4, 4)) == (255, 255, 255)


def moving() -> bytes:
    frames = [Image.new("RGB", (9, 9), shade) for shade in ("red", "green", "blue")]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


def bomb() -> bytes:
    return encoded(Image.new("1", (30_000, 30_000)), "PNG")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", PhotoFault.EMPTY),
        (FILM, PhotoFault.FILM),
        (b"RIFF\x00\x00\x00\x00AVI LIST", PhotoFault.FILM),
        (b"\x1a\x45\xdf\xa3" + b"\x00" * 90, PhotoFault.FILM),
        (b"MZ\x90\x00 This program cannot be run", PhotoFault.STRANGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", PhotoFault.STRANGE),
        (b"%PDF-1.7", PhotoFault.STRANGE),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 100, PhotoFault.BROKEN),
        (encoded()[:900], PhotoFault.BROKEN),
        (b"x" * (photos.MOST_BYTES + 1), PhotoFault.LARGE),
    ],
)
def test_what_is_no_photo_is_told_apart(data: bytes, fault: PhotoFault) -> None:
    with pytest.raises(NoPhoto) as refusal:
        copied(data)
    assert refusal.value.fault == fault


@pytest.mark.parametrize(("make", "fault"), [(moving, PhotoFault.FILM), (bomb, PhotoFault.PIXELS)])
def test_what_moves_or_would_burst_is_not_decoded(make: Any, fault: PhotoFault) -> None:
    with pytest.raises(NoPhoto) as refusal:
        copied(make())
    assert refusal.value.fault == fault


# ------------------------------------------------------------------ sent, seen, erased


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaking]:
    service = speaking(tmp_path, ROOT / "theme")
    with service.store:
        yield service


@pytest.fixture
def mair(speaker: Speaking) -> Colleague:
    return colleague(speaker)


def send(speaker: Speaking, place: str, *files: tuple[str, bytes], **typed: str) -> Response:
    form = hidden(speaker.browser.get(place).text, "more") | {"danger": "no", "more": ""} | typed
    parts = [("photos", (name, data, "image/jpeg")) for name, data in files]
    answer: Response = speaker.browser.post(f"{place}/more", data=form, files=parts)
    return answer


def kept(speaker: Speaking, ref: str) -> list[int]:
    with speaker.store.read() as conn:
        return [photo.id for photo in photos_of(conn, [case_of(speaker, ref).id])]


def test_photos_reach_staff_and_nobody_else(speaker: Speaking, mair: Colleague) -> None:
    place = speaker.say()
    ref = reference(speaker, place)
    sent = encoded(exif=with_secrets())
    assert send(speaker, place, ("wall.jpg", sent), more="Look at this.").status_code == 303
    page = speaker.browser.get(place).text
    assert "1 photo reached us." in page
    assert "<img" not in page.partition("What you sent")[2].partition("</section>")[0]
    (number,) = kept(speaker, ref)
    desk = mair.get(f"case/{ref}").text
    assert f"case/{ref}/photo/{number}" in desk
    shown = mair.get(f"case/{ref}/photo/{number}")
    assert shown.headers["content-type"] == "image/jpeg"
    for name, value in {
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
    }.items():
        assert shown.headers[name] == value
    assert "sandbox" in shown.headers["content-security-policy"]
    assert PRIVATE.encode() not in shown.content
    stranger = TestClient(speaker.app, base_url=ORIGIN, follow_redirects=False)
    assert stranger.get(f"{DESK}case/{ref}/photo/{number}").status_code in {302, 303, 307}
    assert mair.get(f"case/{ref}/photo/{number + 1}").status_code == 404


def test_a_film_or_a_renamed_file_keeps_the_words_and_the_other_photos(
    speaker: Speaking,
) -> None:
    place = speaker.say()
    ref = reference(speaker, place)
    answer = send(
        speaker, place, ("wall.jpg", encoded()), ("leak.jpg", FILM), ("a<b>.png", b"MZ"),
        more="It drips.",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "leak.jpg: this moves, and we take photos only." in answer.text
    assert "a&lt;b&gt;.png: this is no photo" in answer.text
    assert "Everything else that you sent is kept." in answer.text
    assert "It drips." in answer.text.partition("What was written since")[2]
    assert len(kept(speaker, ref)) == 1


def test_a_fault_in_the_words_says_that_photos_must_be_chosen_again(speaker: Speaking) -> None:
    answer = send(speaker, speaker.say(), ("wall.jpg", encoded()), more="It drips.", danger="")
    assert answer.status_code == 422
    assert "choose them again" in answer.text
    assert "It drips." in answer.text


def test_no_more_are_taken_than_the_page_says(speaker: Speaking) -> None:
    place = speaker.say()
    files = [(f"{number}.jpg", encoded(drawing(40, 30))) for number in range(MOST_PHOTOS + 1)]
    answer = send(speaker, place, *files)
    assert f"{MOST_PHOTOS}.jpg: this is one more than we take." in answer.text
    assert len(kept(speaker, reference(speaker, place))) == MOST_PHOTOS


def test_a_form_that_is_far_too_large_keeps_its_words(
    speaker: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protection, "MOST_UPLOAD", 200_000)
    place = speaker.say()
    files = [("small.jpg", encoded(drawing(40, 30))), ("large.jpg", b"\xff\xd8\xff" * 100_000)]
    answer = send(speaker, place, *files, more="It drips.")
    assert "large.jpg: this file is too large." in answer.text
    assert "It drips." in answer.text.partition("What was written since")[2]
    assert len(kept(speaker, reference(speaker, place))) == 1


def test_photos_go_with_the_case_and_along_in_backups(
    speaker: Speaking, mair: Colleague, tmp_path: Path
) -> None:
    place = speaker.say()
    ref = reference(speaker, place)
    send(speaker, place, ("wall.jpg", encoded()), ("door.png", encoded(form="PNG")))
    first, second = kept(speaker, ref)
    mair.done(ref, "erase-photo", photo=str(first), sure_photo="yes")
    assert kept(speaker, ref) == [second]
    with speaker.store.read() as conn:
        contents = archive.write_archive(conn, b"s" * 32, tmp_path / "all.zip")
        (mine,) = json.loads(subject_access.of_submission(conn, ref).as_json())["submissions"]
        jpeg = kept_photo(conn, ref, second)
    assert contents.rows("photos") == 1
    assert jpeg is not None
    assert re.fullmatch(r"[A-Za-z0-9+/=]{100,}", mine["photos"][0]["jpeg"])
    speaker.browser.post(f"{place}/forget")
    assert kept(speaker, ref) == []
    assert jpeg[200:400] not in (tmp_path / "feedback.sqlite3").read_bytes()
