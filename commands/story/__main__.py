"""Writes content/feedback/ anew, as the story's pulls write it: `python -m commands.story`."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.service_runtime import ROOT
from commands.story.town import Town
from core.public.public_history import MANIFEST_IN_CONTENT, MERGING
from core.public.record_files import FOLDER
from feedback.record_source import SOURCE

CONTENT = ROOT / "content"

with TemporaryDirectory() as folder:
    town = Town(Path(folder))
    with town.house.store:
        town.play()
    merging = (CONTENT / MERGING).read_bytes()
    shutil.rmtree(CONTENT / FOLDER)
    shutil.copytree(town.content / FOLDER, CONTENT / FOLDER)
    (CONTENT / SOURCE).unlink()  # the town's database is no more
    (CONTENT / MERGING).write_bytes(merging)
    (CONTENT / MANIFEST_IN_CONTENT).write_text(town.manifest(), encoding="utf-8", newline="\n")
