"""Rules about Python: markup and SQL made by hand, code from data, doors without a lock, people in the log."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

from tests.audit.checking import Check, Hit

PYTHON = ("crm/**/*.py", "leads/**/*.py", "lifecycle/**/*.py", "manage.py", "deploy/*.py")
PAGES = ("leads/**/*.py", "crm/**/*.py")
_SQL_WORDS = ("select ", "insert ", "update ", "delete ", "where ", "from ", "join ", "order by ", " in (")
_SENDS = frozenset({"execute", "executemany", "RawSQL", "raw", "extra"})
_PERSONAL = frozenset(
    {"name", "email", "phone", "note", "POST", "GET", "body", "headline", "address", "password", "user"}
)
_LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


def called(node: ast.AST) -> str:
    """The name of what a call calls, without what stands before the last dot."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def over(judge: Callable[[Any], str]) -> Callable[[str], Iterator[Hit]]:
    """A finder that asks about every node of the code; in: what is wrong with a node, or nothing."""

    def find(text: str) -> Iterator[Hit]:
        for node in ast.walk(ast.parse(text)):
            if said := judge(node):
                yield node.lineno, said  # type: ignore[attr-defined]

    return find


def is_put_together(node: ast.AST | None) -> bool:
    """Whether this text is made of parts: an f-string with holes, `%`, `+` or `.format`."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        sides = (node.left, node.right)
        return any(is_put_together(s) or not isinstance(s, ast.Constant) for s in sides)
    return called(node) in ("format", "join") if node is not None else False


def by_hand(node: ast.AST) -> str:
    name = called(node)
    if name in ("mark_safe", "SafeString", "SafeText", "mark_for_escaping", "html_safe"):
        return f"{name}: nothing escapes this"
    if name in ("format_html", "format_html_join") and isinstance(node, ast.Call):
        at = 0 if name == "format_html" else 1
        text = node.args[at] if len(node.args) > at else None
        if not isinstance(text, ast.Constant):
            return f"{name} with a text that is no constant"
    if isinstance(node, ast.keyword) and node.arg in ("autoescape", "is_safe"):
        off = isinstance(node.value, ast.Constant) and node.value.value is (node.arg == "is_safe")
        return f"{node.arg} is switched" if off else ""
    return ""


def statement(node: ast.AST) -> str:
    if called(node) in _SENDS and isinstance(node, ast.Call) and node.args and is_put_together(node.args[0]):
        return "a statement that is put together where it is sent"
    if isinstance(node, ast.JoinedStr) and is_put_together(node):
        said = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)).lower()
        if said.lstrip().startswith(("select ", "insert ", "update ", "delete ", "with ", "where ", "order by ")):
            return "a statement with holes in it"
    return ""


def code_from_data(node: ast.AST) -> str:
    name = called(node)
    if name in ("eval", "exec", "compile", "__import__") and isinstance(getattr(node, "func", None), ast.Name):
        return f"{name} makes code of data"
    if isinstance(node, ast.keyword) and node.arg == "shell" and not _is(node.value, False):
        return "a shell"
    if isinstance(node, ast.Attribute) and node.attr in ("system", "popen") and getattr(node.value, "id", "") == "os":
        return "a shell"
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    bad = {"pickle", "cPickle", "marshal", "shelve", "dill", "yaml", "telnetlib", "ftplib"}
    return next((f"{n} must not read what others wrote" for n in names if n.partition(".")[0] in bad), "")


def _is(node: ast.AST, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def no_lock(node: ast.AST) -> str:
    """Uses of what takes a lock off; what is merely imported does nothing."""
    names = ("csrf_exempt", "login_not_required", "xframe_options_exempt", "csp_exempt", "csp_update", "csp_replace")
    decorators = getattr(node, "decorator_list", [])
    for decorator in decorators:
        name = getattr(decorator, "id", getattr(decorator, "attr", "")) or called(decorator)
        if name in names:
            return f"{name} on {node.name}"  # type: ignore[attr-defined]
    return f"{called(node)} around a view" if called(node) in names else ""


def people_in_the_log(node: ast.AST) -> str:
    if called(node) not in _LOGS or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    if getattr(node.func.value, "id", "") not in ("logger", "log", "logging"):
        return ""
    for part in [part for arg in node.args for part in ast.walk(arg)]:
        # The name of a class is that of code, not of a person.
        of_code = isinstance(part, ast.Attribute) and isinstance(part.value, ast.Call) and called(part.value) == "type"
        if isinstance(part, ast.Attribute) and part.attr in _PERSONAL and not of_code:
            return f"writes {part.attr} into the log"
        if isinstance(part, ast.JoinedStr):
            return "puts a sentence together before the log can judge it"
    return ""


def settings_left_open(node: ast.AST) -> str:
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return ""
    name, value = node.targets[0].id, node.value
    if name == "DEBUG" and _is(value, True):
        return "DEBUG is on"
    if name == "SECRET_KEY" and isinstance(value, ast.Constant):
        return "a key in the code"
    if name == "ALLOWED_HOSTS" and any(_is(n, "*") for n in ast.walk(value)):
        return "every host is ours"
    return ""


CHECKS = [
    Check(
        "markup made by hand",
        PYTHON,
        over(by_hand),
        (
            "mark_safe(x)",
            "a = safestring.mark_safe(f'<b>{name}</b>')",
            "SafeString(x)",
            "format_html(f'<b>{name}</b>')",
            "format_html('<b>%s</b>' % name)",
            "format_html(words)",
            "format_html_join(', ', f'{x}', rows)",
            "Engine(autoescape=False)",
            "@register.filter(is_safe=True)\ndef f(x): return x",
        ),
        ("format_html('<b>{}</b>', name)", "format_html_join(' ', '<del>{}</del>', rows)"),
        {
            # A board of two hundred cards; every part is escaped where the card is written (tests/test_cards.py).
            "leads/board/markup.py": ("return mark_safe(",),
            "leads/board/picture.py": ("SafeString(",),
            # They take words away, or give back what they were given: what was escaped stays so.
            "leads/templatetags/samples.py": ("is_safe=True",),
            "leads/templatetags/sentences.py": ("is_safe=True",),
        },
    ),
    Check(
        "SQL put together in pages",
        PAGES,
        over(statement),
        (
            "cursor.execute(f'SELECT * FROM t WHERE a = {x}')",
            "cursor.execute('SELECT %s' % x)",
            "cursor.execute('SELECT ' + x)",
            "User.objects.raw('SELECT {}'.format(x))",
            "RawSQL(f'{column} = 1', ())",
            "q = f'SELECT {x}'",
        ),
        ("cursor.execute('SELECT %s', [x])", "RawSQL(made.sql, made.params)", "f'{n} leads selected'"),
        {
            # The name of the log's own table; the values are parameters.
            "leads/reports/facts.py": ("= ANY(%s::bigint[])", "json_each(%s)"),
        },
        ("migrations", "demo"),
    ),
    Check(
        "code from data, and shells",
        PYTHON,
        over(code_from_data),
        (
            "eval(x)",
            "exec(x)",
            "import pickle",
            "from pickle import loads",
            "import yaml",
            "subprocess.run(x, shell=True)",
            "subprocess.run(x, shell=flag)",
            "os.system(x)",
            "import marshal",
            "__import__(x)",
        ),
        ("re.compile('a')", "subprocess.run([x])", "subprocess.run([x], shell=False)", "self.eval(x)"),
    ),
    Check(
        "doors without a lock",
        PYTHON,
        over(no_lock),
        (
            "@csrf_exempt\ndef view(request): ...",
            "@decorators.csrf_exempt\ndef view(request): ...",
            "path('x', csrf_exempt(view))",
            "@login_not_required\ndef view(request): ...",
            "@csp_update({'script-src': ['x']})\ndef view(request): ...",
            "@xframe_options_exempt\ndef view(request): ...",
        ),
        ("@csrf_protect\ndef view(request): ...", "from x import csrf_exempt"),
        {
            # The key is looked for one function further in, once the limit of the upload stands.
            "leads/pages/imports/start.py": ("def imports(",),
            # The language is chosen before a login, too.
            "crm/urls.py": ("login_not_required(set_language)",),
            # Asked by browsers without a session, by load balancers, and by the login page itself.
            "crm/manifest.py": ("def manifest(",),
            "crm/ready.py": ("def ready(",),
            "crm/script_words.py": ("def script_words(",),
        },
    ),
    Check(
        "people in the log",
        PYTHON,
        over(people_in_the_log),
        (
            "logger.info('%s', lead.name)",
            "logger.warning('bad %s', request.POST)",
            "logger.exception(f'lead {x}')",
            "logging.error('%s', user.email)",
            "log.error('%s', self.request.user)",
        ),
        ("logger.warning('%s', type(error).__name__)", "logger.info('%d rows', n)", "log.look()"),
    ),
    Check(
        "settings left open",
        ("crm/settings.py",),
        over(settings_left_open),
        ("DEBUG = True", "SECRET_KEY = 'x'", "ALLOWED_HOSTS = ['*']"),
        ("DEBUG = yes_or_no('DEBUG', default=False)", "ALLOWED_HOSTS = ['localhost']"),
    ),
]
