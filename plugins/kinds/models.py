"""Every kind of content, by name: what an association says in the open.

Field names are those of the front matter; docs/writing.md tells them to staff. Status, state
and everything else that can be worked out from the facts is a property, never a field.
"""

from __future__ import annotations

from plugins.kinds.changes import Better, Change, Measure, Outcome, ReadingTaken
from plugins.kinds.content import REFERENCES, Content, Contradiction, Image, Kind, Text
from plugins.kinds.episodes import Chapter, Episode, EpisodeType, Live, Role, Voice
from plugins.kinds.experiments import Cost, Decision, Experiment, Watching
from plugins.kinds.meetups import (
    Action,
    AgendaPoint,
    Attendance,
    Meetup,
    MeetupState,
    Place,
    Update,
)
from plugins.kinds.pages import Menu, Page
from plugins.kinds.personas import Persona, Quote, Research
from plugins.kinds.posts import Post, PostType
from plugins.kinds.roadmap import Move, RoadmapItem, Rung, Status, Withdrawal
from plugins.kinds.standard import (
    Channel,
    Collected,
    Evidence,
    Meeter,
    PointStatus,
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
    "Collected",
    "Content",
    "Contradiction",
    "Cost",
    "Decision",
    "Episode",
    "EpisodeType",
    "Evidence",
    "Experiment",
    "Image",
    "Kind",
    "Live",
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
    "Status",
    "Text",
    "Update",
    "Voice",
    "Watching",
    "Withdrawal",
]
