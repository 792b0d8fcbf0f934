"""Stories that took an odd turn before they ended."""

from ..office import Calendar
from ..storyline import Storyline
from ..tale import Tale


def naomi(s: Storyline, calendar: Calendar) -> None:
    """A first call that came late, a broker who stepped in, a closing all the same."""
    t = Tale(s, "darnell")
    created = t.on(176, "10:05").asks(
        "portal", 'Portal inquiry on a duplex in the Annex: "Is the back unit vacant? I can be there today."'
    )
    t.nobody_called(created)
    t.on(176, "13:50").called("Sorry, was at a closing. She had found the listing agent meanwhile. Wants to think.")
    t.on(175, "09:10").handed(
        "ryan", "sla_breach", 'Three hours and forty minutes for "I can be there today". Ryan knows the Annex.'
    )
    t.on(175, "09:40").called("Met her at the duplex at noon instead of apologizing. Back unit is vacant.")
    t.on(175, "12:20").moved(
        "QUALIFIED",
        "House hack, has done the numbers twice: Saltbox Mortgage to $810k, rent of the back unit counted at 75%.",
    )
    t.on(168, "15:30").met("Second duplex, tenants in both halves. No.")
    t.on(159, "11:45").moved("COMMITTED", "Signed for the Annex and Point Richmond.", document="BRBC-2617-662.pdf")
    t.on(155, "17:00").moved("IN_CONTRACT", "611 Tannery St, duplex, $775k, vacant back unit. 28 days.")
    t.on(148, "10:20").met("Inspection. Two water heaters, one strapped.")
    t.on(140, "14:15").called("Appraiser wants the rent survey, sent.")
    t.on(126, "16:05").closed(
        "Keys to both halves. Tenant for the back found the same day, her cousin.", "Escrow 26-11530"
    )
    t.on(30, "09:30").noted(
        "Repeat business: asks about a fourplex. New lead when it gets real, this one stays closed."
    )


def gary(s: Storyline, calendar: Calendar) -> None:
    """Asked for no contact, then called in himself; the one call back carries its reason."""
    t = Tale(s, "ben")
    t.on(160, "14:30").asks("website", 'Form: "What is my neighbor\'s house worth?"')
    t.on(160, "14:33").called("He wants a number for the neighbor's house. Not selling, not buying. Polite about it.")
    t.on(152, "10:15").voicemail("Left a message: the estimate is in his mail, did it help?")
    t.on(151, "09:02").heard('"Please do not call me again. No mails, no texts."')
    t.on(151, "09:10").archived("requested_no_contact", "Asked in writing, all channels closed the same minute.")
    t.flagged("dnc", "lead_request_text", "His text of 9:02, word for word: no calls, no mails, no texts.")
    t.on(47, "16:40").noted(
        "He called the office line himself: the neighbor is selling to him directly, and who can read a contract? Asked to be called back today."
    )
    t.on(47, "17:05").called(
        "Gave him the names of two attorneys. Not our deal, ten minutes well spent. Back to silence, as he wishes.",
        override_reason="He rang the office at 4:40 pm and asked to be called back today.",
    )


def tomasz(s: Storyline, calendar: Calendar) -> None:
    """Three agents in half a year, and the timeline knows when and why."""
    t = Tale(s, "darnell")
    t.on(188, "12:15").asks(
        "sign_call",
        'Sign call from the sidewalk in Mira Vista: "What do they want for it, and what do they get?"',
        typed_by="darnell",
    )
    t.on(188, "12:18").met("Was around the corner. Two nurses, opposite shifts, house must have a room that gets dark.")
    t.on(185, "16:30").moved(
        "QUALIFIED", "Golden Poppy Credit Union to $1.04M. El Cerrito, dark bedroom, parking for two at odd hours."
    )
    t.on(170, "10:20").met("One house, seen at 7 am and at 10 pm. Loud at both.")
    t.on(154, "09:45").handed(
        "ryan",
        "schedule_conflict",
        "They tour at 7 am or not at all, and I teach the licensing class at 7. Ryan starts early anyway.",
        by="darnell",
    )
    t.on(153, "07:10").met("First 7 am tour. They bring the coffee.")
    t.on(139, "07:20").met("Arlington side. Fog, but dark bedrooms guaranteed.")
    t.on(122, "15:05").handed(
        "chloe", "pto_or_leave", "Ryan is on leave from Monday. Chloe offered, she has the mornings."
    )
    t.on(121, "07:30").called(
        "Introduced myself at the end of her night shift. They do not want to explain everything again; they did not have to."
    )
    t.on(90, "07:15").met("2240 Halcyon Dr. Windows face the hill, dark as a cellar. They love it.")
    t.on(83, "08:05").flagged("do_not_call", "lead_request_text", '"Text only, one of us is always asleep."')
    t.on(60, "11:10").mailed("Price drop at Halcyon, with comps.")
    t.on(34, "13:20").moved("COMMITTED", "Signed by both, six hours apart.", document="BRBC-2660-144.pdf")
    t.on(30, "16:45").texted("Offer at $985k is in, answer tomorrow noon.")
    t.on(26, "12:02").moved(
        "IN_CONTRACT", "Halcyon Dr, $990k after one counter. 35 days, so that the shifts fit the signing."
    )
    t.on(19, "07:25").met("Inspection at dawn. Attic fan dead, rest is good.")
    t.on(11, "10:40").noted("Appraisal at value. Loan contingency comes off this week.")
    t.on(3, "15:15").texted("Contingency removed, both signatures in. Movers booked for a Tuesday.")


def helen(s: Storyline, calendar: Calendar) -> None:
    """Three messages without an answer; the broker moved the lead, and only brokers read why."""
    t = Tale(s, "darnell")
    created = t.on(72, "09:20").asks(
        "website",
        'Form: "Selling my mother\'s house in Pinole, buying one level near BART. Please call before noon, I teach after."',
    )
    t.nobody_called(created)
    t.on(72, "15:40").voicemail("After noon, of course. Left a message.")
    t.on(69, "18:05").called("Nice talk in the end. One level, near BART, $760k after the sale.")
    t.on(66, "12:30").moved(
        "QUALIFIED", "Mother's house is listed with a friend, buyer found already. Cash to $760k, no loan."
    )
    t.on(58, "08:15").heard('"Could we see the one on Fennel St this week?"')
    t.on(55, "08:20").heard('"Any news on Fennel St? It says pending soon."')
    t.on(51, "08:10").heard('"Never mind, Fennel St is gone. Is somebody else there I could talk to?"', "email")
    t.on(50, "09:05").handed(
        "chloe",
        "performance",
        "Three messages, no answer, and the house is gone. Moved to Chloe today; Darnell and I talk on Monday about his mornings.",
    )
    t.on(50, "09:30").called("Called before noon. She laughed. Two tours on Saturday.")
    t.on(44, "10:15").met(
        "El Cerrito flats, 18 Poppyfield Ct, two blocks to BART, one step at the door. A ramp would do."
    )
    t.on(31, "11:20").called("Contractor says the ramp is $2,400. She thinks about it.")
    t.on(12, "10:30").met("Three more, then Poppyfield again. Still there, price dropped by $15k.")
    t.on(1, "11:45").heard('"I dreamed of the ramp. Shall we sign something?"')
