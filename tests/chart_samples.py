"""A chart of every kind with figures as an office has them, and a page that shows them: for tests only."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from leads.reports.chart import (
    Axis,
    Bars,
    Chart,
    Curve,
    Curves,
    Flow,
    Funnel,
    Lines,
    Link,
    Mark,
    Meaning,
    Node,
    Range,
    Ranges,
    Series,
    Step,
    Value,
    percent,
)

DAY = 86_400
WEEKS = ["10 Mar", "17 Mar", "24 Mar", "31 Mar", "7 Apr", "14 Apr", "21 Apr", "28 Apr", "5 May", "12 May", "19 May"]
WEEKS += ["26 May"]
HOSTILE = '"><script>alert(1)</script>'
AGENTS = [
    "Ana Alvarez",
    "Ben Okafor",
    "Maximiliana Featherstonehaugh-Wolfeschlegelsteinhausen of the Northern Office",
    "שרה לוי־כהן",
    "👩🏽‍💻 Zoë 🏡",
    HOSTILE,
    "Nobody (pool)",
]


def values(sizes: list[float | None], unit: str = "", url: str = "") -> list[Value]:
    return [Value(size, "" if size is None else f"{size:g}{unit}", url=url) for size in sizes]


def by_agent() -> Bars:
    before = values([9, 6, 4, 3, 2, 1, 0], url="/search/?q=before")
    after = values([2, 5, 3, 1, 0, 1, 0], url="/search/?q=after")
    voided = values([0, 1, 0, 2, 0, 0, 0])
    return Bars(
        id="by-agent",
        caption="Deals that fell back, by who held the lead",
        names=AGENTS,
        series=[
            Series("before contract", before, Meaning.BACK),
            Series("from contract", after, Meaning.BAD),
            Series("quick returns", voided, Meaning.MUTED),
        ],
        axis=Axis.counts("Deals that fell back", 12),
        stacked=True,
        totals=["11 · 18%", "12 · 24%", "7 · 15%", "6 · 21%", "2 of 4", "2 of 3", "0"],
    )


def within_promise() -> Bars:
    shares = [0.91, 0.74, 0.62, 0.55]
    return Bars(
        id="promise",
        caption="First answer within five minutes",
        names=["Website", "Zillow", "Referral", "Open house sign-in sheet"],
        series=[Series("Share", [Value(s, percent(s), f"{percent(s)} of 40", "/search/?q=w") for s in shares])],
        axis=Axis.shares("Share of new leads"),
        mark=Mark(0.8, "team 80%"),
    )


def by_quarter() -> Bars:
    return Bars(
        id="by-quarter",
        caption="Fell back, quarter by quarter",
        names=["2025 Q3", "2025 Q4", "2026 Q1", "2026 Q2"],
        series=[
            Series("before contract", values([14, 11, 19, 8]), Meaning.BACK),
            Series("from contract", values([6, 9, 5, 7]), Meaning.BAD),
        ],
        axis=Axis.counts("Deals", 24),
        upright=True,
        stacked=True,
        totals=["20", "20", "24", "15"],
    )


def over_weeks() -> Lines:
    return Lines(
        id="over-weeks",
        caption="Entries a week",
        names=WEEKS,
        series=[
            Series("Qualified", values([12, 15, 11, 14, 18, 16, 13, 17, 21, 19, 16, 18]), Meaning.ACCENT),
            Series("Committed", values([6, 7, 5, 9, 8, 8, 7, 6, 10, 11, 9, 8]), Meaning.AGAIN),
            Series("Fell back", values([2, 1, 3, 2, None, 4, 2, 3, 5, 2, 3, 7]), Meaning.BACK),
        ],
        axis=Axis.counts("Leads", 21),
    )


def mix() -> Lines:
    return Lines(
        id="mix",
        caption="How the leads in Qualified came there",
        names=WEEKS,
        series=[
            Series("fresh", values([40, 42, 45, 43, 47, 50, 52, 49, 51, 55, 58, 57]), Meaning.FRESH),
            Series("fell back before contract", values([6, 7, 9, 9, 8, 10, 12, 11, 13, 12, 11, 12]), Meaning.BACK),
            Series("fell back from contract", values([2, 3, 2, 4, 4, 3, 5, 6, 5, 4, 6, 7]), Meaning.VOIDED),
            Series("re-engaged", values([3, 3, 4, 5, 5, 7, 8, 8, 9, 11, 12, 12]), Meaning.AGAIN),
        ],
        axis=Axis.counts("Leads", 88),
        filled=True,
    )


def mix_in_columns() -> Bars:
    lines = mix()
    columns = [Series(s.name, [Value(v.size, "", v.label) for v in s.values], s.meaning) for s in lines.series]
    caption, axis = "The same in columns", lines.axis
    return Bars(id="mix-columns", caption=caption, names=WEEKS, series=columns, axis=axis, upright=True, stacked=True)


def stays() -> Ranges:
    return Ranges(
        id="stays",
        caption="How long leads stay in a stage",
        ranges=[
            Range("New", 0.1 * DAY, 0.4 * DAY, 1.2 * DAY, "2 h · 10 h · 29 h", "…", "/search/?q=n"),
            Range("Contacting", 3 * DAY, 7 * DAY, 14 * DAY, "3 d · 7 d · 14 d"),
            Range("Qualified", 21 * DAY, 44 * DAY, 81 * DAY, "21 d · 44 d · 81 d"),
            Range("Committed", 18 * DAY, 39 * DAY, None, "18 d · 39 d · …", "Nine in ten: not reached yet"),
            Range("In contract", 31 * DAY, 38 * DAY, 52 * DAY, "31 d · 38 d · 52 d"),
        ],
        axis=Axis.spans("Time in the stage", 81 * DAY),
    )


def reached() -> Funnel:
    rows = [("New", 480), ("Contacting", 412), ("Qualified", 236), ("Committed", 121), ("In contract", 74)]
    rows += [("Closed", 58)]
    before = [480, *(size for _, size in rows)]
    steps = [
        Step(name, n, b - n, f"{n} · {percent(n / 480)}", f"−{b - n}", f"{n} of {b} went on", "/search/?q=f")
        for (name, n), b in zip(rows, before, strict=False)
    ]
    return Funnel(id="reached", caption="How far the leads of 2026 Q1 came", steps=steps)


def flow() -> Flow:
    back = Meaning.BACK
    nodes = [
        Node("q1", "Qualified", 0, Meaning.FRESH, "236 leads"),
        Node("c1", "Committed", 1, Meaning.ACCENT),
        Node("a1", "Archived", 1, Meaning.MUTED),
        Node("q2", "Qualified again", 2, back),
        Node("k1", "In contract", 2, Meaning.ACCENT),
        Node("x", "Closed", 3, Meaning.GOOD),
        Node("c2", "Committed again", 3, Meaning.AGAIN),
        Node("b", "Qualified again", 3, Meaning.VOIDED),
    ]
    links = [
        Link("q1", "c1", 121, Meaning.ACCENT, "121 leads", "/search/?q=x"),
        Link("q1", "a1", 70, Meaning.MUTED, "70 leads"),
        Link("c1", "k1", 74, Meaning.ACCENT, "74 leads"),
        Link("c1", "q2", 31, back, "31 leads"),
        Link("q2", "c2", 14, Meaning.AGAIN, "14 leads"),
        Link("k1", "x", 58, Meaning.GOOD, "58 leads"),
        Link("k1", "b", 11, Meaning.VOIDED, "11 leads"),
    ]
    return Flow(id="flow", caption="Where leads went from Qualified", nodes=nodes, links=links)


def still_there() -> Curves:
    def curve(name: str, pace: float, meaning: Meaning) -> Curve:
        points = [(d * DAY, round(pace**d, 3), f"day {d}: {percent(pace**d)} still there") for d in range(0, 91, 3)]
        return Curve(name, points, [20 * DAY, 41 * DAY, 60 * DAY, 75 * DAY], meaning)

    return Curves(
        id="still-there",
        caption="Leads still in Qualified, by days since they came in",
        curves=[curve("fresh", 0.97, Meaning.FRESH), curve("fell back", 0.985, Meaning.BACK)],
        across=Axis.spans("Time since they came in", 90 * DAY),
        axis=Axis.shares("Share still there"),
        mark=Mark(0.5, "half"),
    )


def grouped_bars() -> Bars:
    return Bars(
        id="beside",
        caption="This quarter beside the last",
        names=["Financing", "Inspection", "Buyer's remorse", "Home sale contingency"],
        series=[
            Series("this quarter", values([9, 4, 3, 1], url="/search/?q=t")),
            Series("last quarter", values([5, 6, 2, 2]), Meaning.MUTED),
        ],
        axis=Axis.counts("Deals", 9),
    )


def charts() -> list[Chart]:
    return [
        by_agent(),
        within_promise(),
        by_quarter(),
        grouped_bars(),
        over_weeks(),
        mix(),
        mix_in_columns(),
        stays(),
        reached(),
        flow(),
        still_there(),
    ]


def edges() -> list[Chart]:
    """What a young, an idle or a very large office has to show."""
    few, none = Axis.counts("Leads", 5), Axis.counts("Leads", 0)
    many = [f"{AGENTS[n % 6]} {n}" for n in range(57)]
    weeks = [f"week {n}" for n in range(60)]
    six = [Meaning.ACCENT, Meaning.GOOD, Meaning.AGAIN, Meaning.BACK, Meaning.VOIDED, Meaning.PLAIN]
    flat = [Series(f"line {meaning}", values([1, 0]), meaning) for meaning in six]
    day = Axis.spans("Time", DAY)
    return [
        Bars(id="e-many", caption="57 agents", names=many, series=[Series("s", values([1] * 57))], axis=few),
        Lines(id="e-weeks", caption="60 weeks", names=weeks, series=[Series("s", values([3] * 60))], axis=few),
        Lines(id="e-one", caption="One week", names=["10 Mar"], series=[Series("s", values([3]))], axis=few),
        Lines(id="e-flat", caption="All end at nought", names=["10 Mar", "17 Mar"], series=flat, axis=few),
        Bars(
            id="e-nought",
            caption="All nought",
            names=["a", "b"],
            series=[Series("s", values([0, 0])), Series("t", values([0, 0]), Meaning.BACK)],
            axis=none,
            stacked=True,
            totals=["0", "0"],
        ),
        Ranges(id="e-open", caption="Nobody left yet", ranges=[Range("New", None, None, None, "…")], axis=day),
        Funnel(id="e-funnel", caption="Nobody came", steps=[Step("New", 0, 0, "0"), Step("Contacting", 0, 0, "0")]),
        Flow(id="e-flow", caption="One", nodes=[Node("a", "A", 0), Node("b", "B", 1)], links=[Link("a", "b", 1)]),
        Curves(id="e-curve", caption="One", curves=[Curve("c", [(0, 1.0, "")])], across=day, axis=Axis.shares("Share")),
    ]


PAGE = """{% extends "base.html" %}{% load static %}
{% block styles %}<link rel="stylesheet" href="{% static 'css/charts.css' %}">{% endblock %}
{% block scripts %}{% include "reports/chart_scripts.html" %}{% endblock %}
{% block main %}<div class="page"><h1>Charts</h1>
{% for chart in charts %}<section class="panel" aria-label="{{ chart.caption }}"><div class="panel-body">
{% include "reports/chart.html" %}
<table class="table"><caption class="visually-hidden">{{ chart.caption }}</caption>
<tbody><tr><th scope="row">All</th><td><a href="/charts/">1</a></td></tr></tbody></table>
</div></section>{% endfor %}
</div>{% endblock %}"""


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    only = request.GET.get("only")
    shown = edges() if only == "edges" else [chart for chart in charts() if not only or chart.id == only]
    return HttpResponse(engines["django"].from_string(PAGE).render({"charts": shown}, request))


urlpatterns = [path("charts/", page), path("", include("crm.urls"))]
