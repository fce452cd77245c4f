"""`./run tag KEY`: writes title, show, picture and chapters into an episode's recordings."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from mutagen import MutagenError

from commands.site_folder import read_content
from commands.terminal import complain, describe, ends_in_words
from core.faults import Level
from core.values import did_you_mean
from plugins.images import ImageFault
from plugins.images.cache import Cache
from plugins.kinds.models import Episode
from plugins.podcast.artwork import read_artwork
from plugins.podcast.file_tags import Tags, small_cover, write_tags
from plugins.podcast.recording import RecordingFault, read_recording
from plugins.sections.addresses import Addresses, as_url

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.shows import Show
    from core.site import Site
    from plugins.sections.content_folder import Folder


@ends_in_words()
def tag(root: Path, content: Path, site_file: Path, key: str, *, say: Callable[[str], None]) -> int:
    """Write tags into every recording of an episode.

    :returns: 0 when all are written, 1 when one can't be, 2 when there is no such episode.
    """
    opened = read_content(content, site_file)
    site = opened.site
    episodes = {item.key: item for item in opened.contents if isinstance(item, Episode)}
    episode = episodes.get(key)
    if episode is None:
        near = did_you_mean(key, episodes)
        complain(f"There is no episode “{key}”. {near}".strip())
        return 2
    texts = {text.path for text in episode.texts.values()}
    grave = [fault for fault in opened.report if fault.level == Level.FAULT]
    if ours := [fault for fault in grave if fault.path.partition("/")[2] in texts]:
        complain(describe(tuple(ours)))
        return 1
    if not episode.audio:
        complain(f"The episode “{key}” has no recording yet.")
        return 1
    cover = _cover(content, site.shows[episode.show], Cache(root / ".cache" / "artwork"))
    return max(
        [_write(episode, lang, opened.folder, site, cover, say) for lang, _ in episode.audio]
    )


def _cover(content: Path, show: Show, cache: Cache) -> bytes:
    try:
        return (
            small_cover(read_artwork(content / show.artwork, cache).data) if show.artwork else b""
        )
    except ImageFault as fault:
        complain(str(fault))
        return b""


def _write(  # noqa: PLR0913, PLR0917 - all that a recording says of itself
    episode: Episode,
    lang: str,
    folder: Folder,
    site: Site,
    cover: bytes,
    say: Callable[[str], None],
) -> int:
    named, show = dict(episode.audio)[lang], site.shows[episode.show]
    beside = posixpath.dirname(episode.texts[episode.original].path)
    name = next((path for path in (f"{beside}/{named}", named) if path in folder.files), named)
    text = episode.texts.get(lang) or episode.texts[episode.original]
    page = as_url(Addresses(site).content(episode, lang), site.url.rstrip("/") + "/")
    try:
        recording = read_recording(folder.root / name)
        write_tags(
            folder.root / name,
            Tags(
                title=text.title,
                show=show.title.get(lang).text,
                author=show.author.get(lang).text or site.name.get(lang).text,
                summary=text.summary,
                licence=episode.licence or show.licence or site.licence,
                day=episode.date,
                number=episode.number,
                season=episode.season,
                page=page,
                cover=cover,
                chapters=[
                    (part.begins(lang), part.title.get(lang).text) for part in episode.chapters
                ],
                duration=recording.duration,
            ),
        )
    except RecordingFault as fault:
        complain(f"{name}: {fault.wrong} {fault.instead}")
        return 1
    except (OSError, MutagenError):
        complain(f"{name} can't be written. Check who may write it, and that the disk has room.")
        return 1
    say(f"{name}: written into it are title, show, picture and chapters, in {lang}.")
    return 0
