"""A card as HTML, written out here and not in a template: a board draws two hundred of them, and they are its price.

No words of ours stand here: a card brings all that it says, and whatever it brings is escaped.
"""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from ..sign import Sign
from ..templatetags.icons import icon


@dataclass(frozen=True, slots=True)
class Card:
    """A lead as a card shows it; all of its text is plain. ``pk``: None for a lead that was made up as a sample;
    ``at``: on a past board what follows the address of its lead."""

    pk: int | None
    version: int
    name: str
    move: str
    headline: str
    look: str
    provenance: Sign | None
    clock: Sign | None
    before_clock: str
    age: str
    age_more: str
    stale: bool
    contact: str
    before_contact: str
    contact_more: str
    holder: Sign
    signs: list[Sign]
    at: str

    @property
    def html(self) -> SafeString:
        """The list item; every board, and the help, draws it with this."""
        look = f" {escape(self.look)}" if self.look else ""
        return mark_safe(
            f'<li class="card{look}" id="lead-{self.pk}" data-version="{self.version}">\n'
            f'<a class="card-name" href="/leads/{self.pk}/{escape(self.at)}" draggable="false" dir="auto">'
            f"{escape(self.name)}</a>{self._move()}\n"
            f"{self._want()}\n"
            f"{_chip(self.provenance)}\n"
            f"{_chip(self.clock, self.before_clock)}\n"
            f'<div class="card-foot"><ul class="card-meta">{self._age()}{self._contact()}</ul>{self._holder()}</div>\n'
            f"{self._signs()}\n"
            "</li>\n"
        )

    def _move(self) -> str:
        if self.at:
            return ""
        words = escape(self.move)
        return (
            f'<a class="card-more" href="/leads/{self.pk}/move/" draggable="false" aria-label="{words}" '
            f'title="{words}">{icon("ellipsis")}</a>'
        )

    def _want(self) -> str:
        if not self.headline:
            return ""
        words = escape(self.headline)
        return f'<p class="card-want" dir="auto" title="{words}">{words}</p>'

    def _age(self) -> str:
        stale = ' class="is-stale"' if self.stale else ""
        return f'<li{stale} title="{escape(self.age_more)}">{icon("clock")}{escape(self.age)}</li>'

    def _contact(self) -> str:
        if not self.contact:
            return ""
        return (
            f'<li title="{escape(self.contact_more)}">{icon("phone")}{_unseen(self.before_contact)}'
            f"{escape(self.contact)}</li>"
        )

    def _holder(self) -> str:
        more = escape(self.holder.more)
        return (
            f'<span class="avatar {escape(self.holder.look)}" title="{more}"><span aria-hidden="true">'
            f'{escape(self.holder.words)}</span><span class="visually-hidden">{more}</span></span>'
        )

    def _signs(self) -> str:
        if not self.signs:
            return ""
        signs = "".join(
            f'<li class="{escape(sign.look)}" title="{escape(sign.more)}">{icon(sign.icon)}{escape(sign.words)}</li>'
            for sign in self.signs
        )
        return f'<ul class="card-signs">{signs}</ul>'


def _chip(sign: Sign | None, before: str = "") -> str:
    """A chip, with the words before it that are only read out."""
    if sign is None:
        return ""
    return (
        f'<p class="chip {escape(sign.look)}" title="{escape(sign.more)}">{icon(sign.icon)}'
        f"<span>{_unseen(before) if before else ''}{escape(sign.words)}</span></p>"
    )


def _unseen(words: str) -> str:
    return f'<span class="visually-hidden">{escape(words)} </span>'
