"""The leaves of the tree: every fact's hash, in the order of ids."""

from collections.abc import Iterator

from ..models import LeadEvent


def leaves(upto: int) -> Iterator[tuple[int, bytes]]:
    """Id and leaf of every fact with an id up to this one. To be read in one snapshot (``streams.one_moment``).

    A hash that is none is a leaf as it stands: it fits no root, and ``verify`` names the fact.
    """
    rows = LeadEvent.objects.filter(id__lte=upto).order_by("id").values_list("id", "hash").iterator(10_000)
    for key, hashed in rows:
        yield key, leaf(hashed)


def leaf(hashed: str) -> bytes:
    """What stands in the tree for a fact with this hash."""
    try:
        return bytes.fromhex(hashed)
    except ValueError:
        return hashed.encode()
