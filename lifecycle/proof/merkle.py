"""The Merkle tree over all facts, as RFC 9162 (section 2.1) makes it. Pure.

A leaf is SHA-256 over 0x00 and the fact's hash, a node SHA-256 over 0x01 and its two children. A tree of n leaves has
on its left the largest full tree with fewer than n leaves, and the rest on its right.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple


class Span(NamedTuple):
    """Leaves from ``start`` up to, not including, ``end``, counted from 0. Stands for the node over all of them."""

    start: int
    end: int

    @property
    def full(self) -> bool:
        """Whether so many leaves make a full tree."""
        size = self.end - self.start
        return size & (size - 1) == 0


class Tree:
    """Grows by one leaf after the other and remembers one hash a level, whatever its size.

    ``wanted`` are nodes for paths (``inclusion``, ``consistency``) in the tree as it will be at last: ``node`` has them
    then.
    """

    def __init__(self, wanted: Iterable[Span] = ()) -> None:
        self.size = 0
        # The full trees along the right edge, from left to right: where each begins, and its root.
        self._edge: list[tuple[int, bytes]] = []
        self._found: dict[Span, bytes] = {span: b"" for span in wanted if span.full}

    def add(self, leaf: bytes) -> None:
        """In: the bytes that the next leaf stands for."""
        start, node = self.size, sha256(b"\0" + leaf).digest()
        self.size = end = start + 1
        found = self._found
        if found and (start, end) in found:
            found[Span(start, end)] = node
        # Two full trees of one size become one; as often as the new size can be halved.
        halved = end
        while halved & 1 == 0:
            start, left = self._edge.pop()
            node = sha256(b"\1" + left + node).digest()
            if found and (start, end) in found:
                found[Span(start, end)] = node
            halved >>= 1
        self._edge.append((start, node))

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return self._over(0) if self._edge else sha256(b"").digest()

    def node(self, span: Span) -> bytes:
        """The node over these leaves: one that was wanted, in the finished tree."""
        return self._found[span] if span.full else self._over(span.start)

    def _over(self, start: int) -> bytes:
        node = b""
        for begins, left in reversed(self._edge):
            if begins < start:
                break
            node = sha256(b"\1" + left + node).digest() if node else left
        return node


def inclusion(leaf: int, size: int) -> list[Span]:
    """The nodes that prove, from the leaf upwards, that it is in the tree of this size (2.1.3.1).

    In: the leaf's place, counted from 0.
    """
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _left(end - start)
        if leaf < middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start = middle
    return path[::-1]


def consistency(old: int, size: int) -> list[Span]:
    """The nodes that prove that the tree of ``old`` leaves is the beginning of the one of ``size`` (2.1.4.1).

    In: sizes, ``0 < old <= size``.
    """
    start, end, path, whole = 0, size, [], True
    while old < end:
        middle = start + _left(end - start)
        if old <= middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(Span(start, end))
    return path[::-1]


def _left(size: int) -> int:
    """How many leaves a tree of this size (above 1) has on its left."""
    return 1 << (size - 1).bit_length() - 1
