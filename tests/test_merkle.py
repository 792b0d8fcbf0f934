"""The tree grows leaf by leaf to what the RFC says of the whole, and its paths prove what they should and no more."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.proof import pack_verifier as auditor
from lifecycle.proof.merkle import Span, Tree, consistency, inclusion

#: Leaves and roots as the authors of Certificate Transparency publish them for their own implementations.
PUBLISHED = [bytes.fromhex(leaf) for leaf in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def grown(leaves: list[bytes], wanted: list[Span] | None = None) -> Tree:
    tree = Tree(wanted or [])
    for leaf in leaves:
        tree.add(leaf)
    return tree


def plain_root(leaves: list[bytes]) -> bytes:
    """The RFC's own definition, word for word: slow and without any state."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + plain_root(leaves[:half]) + plain_root(leaves[half:])).digest()


@pytest.mark.parametrize("size", ROOTS)
def test_the_published_roots_come_out(size: int) -> None:
    assert grown(PUBLISHED[:size]).root().hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=3), max_size=70))
def test_a_tree_that_grows_has_the_root_of_the_whole_after_each_leaf(leaves: list[bytes]) -> None:
    tree = Tree()
    for n, leaf in enumerate(leaves, start=1):
        tree.add(leaf)
        assert tree.root() == plain_root(leaves[:n])


@given(st.integers(1, 200), st.data())
def test_every_leaf_is_proven_at_its_place_and_nothing_else_is(size: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, size - 1))
    leaves = [n.to_bytes(2, "big") for n in range(size)]
    spans = inclusion(place, size)
    tree = grown(leaves, spans)
    path, root = [tree.node(span) for span in spans], tree.root()
    assert auditor.root_of_leaf(leaves[place], place, size, path) == root
    assert auditor.root_of_leaf(b"forged", place, size, path) != root
    elsewhere = data.draw(st.integers(0, size - 1).filter(lambda n: n != place)) if size > 1 else None
    if elsewhere is not None:
        assert auditor.root_of_leaf(leaves[place], elsewhere, size, path) != root
        assert auditor.root_of_leaf(leaves[place], place, size, path[:-1]) != root
    assert auditor.root_of_leaf(leaves[place], place, size, [*path, b"\0" * 32]) != root


@given(st.integers(1, 200), st.data())
def test_a_log_is_proven_to_be_the_beginning_of_a_later_one_and_of_no_other(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    leaves = [n.to_bytes(2, "big") for n in range(size)]
    spans = consistency(old, size)
    tree = grown(leaves, spans)
    path, root = [tree.node(span) for span in spans], tree.root()
    before = grown(leaves[:old]).root()
    assert auditor.is_beginning(old, before, size, root, path)
    changed = [*leaves[: old - 1], b"forged"]
    assert not auditor.is_beginning(old, grown(changed).root(), size, root, path)
    if old < size:
        other = grown([*changed, *leaves[old:]]).root()
        assert not auditor.is_beginning(old, before, size, other, path)
