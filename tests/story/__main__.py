"""Writes content/feedback/ anew, as the story's pulls write it: ``python -m tests.story``."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from core.public.record_files import FOLDER
from feedback.record_source import SOURCE
from plugins.loop.silence import MANIFEST_IN_CONTENT, MERGING
from tests.story.playing import Town
from tests.story.site import CONTENT

with TemporaryDirectory() as folder:
    town = Town(Path(folder))
    with town.house.store:
        town.play()
    before = (CONTENT / MERGING).read_bytes()
    shutil.rmtree(CONTENT / FOLDER)
    shutil.copytree(town.content / FOLDER, CONTENT / FOLDER)
    (CONTENT / SOURCE).unlink()  # the town's database is no more
    (CONTENT / MERGING).write_bytes(before)
    (CONTENT / MANIFEST_IN_CONTENT).write_text(town.manifest(), encoding="utf-8", newline="\n")
