"""Where the feedback service stands, worked out once for every page, mail and server of a site."""

from __future__ import annotations

from urllib.parse import urlsplit


def service_address(service: str, root: str) -> str:
    """Return the address of the feedback service, with a slash at its end.

    A path means one below the site's root. A site in a folder of its host may name that folder too:
    `/feedback/` and `/house/feedback/` mean the same where the site stands in `/house/`.

    :param service: as `[feedback] service` has it: a path, or the address of another host.
    :param root: the site's root with a slash at its end: a path such as `/house/`, or an address.
    """
    if is_afar(service):
        return service
    folder = urlsplit(root).path.rstrip("/")
    if folder and service != f"{folder}/" and service.startswith(f"{folder}/"):
        service = service.removeprefix(folder)
    return root.rstrip("/") + service


def is_afar(service: str) -> bool:
    """Whether the service stands on a host of its own, and not below the site's address."""
    return not service.startswith("/")


def service_path(service: str, root: str) -> str:
    """Return the path below which the service answers, with a slash at both ends."""
    return urlsplit(service_address(service, root)).path or "/"
