"""Rules about templates, styles and scripts: nothing inline, nothing unescaped, nothing from elsewhere."""

import re
from collections.abc import Callable, Iterator

from tests.audit.checking import Check, Finder, Hit

PAGES = ("templates/**/*.html",)
TEMPLATES = (*PAGES, "templates/**/*.txt")
STYLES = ("static/css/**/*.css",)
SCRIPTS = ("static/js/**/*.js",)
_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}", re.S)
#: An address of another host, in whatever a browser would fetch.
_ELSEWHERE = r"(?:[a-z][a-z0-9+.-]*:)?//[\w.\[{-]"


def lines_with(*rules: tuple[str, str], flags: int = re.I) -> Finder:
    """A finder by patterns; in: what is looked for and what is said of it."""
    compiled = [(re.compile(pattern, flags), said) for pattern, said in rules]

    def find(text: str) -> Iterator[Hit]:
        for pattern, said in compiled:
            for found in pattern.finditer(text):
                yield text.count("\n", 0, found.start()) + 1, said

    return find


def without_comments(find: Finder) -> Finder:
    """The same for templates, where what stands in a comment is not sent; line numbers stay."""
    blank: Callable[[re.Match[str]], str] = lambda found: "\n" * found[0].count("\n")  # noqa: E731
    return lambda text: find(_COMMENT.sub(blank, text))


CHECKS = [
    # Letters and plain files say what is there; on a page nothing is.
    Check(
        "pages on which nothing is escaped",
        PAGES,
        without_comments(lines_with((r"{%\s*autoescape\s+off", "nothing is escaped here"))),
        ("{% autoescape off %}{{ x }}{% endautoescape %}",),
        ("{# {% autoescape off %} #}",),
        {},
    ),
    Check(
        "templates that do not escape",
        TEMPLATES,
        without_comments(
            lines_with(
                (r"\|\s*safe(?:seq)?\b", "nothing escapes this"),
                (r"<[a-z][^<>{}]*\s[\w:-]+={{", "a value without quotation marks around it"),
                (r"<script\b[^>]*>[^<]*{[{%]", "a value inside a script"),
                (r"<style\b[^>]*>[^<]*{[{%]", "a value inside a style"),
            )
        ),
        (
            "{{ name|safe }}",
            "{{ names | safeseq }}",
            "<a title={{ name }}>",
            "<script>let x = '{{ name }}'</script>",
            "<style>a { color: {{ x }} }</style>",
        ),
        ("{# {{ name|safe }} #}", '<a title="{{ name }}">', "{{ name|safer }}"),
        {
            # The rules for passwords, which Django writes as a list.
            "templates/account/field.html": ("field.help_text|safe",),
            # Columns that were drawn a moment ago, each by its own template.
            "templates/board/changes.html": ("columns|safe",),
        },
    ),
    Check(
        "inline scripts and styles",
        (*TEMPLATES, "leads/**/*.py", "crm/**/*.py"),
        without_comments(
            lines_with(
                (r"<[a-z][^<>]*?\son[a-z]+\s*=\s*[\"']", "a script in an attribute"),
                (r"\bhx-on\b", "a script in an attribute"),
                (
                    r"\bhx-(?:vals|headers|vars|confirm)[\w:]*\s*=\s*[\"']\s*(?:js|javascript):",
                    "a script in an attribute",
                ),
                (r"<[a-z][^<>]*?\sstyle\s*=", "a style in an attribute"),
                (r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", "a script in the page"),
                (r"<style\b", "a style in the page"),
                (r"[\"']\s*javascript:", "a script for an address"),
                (r"srcdoc\s*=", "a page in an attribute"),
            )
        ),
        (
            '<p onclick="x()">',
            "<img src=x onerror='x'>",
            '<form hx-on:click="x">',
            "<form hx-vals='js:{a: b}'>",
            '<p style="color: red">',
            "<script>x()</script>",
            "<style>a { b: c }</style>",
            '<a href="javascript:x()">',
            '<iframe srcdoc="x">',
        ),
        (
            "<script src=\"{% static 'js/site.js' %}\" defer></script>",
            '<link rel="stylesheet" href="x">',
            "{# onclick= #}",
        ),
    ),
    Check(
        "templates that load from elsewhere",
        TEMPLATES,
        without_comments(
            lines_with(
                (
                    rf"\b(?:src|srcset|action|formaction|poster|data|hx-\w+|xlink:href)\s*=\s*[\"']?\s*{_ELSEWHERE}",
                    "loads from elsewhere",
                ),
                (rf"<(?:link|use|image|base)\b[^>]*\bhref\s*=\s*[\"']?\s*{_ELSEWHERE}", "loads from elsewhere"),
                (r"http-equiv\s*=\s*[\"']?refresh", "sends people elsewhere"),
            )
        ),
        (
            '<script src="https://cdn.example/x.js"></script>',
            '<img src="//cdn.example/x.png">',
            '<link rel="stylesheet" href="https://fonts.example/css">',
            '<form action="https://evil.example/">',
            '<button hx-get="//evil.example/">',
            '<meta http-equiv="refresh" content="0">',
        ),
        (
            '<img src="/static/x.png">',
            "<img src=\"{% static 'x' %}\">",
            '<a href="https://example.com/">a page to read</a>',
        ),
    ),
    Check(
        "styles that load from elsewhere",
        STYLES,
        lines_with(
            (rf"url\(\s*[\"']?\s*{_ELSEWHERE}", "loads from elsewhere"),
            (r"@import\b", "loads another file"),
            (r"expression\s*\(", "a script in a style"),
        ),
        (
            "a { background: url(https://cdn.example/x.png) }",
            "a { background: url( '//cdn.example/x.png' ) }",
            "@import 'x.css';",
        ),
        ("a { background: url(../icons/x.svg) }",),
    ),
    Check(
        "scripts that load from elsewhere",
        SCRIPTS,
        lines_with(
            (rf"[\"'`]\s*(?!path:){_ELSEWHERE}", "names an address elsewhere"),
            (r"\b(?:import|importScripts)\s*\(", "loads another script"),
            (r"\bsendBeacon\b|\bWebSocket\b|\bRTCPeerConnection\b", "talks to somebody"),
        ),
        ("fetch('https://evil.example/')", "x.src = `//cdn.example/x.js`", "import('x')", "navigator.sendBeacon('/x')"),
        ("fetch('/board/changes')", "// see https://example.com/ for more", "new EventSource(address)"),
    ),
    Check(
        "scripts that make markup or code of text",
        SCRIPTS,
        lines_with(
            (r"\b(?:inner|outer)HTML\b", "makes markup of text"),
            (r"\binsertAdjacentHTML\b|\bcreateContextualFragment\b|\bsetHTMLUnsafe\b", "makes markup of text"),
            (r"\bdocument\s*\.\s*write", "makes markup of text"),
            (r"\beval\s*\(|\bnew\s+Function\b", "makes code of text"),
            (r"\bset(?:Timeout|Interval)\s*\(\s*[\"'`]", "makes code of text"),
            (r"\bsetAttribute\s*\(\s*[\"'`]on", "makes code of text"),
            (r"\.\s*(?:srcdoc|nonce)\s*=", "makes markup of text"),
        ),
        (
            "x.innerHTML = name",
            "x.insertAdjacentHTML('beforeend', name)",
            "document.write(name)",
            "eval(name)",
            "new Function(name)",
            "setTimeout('x()', 1)",
            "x.setAttribute('onclick', name)",
        ),
        ("x.textContent = name", "setTimeout(() => x(), 1)", "x.setAttribute('aria-label', name)"),
    ),
]
