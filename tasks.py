"""The menu of `./run`: every task that people may type, in the order of its audience."""

from __future__ import annotations

from invoke.collection import Collection

from commands.tasks.content import (
    begin,
    catalogue,
    check,
    dictionaries,
    due,
    import_,
    new,
    parity,
    sample,
    search,
    serve,
    tag,
)
from commands.tasks.feedback import (
    digest,
    index,
    notify,
    poster,
    pull,
    service,
    staff_add,
    staff_disable,
    staff_list,
    staff_reset,
)
from commands.tasks.house import bench, clean, fresh, lint, lock, photos, scripts, test
from commands.tasks.publication import build, publish, undo, upgrade
from commands.tasks.upkeep import (
    backup,
    doctor,
    recipe,
    repairs_export,
    repairs_import,
    restore,
    rounds,
    service_bounced,
    service_export,
    service_import,
    visits,
)

keeping_service = Collection("service", service_bounced, service_export, service_import)
keeping_service.add_task(service, "run", default=True)
namespace = Collection(
    *(begin, sample, serve, new, import_, tag, check, dictionaries, due, parity, catalogue, search),
    *(publish, undo, upgrade, build, recipe),
    *(index, pull, notify, digest, poster),
    *(doctor, rounds, backup, restore, visits),
    *(test, lint, bench, fresh, photos, scripts, lock, clean),
    keeping_service,
    Collection("repairs", repairs_export, repairs_import),
    Collection("staff", staff_add, staff_list, staff_reset, staff_disable),
)
