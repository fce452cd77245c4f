"""The desk: where staff read what tenants said, answer it, and decide what becomes public."""

from __future__ import annotations

from starlette.routing import Mount

from feedback.web.desk.actions import routes as of_actions
from feedback.web.desk.case import routes as of_cases
from feedback.web.desk.colleagues import routes as of_people
from feedback.web.desk.danger import routes as of_danger
from feedback.web.desk.due import routes as of_due
from feedback.web.desk.letters import routes as of_post
from feedback.web.desk.login import routes as of_entrance
from feedback.web.desk.offline import routes as of_hearing
from feedback.web.desk.queue import routes as of_queue
from feedback.web.desk.saved_answers import routes as of_answers
from feedback.web.desk.subscribers import routes as of_subscribers
from feedback.web.desk.voices import routes as of_voices
from feedback.web.desk.zero_results import routes as of_searches

routes = [
    Mount(
        "/desk",
        routes=[
            *of_entrance,
            *of_queue,
            *of_cases,
            *of_actions,
            *of_answers,
            *of_hearing,
            *of_post,
            *of_subscribers,
            *of_voices,
            *of_danger,
            *of_people,
            *of_searches,
            *of_due,
        ],
    )
]
