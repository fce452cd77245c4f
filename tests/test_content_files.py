"""One idea of what a content file is, by its name, for all who read, watch, send or undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.preview.watcher import WatchedPaths
from core.content_files import FileSort, file_sort
from core.faults import Report
from core.site import parse_site
from plugins.loop.record_loader import load_records
from plugins.sections.content_folder import read_folder
from tests.tiny import POST, SITE, write_site

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "2026-01-01-x.en"
NAMES = {
    FileSort.CONTENT: (
        f"posts/{PAGE}.md",
        "posts/2026-01-01-new-laptop.en.md",
        "pages/copy-2.md",
        f"posts/{PAGE}.md.txt",
        "pages/Our plan.md",  # told by the reader, who knows what it should be called
        "images/photo (1).jpg",
        "feedback/2026/f-2k7q9t.yaml",
        "extra/.well-known/security.txt",
    ),
    FileSort.GIT: (".gitattributes", "feedback/.gitattributes", "images/.gitkeep"),
    FileSort.HIDDEN: (
        ".DS_Store",
        f"posts/.#{PAGE}.md",
        "feedback/2026/._f-2k7q9t.yaml",
        "feedback/2026/.f-2k7q9t.yaml.new",
        ".obsidian/app.json",
        ".stfolder/x.md",
        f"posts/.~lock.{PAGE}.odt#",
        "old/.git/config",
    ),
    FileSort.ABSENT: (f"posts/.{PAGE}.md.icloud", "images/.wall.jpg.icloud"),
    FileSort.LEFTOVER: (
        f"posts/{PAGE}.md~",
        f"posts/#{PAGE}.md#",
        f"posts/{PAGE}.md.swp",
        f"posts/{PAGE}.md.orig",
        "docs/~$plan.docx",
        "images/Thumbs.db",
        "images/desktop.ini",
        "images/big.mp4.crdownload",
        f"__MACOSX/{PAGE}.md",
        f"@eaDir/{PAGE}.md",
        "posts/4913",
        f"posts/{PAGE}.md.save",
        f"posts/{PAGE}.md.old",
        f"posts/{PAGE}.md.sb-8f2a1c3d-AbCdEf",
        f"@Recycle/{PAGE}.md",
        f"Network Trash Folder/{PAGE}.md",
        f"posts/{PAGE}.md.1",
        f"posts/{PAGE}.md.mine",
        f"posts/{PAGE}.md:Zone.Identifier",
        f"posts/{PAGE}.md.~1a2b",
    ),
    FileSort.COPY: (
        f"posts/{PAGE} - Copy.md",
        f"posts/{PAGE} - Copi (2).md",
        f"posts/Copy of {PAGE}.md",
        f"posts/{PAGE} copy 2.md",
        f"posts/{PAGE} 2.md",
        f"posts/{PAGE}(1).md",
        f"posts/{PAGE}-DESKTOP-AB12CD3.md",
        f"posts/{PAGE}-Sians-MacBook-Pro.md",
        f"posts/{PAGE} (Siân Prys's conflicted copy 2026-01-02).md",
        f"posts/{PAGE} (conflicted copy 2026-01-02 101010).md",
        f"posts/{PAGE}_conflict-20260102-101010.md",
        f"posts/{PAGE}.sync-conflict-20260102-101010-ABCDEFG.md",
        "posts/2026-01-01-x.sync-conflict-20260102-101010-ABCDEFG.en.md",
        f"posts/{PAGE}_DiskStation_May-31-173421-2014_Conflict.md",
        f"posts/{PAGE}_LOCAL_1234.md",
        f"posts/{PAGE}.BASE.md",
        f"posts/{PAGE}.bak.md",
        f"posts/{PAGE}-1.md",
        f"posts/{PAGE}-Sian.md",
        f"posts/{PAGE} (copy).md",
        f"posts/{PAGE} (another copy).md",
        f"posts/{PAGE} (from Siân's iPhone).md",
        f"posts/{PAGE} (Copi sy'n gwrthdaro 2026-01-02).md",
        "feedback/2026/f-2k7q9t (1).yaml",
    ),
}


@pytest.mark.parametrize(
    ("name", "sort"), [(name, sort) for sort, names in NAMES.items() for name in names]
)
def test_a_name_tells_what_a_file_is(name: str, sort: FileSort) -> None:
    assert file_sort(name) is sort


def test_all_who_look_at_a_folder_agree(tmp_path: Path) -> None:
    """The reader makes pages of content alone and tells copies; the watcher sees just those."""
    tiny = write_site(tmp_path)
    for name in (name for names in NAMES.values() for name in names):
        tiny.write(name, POST)
    site = parse_site(SITE, Report().at("site.toml"))
    assert site
    report = Report()
    folder = read_folder(tiny.content, site, report)
    load_records(tiny.content, site, report)
    watched = WatchedPaths.of(tmp_path, tiny.content, tiny.site)
    looked_at = {source.path for source in folder.sources} | folder.files
    copies = {fault.path for fault in report if fault.code == "copy"}
    assert copies == {*NAMES[FileSort.COPY]}
    absent = {fault.path for fault in report if fault.code == "absent"}
    assert absent == {*NAMES[FileSort.ABSENT]}
    for sort, names in NAMES.items():
        seen = sort in {FileSort.CONTENT, FileSort.COPY}
        for name in names:
            assert watched.counts(tiny.content / name) is seen
            if not name.startswith("feedback/"):
                assert (name in looked_at) is (sort is FileSort.CONTENT)
