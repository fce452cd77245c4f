"""Writing again: from the receipt a tenant answers our answer, or adds words and photos."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from feedback.forms import FormFault, answer_by_of, contact_faults, contact_of
from feedback.identifiers import visible
from feedback.model import LONGEST_WORDS
from feedback.photos import MOST_BYTES, MOST_OF_A_CASE, MOST_PHOTOS, NoPhoto, PhotoFault, copied
from feedback.store import Refused
from feedback.store.actions import follow_ups, submissions
from feedback.store.casework.photos import count_photos
from feedback.web.protection import CUT, PHOTOS
from feedback.web.receipts import (
    contact_form,
    receipt_address,
    receipt_case,
    show_receipt,
    typed_again,
)
from feedback.web.service import service_of
from feedback.web.submission_form import SEEN_OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection
    from starlette.datastructures import UploadFile
    from starlette.requests import Request
    from starlette.responses import Response

    from feedback.forms import Form
    from feedback.model import Case
    from feedback.photos import PhotoCopy
    from feedback.web.service import Service

LONGEST_NAME = 60  # letters of a file's name that are said back
ONE_AT_A_TIME = Lock()  # a photo of forty million pixels takes room while it is read
CARRIED = ("more", "once")  # past the page that says whom to ring


@dataclass(frozen=True, kw_only=True)
class FurtherWords:
    """What somebody sends once more, with what came of its files."""

    said: str
    lang: str
    key: str  # that stands for these very words
    contact: Form | None  # how to reach them, where they changed it
    photos: tuple[PhotoCopy, ...]
    faults: tuple[FormFault, ...]  # of files that are no photos


async def more(request: Request) -> Response:
    """Keep what a tenant writes once more, with how to reach them if that is on the form too."""
    service = service_of(request)
    service.require_same_site(request)
    lang, case = service.language(request), await receipt_case(request, service)
    pairs = (await request.form()).multi_items()
    again = typed_again(pairs)
    form, changes_contact = await contact_form(service, case, pairs)
    if "change" in dict(pairs):
        return await show_receipt(request, service, case, form, again=again)
    if again["danger"] == "yes":
        return _stop(request, service, again)
    say = service.pages.wordings[lang].gettext
    files = request.scope.get(PHOTOS, [])
    faults = contact_faults(form, service.site, say, service.reach) if changes_contact else []
    if again["more"] or files or not changes_contact:
        faults = [*_faults(again, say, files), *faults]
    if faults:
        return await show_receipt(request, service, case, form, faults, again=again)
    photos, no_photos = await _photos(request, service, case, say)
    words = FurtherWords(
        said=again["more"],
        lang=lang,
        key=f"{case.ref} {again['once'] or again['more']}",
        contact=form if changes_contact else None,
        photos=photos,
        faults=no_photos,
    )
    if refusal := await _keep(service, case, words):
        fault = FormFault("more", _why_not(refusal, say))
        return await show_receipt(request, service, case, form, [fault], again=again)
    if words.faults:  # the words are kept, and so are the photos that could be
        case = await receipt_case(request, service)
        return await show_receipt(request, service, case, form, list(words.faults))
    return RedirectResponse(receipt_address(request, service, lang), SEEN_OTHER)


async def _keep(service: Service, case: Case, words: FurtherWords) -> str:
    """Keep all of it, or nothing; returns the rule that stood against it, "" for none."""
    now, form = service.now(), words.contact
    day = service.working_time.due(now, service.site.promise.answer_days)

    def keep(conn: Connection) -> None:
        if form:
            submissions.add_contact(
                conn, case.ref, contact_of(form), answer_by=answer_by_of(form), now=now
            )
        if words.said or words.photos:
            follow_ups.write_again(
                conn,
                case.ref,
                words.said,
                lang=words.lang,
                idempotency=words.key,
                now=now,
                due=day,
                photos=words.photos,
            )

    try:
        await service.store.write(keep)
    except Refused as refusal:
        return refusal.rule
    return ""


async def _photos(
    request: Request, service: Service, case: Case, say: Callable[[str], str]
) -> tuple[tuple[PhotoCopy, ...], tuple[FormFault, ...]]:
    """Make the photos of a form anew, one at a time; each that is none gets a sentence."""
    files: Sequence[UploadFile] = request.scope.get(PHOTOS, [])
    already = await service.store.ask(lambda conn: count_photos(conn, case.id)) if files else 0
    room = min(MOST_PHOTOS, max(0, MOST_OF_A_CASE - already))
    photos: list[PhotoCopy] = []
    faults: list[FormFault] = []
    for place, file in enumerate(files):
        cut = request.scope.get(CUT, "") if file is files[-1] else ""
        photo = PhotoFault.MANY if place >= room else await _photo(file, cut)
        if isinstance(photo, PhotoFault):
            name = visible(file.filename or "")[:LONGEST_NAME]
            faults.append(FormFault("photos", f"{name}: {_no_photo(photo, say)}"))
        else:
            photos.append(photo)
    return tuple(photos), tuple(faults)


async def _photo(file: UploadFile, cut: str) -> PhotoCopy | PhotoFault:
    """Return a photo made anew, or why it is none.

    :param cut: why it isn't whole, as `protection` says; "" when it is.
    """
    if cut:
        return PhotoFault(cut)
    return await asyncio.to_thread(_copied, await file.read(MOST_BYTES + 1))


def _copied(data: bytes) -> PhotoCopy | PhotoFault:
    with ONE_AT_A_TIME:
        try:
            return copied(data)
        except NoPhoto as refusal:
            return refusal.fault


def _no_photo(fault: PhotoFault, say: Callable[[str], str]) -> str:
    _ = say
    return {
        PhotoFault.EMPTY: _("this file is empty. Choose the photo again."),
        PhotoFault.LARGE: _("this file is too large. Send a smaller copy, or fewer at a time."),
        PhotoFault.PIXELS: _("this photo has too many pixels. Send a smaller copy."),
        PhotoFault.FILM: _("this moves, and we take photos only. Send a photo of it."),
        PhotoFault.STRANGE: _("this is no photo, whatever its name says."),
        PhotoFault.BROKEN: _("this photo is broken. Open it, save it again, and send that."),
        PhotoFault.BUSY: _("many people are sending photos. Choose it again in a minute."),
        PhotoFault.MANY: _("this is one more than we take. Tell us in words, or ring us."),
    }[fault]


def _faults(
    again: Mapping[str, str], say: Callable[[str], str], files: Sequence[UploadFile]
) -> list[FormFault]:
    _ = say
    faults = []
    if again["danger"] != "no":
        faults.append(FormFault("danger", _("Say whether anyone is in danger.")))
    if not again["more"] and not files:
        faults.append(FormFault("more", _("Write what you want to say.")))
    if len(again["more"]) > LONGEST_WORDS:
        words = _("That is %(number)s letters long. Keep it under %(most)s.")
        numbers = {"number": len(again["more"]), "most": LONGEST_WORDS}
        faults.append(FormFault("more", words % numbers))
    return faults


def _why_not(rule: str, say: Callable[[str], str]) -> str:
    _ = say
    if rule == "often":
        return _("You have written to us very often today. Ring us, or send it tomorrow.")
    return _("You took this back, so nothing can be added to it. Say it as something new.")


def _stop(request: Request, service: Service, again: Mapping[str, str]) -> Response:
    """Show whom to ring, and keep nothing: a form is the wrong way to be heard in danger."""
    lang = service.language(request)
    return service.pages.render(
        request,
        "danger.html",
        lang=lang,
        title=service.pages.wordings[lang].gettext("Ring now"),
        form=again,
        fields=CARRIED,
        photos_lost=bool(request.scope.get(PHOTOS)),
        back=f"{receipt_address(request, service, lang)}/more",
    )


routes = [Route("/{lang}/receipt/{token}/more", more, methods=["POST"])]
