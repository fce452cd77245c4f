"""Every kind of content, by name: what an association says in the open.

Field names are those of the front matter; docs/writing.md tells them to staff. Status, state
and everything else that can be worked out from the facts is a property, never a field.
"""

from __future__ import annotations

from core.public.records import Correction
from core.public.vocabulary import (
    Better,
    Decision,
    ItemStatus,
    MeetupState,
    Outcome,
    PointStatus,
    Rung,
)
from plugins.kinds.changes import Change, Measure, ReadingTaken
from plugins.kinds.content import REFERENCES, Content, Contradiction, Image, Kind, Text
from plugins.kinds.episodes import Chapter, Episode, EpisodeType, LiveStream, Role, Voice
from plugins.kinds.experiments import Cost, Experiment, WatchNotice
from plugins.kinds.meetups import (
    Action,
    AgendaPoint,
    Attendance,
    Meetup,
    Place,
    Update,
)
from plugins.kinds.pages import Menu, Page
from plugins.kinds.personas import Persona, Quote, Research
from plugins.kinds.posts import Post, PostType
from plugins.kinds.roadmap import Move, RoadmapItem, Withdrawal
from plugins.kinds.standard import (
    Channel,
    CollectedField,
    Evidence,
    Meeter,
    Revision,
    StandardPoint,
)

KINDS: dict[Kind, type[Content]] = {
    cls.kind: cls
    for cls in (
        Post,
        Meetup,
        Episode,
        RoadmapItem,
        Change,
        Experiment,
        StandardPoint,
        Persona,
        Page,
    )
}

__all__ = [
    "KINDS",
    "REFERENCES",
    "Action",
    "AgendaPoint",
    "Attendance",
    "Better",
    "Change",
    "Channel",
    "Chapter",
    "CollectedField",
    "Content",
    "Contradiction",
    "Correction",
    "Cost",
    "Decision",
    "Episode",
    "EpisodeType",
    "Evidence",
    "Experiment",
    "Image",
    "ItemStatus",
    "Kind",
    "LiveStream",
    "Measure",
    "Meeter",
    "Meetup",
    "MeetupState",
    "Menu",
    "Move",
    "Outcome",
    "Page",
    "Persona",
    "Place",
    "PointStatus",
    "Post",
    "PostType",
    "Quote",
    "ReadingTaken",
    "Research",
    "Revision",
    "RoadmapItem",
    "Role",
    "Rung",
    "StandardPoint",
    "Text",
    "Update",
    "Voice",
    "WatchNotice",
    "Withdrawal",
]
