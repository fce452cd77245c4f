"""What an association is asked as it begins: as a question, and as an option of `./run begin`."""

from __future__ import annotations

from typing import NamedTuple


class FoundingQuestion(NamedTuple):
    """One thing to say, in either way."""

    asked: str
    option: str  # what --help says of the option


# In the order of the options; the questions are numbered in the order in which they are asked.
QUESTIONS = {
    "languages": FoundingQuestion(
        "2. In which languages, the first one first?",
        "Its languages, the first one first, such as cy,en",
    ),
    "name": FoundingQuestion(
        "1. What is the association called?",
        "What the association is called; several languages as Cartrefi / Homes",
    ),
    "url": FoundingQuestion("3. Where will the site stand?", "Where the site will stand"),
    "email": FoundingQuestion(
        "4. Which e-mail address may people write to?", "Which e-mail address people may write to"
    ),
    "phone": FoundingQuestion("5. Which number may they ring?", "Which number they may ring"),
    "address": FoundingQuestion(
        "6. Where may they come or write to?", "Where they may come or write to"
    ),
    "repairs": FoundingQuestion("", "The number for repairs"),
    "complaints": FoundingQuestion("", "The number for complaints"),
    "safeguarding": FoundingQuestion("", "The number for worries about a child or an adult"),
    "topics": FoundingQuestion(
        "8. What do tenants speak about?",
        "What tenants speak about, with commas (default: six topics)",
    ),
    "teams": FoundingQuestion(
        "9. Which teams answer?", "Which teams answer, with commas (default: two teams)"
    ),
    "days": FoundingQuestion(
        "10. Within how many working days has everyone an answer?",
        "Within how many working days everyone has an answer (default: 10)",
    ),
    "person": FoundingQuestion("And who are you, who will write here?", "Who writes here first"),
}
