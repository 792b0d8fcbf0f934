"""Ben's three collapses of this quarter: the same cause each time, asked about too late."""

from ..office import Calendar
from ..storyline import Storyline
from ..tale import Tale


def _bens(calendar: Calendar) -> tuple[int, int, int]:
    """How many days ago Ben's three deals fell: spread over this quarter, or the last six weeks when it is young."""
    days = calendar.days_into_quarter()
    room = min(44, days) if days >= 12 else 44
    return max(2, int(room * 0.12)), int(room * 0.48), int(room * 0.9)


def luis(s: Storyline, calendar: Calendar) -> None:
    """The first of Ben's three: nobody had asked about the truck."""
    fell = _bens(calendar)[2]
    t = Tale(s, "ben")
    t.on(fell + 41, "10:25").asks("website", 'Form: "First house, Hayward, me and my brother. We both work."')
    t.on(fell + 41, "10:27").called("Two incomes, both electricians. Saturday at the office.")
    t.on(fell + 38, "12:15").moved(
        "QUALIFIED", "Online letter to $780k, says pre-qualified. Brother signs too. Southgate, garage for the tools."
    )
    t.on(fell + 20, "14:30").met("12 Copperfield St. Garage fits both vans.")
    t.on(fell + 14, "17:50").moved("COMMITTED", "Signed, both. They want Copperfield.", document="BRBC-2668-230.pdf")
    t.on(fell + 5, "16:20").called("Eastgate wants a real application now. Asked about the trucks for the first time.")
    t.on(fell, "10:35").moved(
        "QUALIFIED",
        "Two truck loans of $890 each were not in the online letter. Eastgate stops at $590k, Copperfield is $765k.",
        reason="financing_preapproval_lost",
    )
    if fell > 7:
        t.on(fell - 5, "18:10").called("They pay off one truck first. Looking at 2-beds meanwhile.")


def kayla(s: Storyline, calendar: Calendar) -> None:
    """The second: the payment with everything in it came after the agreement."""
    fell = _bens(calendar)[1]
    t = Tale(s, "ben")
    t.on(fell + 55, "15:40").asks(
        "social", 'Answered our post on first-time programs: "does this work in San Leandro?"'
    )
    t.on(fell + 55, "15:42").texted('"It does! Ben here. Call tonight?"')
    t.on(fell + 54, "18:20").called("Pharmacist, student loans, wants Bay-O-Vista for the view. Very excited.")
    t.on(fell + 50, "11:10").moved("QUALIFIED", "Letter to $850k from an online lender. View, two baths, no HOA.")
    t.on(fell + 30, "13:00").met("View. Lots of it. 9 Vista Loma, $840k.")
    t.on(fell + 18, "12:30").moved("COMMITTED", "Signed at the view.", document="BRBC-2669-511.pdf")
    t.on(fell + 4, "19:05").called(
        "Sent her the full payment sheet with insurance and supplemental tax. She asked twice if the number is monthly."
    )
    t.on(fell, "09:25").moved(
        "QUALIFIED",
        "Payment with everything is $1,150 over her line. We should have shown that sheet before the agreement, not after.",
        reason="financing_affordability",
    )
    if fell > 4:
        t.on(fell - 3, "17:15").called("Same town, lower street, $690k. She is fine with it, I feel bad.")


def arjun(s: Storyline, calendar: Calendar) -> None:
    """The third, this time out of contract."""
    fell = _bens(calendar)[0]
    t = Tale(s, "ben")
    t.on(fell + 70, "09:35").asks(
        "referral", "Referred by a colleague. Condo in Grand Lake, wants to walk everywhere.", typed_by="ben"
    )
    t.on(fell + 70, "09:38").called("Designer, contract work, good rates. 1-bed with light, $520k.")
    t.on(fell + 66, "16:45").moved(
        "QUALIFIED",
        'Marrow & Finch says "should be no problem" for $520k. Wants that in writing, told him it will come.',
    )
    t.on(fell + 44, "14:10").met("Third floor in Adams Point, corner, light from two sides.")
    t.on(fell + 30, "11:20").moved("COMMITTED", "Signed over lunch.", document="BRBC-2673-808.pdf")
    t.on(fell + 22, "17:30").moved("IN_CONTRACT", "Adams Point corner, $512k, 30 days, 17-day loan contingency.")
    t.on(fell + 9, "10:50").called("Underwriter asks for two years of contracts. He has fourteen months.")
    t.on(fell, "13:15").moved(
        "QUALIFIED",
        'Loan denied on day 16: fourteen months of contract work instead of 24. "Should be no problem" was nobody\'s underwriting.',
        reason="financing_denied",
    )
    t.on(max(1, fell - 1), "18:40").noted(
        "Bruna and I looked at all three of this quarter side by side. From now on: underwritten letter before Committed."
    )


#: (slug, given name, family name, town and wish, where it ends, the story)
