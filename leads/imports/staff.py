"""Who in the office is meant by a name of the file: one person, however a file spells it, and whatever they are called
by the time the row comes in."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext

from lifecycle.service.importing import Someone

from ..board.mix import grouped
from ..history import people
from ..models import User
from . import mapping as roles
from .cells import alike, one_line, text
from .columns import columns
from .mapping import BadMapping
from .mapping import Mapping as FileMapping
from .reading import Record

#: More people than this are nobody's former staff: the wrong column was chosen.
MOST_STRANGERS = 5_000


class Staff:
    """Names → people, for one run of one file (``lifecycle.service.importing.People``).

    Those who were here when it began keep their leads when they are renamed meanwhile. Of a stranger whose name the
    file spells in several ways one person is made: in one go or carried on, the same.
    """

    def __init__(self) -> None:
        rows = User.objects.values_list("username", "display_name", "id", "uuid").order_by("pk")
        self.users: dict[str, str] = {}
        self._here: dict[str, Someone] = {}
        self._spelled: dict[str, str] = {}
        for username, name, pk, uuid in rows:
            self.users[username] = name
            self._here[name] = Someone(pk, uuid, name)
            self._spelled.setdefault(alike(name), name)

    def __call__(self, names: Collection[str]) -> Mapping[str, Someone]:
        strangers = [name for name in names if name not in self._here]
        # A name in capitals is somebody's way to export, not to be called.
        for name in sorted(strangers, key=lambda name: (name.isupper() or name.islower(), name)):
            self._spelled.setdefault(alike(name), name)
        meant = {name: self._spelled[alike(name)] for name in strangers}
        found = people.find_or_make({name for name in meant.values() if name not in self._here})
        return {name: self._here.get(name) or self._one(meant[name], found) for name in names}

    def _one(self, name: str, found: Mapping[str, Someone]) -> Someone:
        return self._here.get(name) or found[name]


def check_strangers(rows: Iterable[Record], header: Sequence[str], mapping: FileMapping, staff: Staff) -> None:
    """Raises ``BadMapping`` when an account would have to be made for more people than any office had.

    In: all rows of the file, its labels. Nothing is read where no account would be made.
    """
    places = columns(mapping.columns, header).places.get(roles.OWNER, ())
    if not places or mapping.unknown_owners != roles.DEACTIVATED:
        return
    place, label = places[0]
    known = {alike(one_line(name)) for name in (*mapping.owners, *staff.users.values())}
    strangers: set[str] = set()
    for row in rows:
        word = text(row.cells[place]) if not row.problem else ""
        if word and (name := alike(word)) not in known:
            strangers.add(name)
            if len(strangers) > MOST_STRANGERS:
                sentence = gettext(
                    "“%(column)s” names more than %(most)s people who are not in this office, and each would become a "
                    "deactivated agent. Choose another column for the agent, or let their leads come into the pool."
                )
                raise BadMapping(sentence % {"column": label, "most": grouped(MOST_STRANGERS)})
