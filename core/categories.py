"""Apple's categories of podcasts: the list that every directory goes by.

Apple publishes it on https://podcasters.apple.com/support/1691-apple-podcasts-categories.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from core.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.values import Reading

CATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": (
        "Careers",
        "Entrepreneurship",
        "Investing",
        "Management",
        "Marketing",
        "Non-Profit",
    ),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": (
        "Alternative Health",
        "Fitness",
        "Medicine",
        "Mental Health",
        "Nutrition",
        "Sexuality",
    ),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        "Animation & Manga",
        "Automotive",
        "Aviation",
        "Crafts",
        "Games",
        "Hobbies",
        "Home & Garden",
        "Video Games",
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        "Business News",
        "Daily News",
        "Entertainment News",
        "News Commentary",
        "Politics",
        "Sports News",
        "Tech News",
    ),
    "Religion & Spirituality": (
        "Buddhism",
        "Christianity",
        "Hinduism",
        "Islam",
        "Judaism",
        "Religion",
        "Spirituality",
    ),
    "Science": (
        "Astronomy",
        "Chemistry",
        "Earth Sciences",
        "Life Sciences",
        "Mathematics",
        "Natural Sciences",
        "Nature",
        "Physics",
        "Social Sciences",
    ),
    "Society & Culture": (
        "Documentary",
        "Personal Journals",
        "Philosophy",
        "Places & Travel",
        "Relationships",
    ),
    "Sports": (
        "Baseball",
        "Basketball",
        "Cricket",
        "Fantasy Sports",
        "Football",
        "Golf",
        "Hockey",
        "Rugby",
        "Running",
        "Soccer",
        "Swimming",
        "Tennis",
        "Volleyball",
        "Wilderness",
        "Wrestling",
    ),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    "Technology": (),
    "True Crime": (),
}


def _near(word: str, known: Iterable[str]) -> str:
    named = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), named, n=1)
    return f"Did you mean “{named[near[0]]}”?" if near else ""


def _category(text: str, _: Reading) -> str:
    """Read a category, or one with a part of it: "Society & Culture > Relationships"."""
    words = [" ".join(word.replace(" and ", " & ").split()) for word in text.split(">")]
    main, parts = words[0], words[1:]
    if main not in CATEGORIES:
        raise ValueError(f"isn't one of Apple's categories. {_near(main, CATEGORIES)}")
    for part in parts:
        if len(parts) > 1 or part not in CATEGORIES[main]:
            near = _near(part, CATEGORIES[main])
            raise ValueError(f"names no part of “{main}” that Apple knows. {near}")
    return " > ".join(words)


CATEGORY = Value(
    'one of Apple\'s categories, such as "Society & Culture > Relationships"', _category
)
