"""The encodings that a file may be in, and what they are called."""

import codecs

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .shapes import BadFile

#: Python's name → what a person may know it as, the everyday ones first.
ENCODINGS: dict[str, str | Promise] = {
    "utf-8": "UTF-8",
    "cp1252": _("Windows-1252 (Western Europe, also Latin-1)"),
    "utf-16": _("UTF-16 (Excel's “Unicode text”)"),
    "utf-16-le": _("UTF-16, little-endian"),
    "utf-16-be": _("UTF-16, big-endian"),
    "utf-32": _("UTF-32"),
    "mac-roman": _("Mac Roman (older Macs)"),
    "cp1250": _("Windows-1250 (Central Europe)"),
    "cp1251": _("Windows-1251 (Cyrillic)"),
    "cp1253": _("Windows-1253 (Greek)"),
    "cp1254": _("Windows-1254 (Turkish)"),
    "cp1255": _("Windows-1255 (Hebrew)"),
    "cp1256": _("Windows-1256 (Arabic)"),
    "cp1257": _("Windows-1257 (Baltic)"),
    "cp1258": _("Windows-1258 (Vietnamese)"),
    "cp874": _("Windows-874 (Thai)"),
    "cp932": _("Shift-JIS (Japanese)"),
    "euc-jp": _("EUC-JP (Japanese)"),
    "gb18030": _("GB18030 (Chinese, simplified)"),
    "big5": _("Big5 (Chinese, traditional)"),
    "cp949": _("CP949 (Korean)"),
    "iso8859-2": _("ISO 8859-2 (Central Europe)"),
    "iso8859-15": _("ISO 8859-15 (Western Europe)"),
    "koi8-r": _("KOI8-R (Russian)"),
    "cp437": _("Code page 437 (DOS, United States)"),
    "cp850": _("Code page 850 (DOS, Western Europe)"),
}
#: Those that say less than one of ours, or the same under another name.
_SAME = {"ascii": "utf-8", "utf-8-sig": "utf-8", "iso8859-1": "cp1252", "shift-jis": "cp932", "euc-kr": "cp949"}
_SAME |= {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-9": "cp1254",
    "shift-jis-2004": "cp932",
    "utf-16le": "utf-16-le",
}
_SAME |= {"big5hkscs": "big5", "cp950": "big5", "euc-jis-2004": "euc-jp", "tis-620": "cp874", "iso8859-11": "cp874"}


def known_encoding(name: str) -> str:
    """Our name for an encoding; ``""`` when it is none that we read."""
    try:
        found = codecs.lookup(name).name.replace("_", "-")
    except (LookupError, ValueError):
        return ""
    found = _SAME.get(found, found)
    return found if found in ENCODINGS else ""


def check_encoding(name: str) -> str:
    """Our name for a chosen encoding. Raises ``BadFile``."""
    found = known_encoding(name)
    if not found:
        raise BadFile(
            gettext("“%(name)s” is not an encoding that is read here. Known are %(known)s.")
            % {"name": name.replace("\0", ""), "known": ", ".join(ENCODINGS)}
        )
    return found


def encoding_label(name: str) -> str:
    """What a person knows this encoding as."""
    return str(ENCODINGS.get(name, name))


def other_encodings(wrong: str) -> str:
    """A sentence that says what to try instead of an encoding in which the file cannot be read."""
    if wrong == "utf-8":
        return gettext("Let the encoding be found out, or try Windows-1252, in which older Windows programs write.")
    return gettext("Let the encoding be found out, or try UTF-8.")
