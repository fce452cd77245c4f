"""What the tests of one process keep for one another, because making it anew takes most of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from jinja2 import BytecodeCache, Environment

from core import templating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Templates as they were compiled; one that was changed meanwhile is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bytecode := self._kept.get(bucket.key):
            bucket.bytecode_from_string(bytecode)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Compile the service's templates once, and not again for the service of every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templating, "Environment", partial(Environment, bytecode_cache=Compiled()))
        yield
