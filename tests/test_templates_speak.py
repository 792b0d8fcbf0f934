"""No template keeps a word to itself: whatever a person reads there goes through the translator."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, Token, TokenType

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FILES = sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*") if p.suffix in (".html", ".txt"))

#: Names; they are the same in every language.
NAMES = re.compile(r"\b(Hindsight|Scribe)\b")
#: Attributes that are read by people or to them.
READ_OUT = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "label",
    "placeholder",
    "title",
}
#: What stands in these is no prose: the keys of a keyboard, code, styles.
NO_PROSE = {"code", "kbd", "script", "style"}
#: Tags whose strings are names of files, of views and of things to compare, or are translated by the tag itself.
SPEAKS_OR_NAMES = {"block", "elif", "extends", "if", "load", "static", "trans", "translate", "url"}
TRANSLATES = {"blocktrans", "blocktranslate"}

#: What a block puts into an element of the template that it fills: an attribute, or one more class.
INSIDE_AN_ELEMENT = re.compile(r" ?(checked|disabled|hidden|open|required|selected|is-[a-z-]+)")

HOLE = "\ue000"
_LITERAL = re.compile(r"""(_\()?(?:"([^"]*)"|'([^']*)')""")
_LETTER = re.compile(r"[^\W\d_]")


class Reader(HTMLParser):
    """Reads a page as a person does, and notes every word that stands in the template itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        names = READ_OUT | (
            {"value"} if tag == "input" and said.get("type") in ("submit", "button", "reset") else set()
        )
        self.words += [value for name, value in attrs if name in names and value and is_prose(value)]
        if tag in NO_PROSE:
            self.inside.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and is_prose(data):
            self.words.append(data)


def is_prose(text: str) -> bool:
    return bool(_LETTER.search(NAMES.sub("", text.replace(HOLE, ""))))


def is_said(literal: str) -> bool:
    """Whether a string in a tag is meant for people: a name such as ``is-back`` or ``phone`` is not."""
    return bool(_LETTER.search(literal)) and (" " in literal or literal[0].isupper() or not literal.isascii())


def said_by(token: Token) -> list[str]:
    """The strings in a tag that would reach the page as they are."""
    text = re.sub(r"""\|(date|time):("[^"]*"|'[^']*')""", "", token.contents)
    found = ["|pluralize"] if "|pluralize" in text else []
    tag = text.split()[0] if token.token_type == TokenType.BLOCK else ""
    if tag in SPEAKS_OR_NAMES:
        return found
    if tag in TRANSLATES:
        text = re.sub(r"""context ("[^"]*"|'[^']*')""", "", text)
    literals = [(bool(marked), one or other) for marked, one, other in _LITERAL.findall(text)]
    if tag == "icon":
        # The second string is the icon's name for those who do not see it.
        return found + [words for marked, words in literals[1:] if not marked and _LETTER.search(words)]
    return found + [words for marked, words in literals if not marked and is_said(words)]


def unspoken(source: str) -> list[str]:
    """Every word of a template that no translator will ever see."""
    found: list[str] = []
    html: list[str] = []
    until = ""
    for token in Lexer(source).tokenize():
        tag = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if until:
            until = "" if tag == until else until
        elif token.token_type == TokenType.TEXT:
            html.append("" if INSIDE_AN_ELEMENT.fullmatch(token.contents) else token.contents)
        elif token.token_type in (TokenType.VAR, TokenType.BLOCK):
            found += said_by(token)
            html.append(HOLE)
            if tag in TRANSLATES or tag == "comment":
                until = f"end{tag}"
    reader = Reader()
    # An element whose very name is chosen by a tag is still an element.
    page = re.sub(f"<(/?){HOLE}", r"<\1any ", "".join(html))
    reader.feed(page.replace(HOLE, f" {HOLE} "))
    reader.close()
    return found + [" ".join(words.replace(HOLE, "…").split()).strip("… ") for words in reader.words]


@pytest.mark.parametrize("name", FILES)
def test_every_word_of_a_template_can_be_translated(name: str) -> None:
    assert unspoken((TEMPLATES / name).read_text()) == []


@pytest.mark.parametrize(
    "source, words",
    [
        ("<p>Nothing here</p>", "Nothing here"),
        ("<p>{{ n }} leads</p>", "leads"),
        ("<li{% if on %} class='on'{% endif %}>Pool</li>", "Pool"),
        ('<a title="Back to {{ name }}">{{ name }}</a>', "Back to"),
        ('<nav aria-label="Main"></nav>', "Main"),
        ('<input type="search" placeholder="Search">', "Search"),
        ('<input type="submit" value="Save">', "Save"),
        ('{% icon "undo-2" "back to" %}', "back to"),
        ('{% include "a/b.html" with when_label="It came earlier" %}', "It came earlier"),
        ('{{ to|default:"To another" }}', "To another"),
        ("lead{{ n|pluralize }}", "|pluralize"),
        ("{% if a %}{% translate 'Yes' %}{% else %}No{% endif %}", "No"),
        ("{% blocktranslate %}Yes{% endblocktranslate %} but", "but"),
        ("<{% if a %}a{% else %}b{% endif %} title='Open'></{% if a %}a{% else %}b{% endif %}>", "Open"),
    ],
)
def test_a_word_that_is_kept_back_is_found(source: str, words: str) -> None:
    assert words in unspoken(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% translate 'Nothing here' %}",
        '<a title="{% translate "Back" %}" class="is-back" href="{% url \'board\' %}">{{ name }} – Hindsight</a>',
        '{% blocktranslate trimmed with who=e.actor context "A note" %}{{ who }} <b>left</b>.{% endblocktranslate %}',
        "{% blocktranslate count n=n %}One lead{% plural %}{{ n }} leads{% endblocktranslate %}",
        "{% comment %}Why it is so{% endcomment %}{# and so #}<kbd>Esc</kbd> · 24 × {{ n }}",
        "{% block hidden %} hidden{% endblock %}{% block look %}is-bad{% endblock %}<code>manage.py seed_demo</code>",
        '{% include "toast.html" with text=sentence kind="good" %}{% icon "clock" _("late") %}',
        '<input type="hidden" name="to" value="QUALIFIED"><script src="{% static \'a.js\' %}">let a = "b"</script>',
        '<time datetime="{{ day|date:"Y-m-d" }}">{{ clock }}</time>&nbsp;<{% if a %}a{% else %}b{% endif %} class="c">',
    ],
)
def test_what_speaks_or_is_no_word_is_let_be(source: str) -> None:
    assert unspoken(source) == []
