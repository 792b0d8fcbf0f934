"""Is the log still what a checkpoint says it was? One walk over all facts for any number of checkpoints."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .leaves import leaves
from .merkle import Tree
from .notes import Checkpoint, NotACheckpoint, NotSigned, PublicKey, digest, unproven

Step = Callable[[int], object]
_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Held:
    """A note that somebody kept; ``where`` is what they call it: a file's name, or its number here.

    Raises ``NotACheckpoint`` for a text that is none, as soon as it is made.
    """

    where: str
    note: str
    says: Checkpoint

    @classmethod
    def read(cls, where: str, note: str) -> "Held":
        """In: the text as it was kept; what a mail program does to its line ends and to its end makes no difference."""
        whole = note.removeprefix("\ufeff").replace("\r\n", "\n").strip("\n") + "\n"
        return cls(where, whole, unproven(whole))


def differences(held: Sequence[Held], signed: Iterable[Held], keys: Sequence[PublicKey]) -> list[str]:
    """A sentence for everything in which the log is not what these checkpoints say; none: it is what it was.

    In: the notes in any order; those of them that one of the keys has to have signed. To be called in one snapshot
    (``streams.one_moment``).
    """
    found = [sentence for one in signed for sentence in _unsigned(one, keys)]
    upto = max((one.says.upto for one in held), default=0)
    return found + unchained(held) + grown(held, upto)[1]


def _unsigned(one: Held, keys: Sequence[PublicKey]) -> list[str]:
    wrong = []
    for key in keys:
        try:
            opened = key.opened(one.note)
        except NotACheckpoint as problem:
            wrong.append(problem)
            continue
        return [] if opened.log == key.name else [f"checkpoint {one.where}: it speaks of another log, {opened.log}."]
    # A signature that is there and wrong says more than one that is missing.
    worst = next((w for w in wrong if not isinstance(w, NotSigned)), None) or wrong[-1]
    return [f"checkpoint {one.where}: {worst}"]


def unchained(held: Sequence[Held]) -> list[str]:
    """Each names the one before it; two of one number, or one that names another, come from a second history."""
    found: list[str] = []
    by_number: dict[int, Held] = {}
    for one in held:
        other = by_number.setdefault(one.says.number, one)
        if other.note != one.note:
            found.append(f"checkpoints {other.where} and {one.where}: they have one number and say different things.")
    for one in held:
        before = by_number.get(one.says.number - 1)
        if before is not None and one.says.previous != digest(before.note):
            found.append(f"checkpoint {one.where}: it does not follow {before.where}.")
    return found


def grown(held: Iterable[Held], upto: int, step: Step = lambda n: None) -> tuple[Tree, list[str]]:
    """The tree over all facts up to this id, and what it was unlike on its way, at each checkpoint up to there."""
    tree, told, found = Tree(), 0, list[str]()
    due = sorted((one for one in held if one.says.upto <= upto), key=lambda one: -one.says.upto)
    for key, leaf in leaves(upto):
        while due and key > due[-1].says.upto:
            found += _unlike(due.pop(), tree)
        tree.add(leaf)
        if tree.size - told == _EVERY:
            step(_EVERY)
            told = tree.size
    while due:
        found += _unlike(due.pop(), tree)
    step(tree.size - told)
    return tree, found


def _unlike(one: Held, tree: Tree) -> list[str]:
    says = one.says
    if tree.size != says.size:
        was = f"it was made of {says.size:,} facts up to id {says.upto}"
        return [f"checkpoint {one.where}: {was}, and {tree.size:,} are there."]
    if tree.root() != says.root:
        return [f"checkpoint {one.where}: the {says.size:,} facts up to id {says.upto} are not those it was made of."]
    return []
