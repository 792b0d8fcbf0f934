"""The pages of the help: their names, what each is about, and which follows which."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from ..models import Role


@dataclass(frozen=True, slots=True)
class Page:
    """``name`` is its address and its template, ``sheets`` on how many sheets of paper it is printed (0: many)."""

    name: str
    title: str
    about: str
    icon: str
    sheets: int = 0

    @property
    def url(self) -> str:
        return reverse("help-page", args=[self.name])


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    pages: tuple[Page, ...]


def chapters() -> tuple[Chapter, ...]:
    """Every page of the help in reading order, in the language that is active."""
    return (Chapter(gettext("Your work"), _guides()), Chapter(gettext("Look it up"), _lists()), _ideas())


def _guides() -> tuple[Page, ...]:
    return (
        Page(
            "agent", gettext("For agents"), gettext("The day's work, from a new inquiry to the keys."), "user-round", 2
        ),
        Page("broker", gettext("For brokers"), gettext("Looking back, handing off, putting right."), "users", 4),
        Page(
            "admin",
            gettext("For admins"),
            gettext("People, reasons, settings, and what runs by itself."),
            "settings",
            3,
        ),
        Page(
            "import",
            gettext("Bringing your leads"),
            gettext("From the export of the old system to an honest timeline."),
            "upload",
            2,
        ),
        Page(
            "login",
            gettext("Your login"),
            gettext("The second step, your devices, and what to do when the phone is lost."),
            "shield-check",
            2,
        ),
    )


def _lists() -> tuple[Page, ...]:
    return (
        Page(
            "lifecycle",
            gettext("State machine card"),
            gettext("Every stage, every move, every reason, on one sheet."),
            "workflow",
            1,
        ),
        Page("marks", gettext("What the marks mean"), gettext("Every chip, edge and icon with its words."), "flag"),
        Page("reference", gettext("Lifecycle reference"), gettext("The whole model on one page."), "book-open"),
        Page("glossary", gettext("Glossary"), gettext("The words of Hindsight, from A to Z."), "list-tree"),
    )


def _ideas() -> Chapter:
    return Chapter(
        gettext("Understand"),
        (
            Page(
                "reports",
                gettext("How to read the reports"),
                gettext("What each figure says, and how to talk about it."),
                "chart-column",
                3,
            ),
            Page(
                "board-shape",
                gettext("How to read the board's shape"),
                gettext("What full, empty and stale columns say about a team."),
                "columns-3",
            ),
            Page("why", gettext("Why an event log"), gettext("What it gives, and what it costs."), "history"),
        ),
    )


def pages() -> list[Page]:
    """The pages one after the other."""
    return [page for chapter in chapters() for page in chapter.pages]


def neighbours(name: str) -> tuple[Page | None, Page | None]:
    """The pages before and after this one."""
    every = pages()
    at = [p.name for p in every].index(name)
    return every[at - 1] if at else None, every[at + 1] if at + 1 < len(every) else None


def start_for(role: str) -> str:
    """The name of the guide with which somebody in this role begins."""
    return role if role in set(Role) else Role.AGENT.value
