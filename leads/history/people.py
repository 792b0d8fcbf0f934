"""The people named in a foreign history: known by their display name, or made as deactivated agents."""

import uuid
from collections.abc import Collection, Mapping

from django.contrib.auth.hashers import make_password

from leads.models import Role, User
from lifecycle.service.importing import Someone


def find_or_make(names: Collection[str]) -> Mapping[str, Someone]:
    """Every name with the person who bears it. Unknown names become agents who cannot log in.

    Names are compared byte for byte; their user name is made up, since any name has to fit.
    """
    wanted = set(names)
    found = _found(wanted)
    missing = sorted(wanted - found.keys())
    User.objects.bulk_create(
        User(
            username=f"imported-{uuid.uuid4().hex[:12]}",
            display_name=name,
            role=Role.AGENT.value,
            is_active=False,
            password=make_password(None),
        )
        for name in missing
    )
    return found | _found(set(missing)) if missing else found


def _found(names: set[str]) -> dict[str, Someone]:
    rows = User.objects.filter(display_name__in=names).values_list("id", "uuid", "display_name")
    return {name: Someone(pk, key, name) for pk, key, name in rows}
