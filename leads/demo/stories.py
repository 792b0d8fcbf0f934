"""Leads whose story is told by hand: the ones worth opening. Days count back from the end.

``Dana Ortiz`` is the timeline of the README.
"""

from collections.abc import Callable
from datetime import timedelta

from .office import Calendar
from .storyline import SCRIBE, Storyline
from .tale import Tale

Story = Callable[[Storyline, Calendar], None]


def dana(s: Storyline, calendar: Calendar) -> None:
    """Committed, lost the loan, came back, in contract, the appraisal was low: back in Qualified, with another agent."""
    t = Tale(s, "ryan")
    t.on(203, "09:12").asks(
        "website",
        'Web form: "Our lease ends soon and we would rather own. 3-bed, Alameda, a yard. Pre-approved to $920k."',
    )
    t.on(203, "09:14").called(
        "Reached right away, on her lunch break at the hospital. Knows every open house on the island. Tour on Saturday."
    )
    t.on(201, "11:05").met(
        'Saw 418 Heron Ct and 61 Saltmarsh Way. Heron has the yard, Saltmarsh has the kitchen. "Can we glue them together?"'
    )
    t.on(201, "17:20").moved(
        "QUALIFIED",
        "Letter from Harborlight Mortgage to $920k, 12% down. Needs three bedrooms and a yard for the dog. Would sign for the right house this month.",
    )
    t.on(194, "18:02").texted("Three new in the East End, one has an offer date already.")
    t.on(194, "19:31").heard('"The one on Fernside. Before Thursday?"')
    t.on(192, "12:40").met("1207 Lupine Way, twenty minutes inside, two hours on the sidewalk. They want to write.")
    t.on(191, "10:15").moved(
        "COMMITTED", "Both signed at my desk. Three months, Alameda only.", document="BRBC-2641-208.pdf"
    )
    t.on(189, "16:48").called('Offer on Lupine Way drafted at $905k. Lender says fine, "as of today".')
    t.on(186, "09:30").heard(
        '"Harborlight wants to know about my new schedule??" Per diem since the first of the month. First I hear of it.',
        "text",
    )
    t.on(184, "14:10").moved(
        "QUALIFIED", "Harborlight pulled the letter: hospital moved her to per diem and the hours are not averaged yet. Offer withdrawn before the deadline, seller side informed.",
        reason="financing_preapproval_lost",
    )  # fmt: skip
    t.on(183, "11:25").called(
        "Disappointed, not angry. Needs six months of per diem stubs or a permanent line. Agreed: no tours until then, one mail a month."
    )
    t.on(151, "10:05").mailed("What sold in the East End this month. No pressure.")
    t.on(128, "15:30").heard('"Permanent again since Monday!! 0.9, days. Does that count?"')
    t.on(128, "16:02").called(
        "It counts. Credit union instead of Harborlight this time, they look at the contract and not at the average."
    )
    t.on(121, "09:50").handed(
        "ana",
        "pto_or_leave",
        "On leave from Monday. Dana has met Ana on a three-way call, all notes are here.",
        by="ryan",
    )
    t.on(119, "13:15").met(
        "Coffee at the ferry. Ryan's notes are gold. First Tule Credit Union re-approved to $940k, fully underwritten this time, I asked for it in writing."
    )
    t.on(117, "17:40").flagged(
        "unsubscribed", "lead_request_email", '"The monthly report can stop now, I look at listings all day anyway."'
    )
    t.on(112, "18:20").met("Saw four. 27 Orchard View is it: yard, second bath, ten minutes to the hospital by bike.")
    t.on(111, "12:05").moved(
        "COMMITTED", "New agreement after the old one ran out. Signed on the phone, both.", document="BRBC-2655-731.pdf"
    )
    t.on(109, "15:45").called(
        "Offer at $928k with the underwritten letter and 21 days. Five others. Told her: this is the number, not one more."
    )
    t.on(107, "20:10").moved(
        "IN_CONTRACT", "We got 27 Orchard View at $928k. Second highest, cleanest paper. She screamed, the dog barked."
    )
    t.on(103, "10:30").met("Inspection: old water heater, good roof, no surprises under the house.")
    t.on(99, "16:15").called("Seller gives $4k for the water heater. Fine with everybody.")
    t.on(94, "09:40").noted(
        "Appraiser came yesterday. Used two sales from the West End as comps, I sent four from the same six blocks."
    )
    t.on(91, "11:55").heard('Appraisal is in: $871k. Credit union will not stretch. "Is it over?"', "email")
    t.on(90, "14:30").mailed("Reconsideration of value with four comps. Seller's agent was on copy, he is decent.")
    t.on(86, "10:20").moved(
        "QUALIFIED", "Appraised at $871k, $57k under the contract. Reconsideration refused, seller would come down $15k and no further. Out under the appraisal contingency, deposit is back.",
        reason="appraisal_low",
    )  # fmt: skip
    t.on(85, "18:30").called(
        "She laughed, which surprised me. Wants comps for every house before the offer from now on. So do I."
    )
    t.on(62, "11:00").met(
        "Two in Fernside. 902 Windmill Ave could be it, asked $890k, comps say $885k. They sleep on it."
    )
    t.on(41, "17:15").heard('"Windmill went pending while we slept. Lesson learned. Keep going?"')
    t.on(41, "17:40").called("Keep going. Loan letter is good for 60 more days.")
    t.on(9, "10:45").met("33 Sundial Way. Yard, three real bedrooms, $879k. Comps are printed and in her bag.")
    t.on(2, "12:20").heard('"Bike ride to work from Sundial: 11 minutes. Just saying."')


def marcus(s: Storyline, calendar: Calendar) -> None:
    """Unsubscribed, back, out again; who asks "why did you call me unsubscribed?" gets an answer with three dates."""
    t = Tale(s, "chloe")
    t.on(264, "13:05").asks(
        "social",
        'Commented on the price reduction in Broadmoor, then wrote: "Two of us, one income, is San Leandro possible?"',
    )
    t.on(264, "13:08").texted('"Hi Marcus, Chloe from Lake & Larkin. It is, tell me more."')
    t.on(263, "17:45").called("One income, good one. 2-bed, $690k at most, wants a porch. Lender intro tomorrow.")
    t.on(260, "10:20").moved(
        "QUALIFIED", "First Tule Credit Union to $700k, 10% down. Porch is not negotiable, everything else is."
    )
    t.on(251, "07:58").flagged("unsubscribed", "unsubscribe_link")
    t.on(249, "18:10").called(
        'Did not mean my listings, only "the newsletter with the recipes". Told him how to say so. Leaves it as it is for now.'
    )
    t.on(231, "11:30").met("Broadmoor, two porches. One leans.")
    t.on(217, "16:25").heard('"Can I get the weekly list again? I miss things."')
    t.on(217, "16:31").cleared(
        "unsubscribed", "lead_reconsented", '"Yes please switch the weekly list back on." Text of today, 4:25 pm.'
    )
    t.on(196, "12:00").met("1140 Plumtree Ave, straight porch. $705k, a stretch.")
    t.on(188, "06:41").flagged("unsubscribed", "unsubscribe_link")
    t.on(187, "17:50").called(
        "Out again, list came on his mother's birthday at six in the morning. Understood. Calls only."
    )
    t.on(170, "15:20").called("Rates went the wrong way for one income. Will rent another year and save.")
    t.on(169, "09:15").archived(
        "timeline_over_12_months",
        "Saves for another year, plan is realistic. Call then, no mailings: he opted out twice and means it.",
    )
    t.on(74, "10:10").noted(
        'His wife called to ask why the file says unsubscribed. Read her the three dates from the timeline. "Oh. Right. That was me."'
    )


def wei(s: Storyline, calendar: Calendar) -> None:
    """Two deals fell through, the third one closed."""
    t = Tale(s, "mei")
    t.on(251, "10:02").asks(
        "referral", "Introduced by a past client in Niles. Two engineers, one toddler, one grandmother.", typed_by="mei"
    )
    t.on(251, "10:04").called(
        "Long call, partly with the grandmother, who decides. 4 beds, one of them downstairs, Fremont."
    )
    t.on(248, "13:30").moved(
        "QUALIFIED", "Pacific Alder Bank to $1.62M, 25% down. One bedroom on the ground floor or no deal."
    )
    t.on(240, "11:15").met("Six houses in one Sunday, grandmother checked every stove.")
    t.on(232, "10:40").moved(
        "COMMITTED", "Signed in the car between house four and five.", document="BRBC-2611-415.pdf"
    )
    t.on(226, "19:20").called("12 Redbud Ct: $1.58M, nine offers, we are number two of nine.")
    t.on(225, "12:10").moved(
        "QUALIFIED",
        "Outbid on Redbud Ct by $140k in cash. Number two of nine is not a house. They want to step back from bidding.",
        reason="outbid",
    )
    t.on(224, "18:45").called(
        "Agreed to stay away from offer dates. List of everything older than 25 days goes out on Fridays."
    )
    t.on(198, "12:30").met("8 Kestrel Ln, 41 days on the market because of the photos. It is fine.")
    t.on(196, "11:05").moved("COMMITTED", "Renewed the agreement for Kestrel Ln.", document="BRBC-2622-090.pdf")
    t.on(193, "16:00").moved("IN_CONTRACT", "Kestrel Ln at $1.545M, nobody else wrote. 30 days.")
    t.on(187, "09:25").met("Inspection. Level shows what the photos hid: two inches over the living room.")
    t.on(183, "15:10").moved(
        "QUALIFIED", "Structural engineer: downhill foundation moves, $130k and six months. Seller says as is. Out on day ten, deposit returned.",
        reason="inspection_findings",
    )  # fmt: skip
    t.on(182, "20:05").heard('"Grandmother says she knew. She did say it, I have to admit."')
    t.on(160, "13:00").met("144 Almond Row, engineer came along this time. Dead level.")
    t.on(158, "10:30").moved(
        "COMMITTED",
        'Third agreement, same terms. "Third time is the charm," says the grandmother.',
        document="BRBC-2630-518.pdf",
    )
    t.on(156, "17:35").moved("IN_CONTRACT", "Almond Row, $1.57M, 30 days, engineer's letter attached to the offer.")
    t.on(149, "10:10").noted("Inspection clean. Grandmother approves the stove.")
    t.on(141, "14:20").called("Appraisal at value. Conditions: one bank statement.")
    t.on(128, "11:50").met("Walk-through. She has already chosen which lemon tree goes where.")
    t.on(126, "15:30").closed("Recorded at noon. Keys to the grandmother first, as discussed.", "Escrow 26-11408")
    t.on(96, "10:00").called("One month in. Lemons planted. They are sending us her sister.")


def ruth(s: Storyline, calendar: Calendar) -> None:
    """Void by insurance, then closed on flatter ground."""
    t = Tale(s, "ana")
    t.on(236, "11:20").asks(
        "open_house",
        'Open house in Joaquin Miller: "I have lived in four countries, I can live with a slope."',
        typed_by="ana",
    )
    t.on(236, "11:23").met("Same day, on the deck. Selling in Boston, all cash possible, would rather keep half of it.")
    t.on(234, "09:40").moved(
        "QUALIFIED", "Funds seen. 2-bed with a view, up to $1.05M, small loan from Brightwater Lending for the timing."
    )
    t.on(225, "15:15").met('Five in Montclair, all view. 70 Palisade Dr: "this one."')
    t.on(224, "10:30").moved("COMMITTED", "Signed, with a fountain pen.", document="BRBC-2604-377.pdf")
    t.on(221, "12:45").moved("IN_CONTRACT", "Palisade Dr at $1.02M, one counter.")
    t.on(215, "09:05").called(
        "Three insurers said no. Fourth wants the eucalyptus gone, which stand on the neighbor's lot."
    )
    t.on(209, "16:20").moved(
        "QUALIFIED", "No carrier for Palisade Dr, the fair-plan quote is $9,800 and the lender does not accept it. She does not want to be the only uninsured person on a hill.",
        reason="insurance_unobtainable",
    )  # fmt: skip
    t.on(208, "17:10").heard('"View is overrated. Show me something with a bus stop."', "email")
    t.on(199, "14:00").met(
        "Piedmont Avenue, on foot, no car. 215 Chestnut Row has a bus stop, a bakery and 11 carriers."
    )
    t.on(197, "10:15").moved("COMMITTED", "Same pen.", document="BRBC-2604-377-R.pdf")
    t.on(194, "18:30").moved(
        "IN_CONTRACT", "Chestnut Row, $985k, 21 days. Insurance bound before the inspection this time."
    )
    t.on(180, "11:00").noted("HOA of four, minutes on two pages, lovely.")
    t.on(173, "13:25").closed("Keys. She had brought her own screwdriver.", "Escrow 26-10677")
    t.on(150, "12:15").called("Bakery knows her by name.")


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


def amara(s: Storyline, calendar: Calendar) -> None:
    """A thumb on a phone: dropped on Committed, taken back two minutes later; both rows stay."""
    t = Tale(s, "ana")
    t.on(27, "16:10").asks("website", 'Form: "First purchase, Dimond or Laurel, 2-bed, I can do $640k. Is that funny?"')
    t.on(27, "16:12").called("Not funny at all. Knows her budget better than most. Saturday, two houses.")
    t.on(25, "11:30").met("Dimond, 450 Quince Ave, small and bright. Second one: no.")
    t.on(24, "09:15").moved(
        "QUALIFIED", "Eastgate Home Loans to $655k with the county program, class certificate in hand."
    )
    moved = t.on(13, "12:50").moved("COMMITTED")
    t.undone(moved, "mis_drag", "Thumb. Wanted to open the card, dropped it. Nothing is signed.", minutes=2.1)
    t.on(11, "18:20").called("Program approved for two more months. Good.")
    t.on(4, "13:05").met("77 Acorn Ter. Wants to see it in the rain. There will be rain.")


def stefan(s: Storyline, calendar: Calendar) -> None:
    """The first reason was the polite one: recorded as cold feet, corrected to what it was."""
    t = Tale(s, "ben")
    t.on(133, "10:45").asks("walk_in", "Walked in with a folder. Tabs.", typed_by="ben")
    t.met("Sat down at once. Spreadsheet with 40 houses, weighted. Columns I had not thought of.", minutes=2.0)
    t.on(131, "14:20").moved(
        "QUALIFIED", "Marrow & Finch Lending to $880k, 20% down. Castro Valley, commute column counts double."
    )
    t.on(118, "12:00").met("Ranks 1, 2 and 3 of the spreadsheet. Rank 3 won.")
    t.on(112, "17:10").moved("COMMITTED", "Signed after reading all of it, aloud.", document="BRBC-2648-903.pdf")
    t.on(106, "20:30").heard('"We need to stop for a moment. It does not feel right."')
    fell = t.on(105, "09:50").moved(
        "QUALIFIED",
        "Did not want to write on 5 Greenway Ct after all. No reason given that I could write down.",
        reason="cold_feet",
    )
    t.on(101, "16:15").called(
        "The reason has a number: with insurance the payment is $740 over the line in his spreadsheet. He was embarrassed."
    )
    t.on(98, "10:05").corrected(
        fell,
        "financing_affordability",
        "It was the payment, not the nerves: see the call of Monday. Matters for how we qualify.",
    )
    t.on(70, "13:40").met("New weights, new rank 1, $60k lower.")
    t.on(29, "15:25").moved("COMMITTED", "Signed again, shorter folder.", document="BRBC-2671-015.pdf")
    t.on(17, "12:10").called("Offer on 19 Gable Ct at $815k waits for the seller's return from a cruise.")
    t.on(5, "18:00").texted("Seller is back, counter tomorrow.")


def teresa(s: Storyline, calendar: Calendar) -> None:
    """Committed for eleven days and the signed paper is still somewhere in a car."""
    t = Tale(s, "darnell")
    t.on(64, "17:35").asks(
        "open_house", "Open house in Old Town Pinole, asked about the roof before hello.", typed_by="darnell"
    )
    t.on(64, "17:38").met("Stood on the porch for half an hour. Roofers' daughter, that explains it.")
    t.on(60, "11:20").moved("QUALIFIED", "Harborlight Mortgage to $745k. Wants a good roof or a price for a bad one.")
    t.on(40, "10:30").met("Three roofs, one house with it: 88 Bramble Ln.")
    t.on(11, "19:05").moved("COMMITTED", "Signed on the hood of my car at Bramble Ln. Scan follows.")
    t.on(8, "12:15").called("Offer at $720k. Roof has ten years left, she says, and so says the report.")
    t.on(4, "09:40").noted("Bruna asked for the paper. It is in the other car.")


def kenji(s: Storyline, calendar: Calendar) -> None:
    """A Sunday conversation, logged on Monday: the timeline shows when it was, and when it was written down."""
    t = Tale(s, "mei")
    created = t.on(39, "13:10").asks(
        "open_house", 'Open house sheet in Ardenwood: name, number, "yes, looking".', typed_by="mei"
    )
    t.nobody_called(created)
    t.on(38, "09:20").met(
        "Late entry: talked for 25 minutes at the open house yesterday, right after he signed the sheet. Moving back from Osaka with two cellos. The clock says late, because I logged it late.",
        late_hours=20.1,
    )
    t.on(36, "18:15").called("Two cellos, so humidity matters. No carpet, no fireplace, Fremont or Union City.")
    t.on(35, "10:00").moved(
        "QUALIFIED",
        "Pacific Alder Bank to $1.3M, foreign income documented. Needs a room that stays at 50% humidity; I have never had that one.",
    )
    t.on(24, "11:40").met("Alvarado, 300 Starling Way. He clapped in every room to hear it.")
    t.on(15, "16:50").met("Late entry, notebook: second visit with one cello. The living room won.", late_hours=29)
    t.on(6, "12:30").heard('"Wife arrives next week, she plays the other cello. Then we decide."', "email")


def kenji_again(s: Storyline, calendar: Calendar) -> None:
    """The same Kenji through the portal, same address, same number: trashed as a duplicate, the first lead has it all."""
    t = Tale(s, "ben")
    t.on(22, "15:02").asks("portal", 'Portal inquiry on 300 Starling Way: "Is the living room floor original?"')
    t.on(22, "15:05").no_answer("Rang out.")
    t.on(22, "15:20").moved(
        "TRASHED",
        "Duplicate check says Mei has him since the open house. Told her he asked about the floor.",
        reason="duplicate_of",
        duplicate="kenji",
    )


def ruth_again(s: Storyline, calendar: Calendar) -> None:
    """A second form with the work address."""
    t = Tale(s, "chloe")
    t.on(201, "08:50").asks("website", 'Form: "Bus lines on Piedmont Avenue?", from a university address.')
    t.on(201, "08:53").mailed("Sent the transit map.")
    t.on(201, "10:30").moved(
        "TRASHED", "It is Ruth from Ana's list with her work address.", reason="duplicate_of", duplicate="ruth"
    )


def olga(s: Storyline, calendar: Calendar) -> None:
    """Set aside as more than a year away, back after half of it: the fourth way into Qualified."""
    t = Tale(s, "ana")
    t.on(219, "11:10").asks(
        "phone", "Called the main number, wanted to know what a house costs before she asks a bank.", typed_by="ana"
    )
    t.on(219, "11:13").called(
        "Bakes for three cafes, self-employed for one year. Honest numbers. Needs a second tax return."
    )
    t.on(215, "10:25").archived(
        "timeline_over_12_months", "Second return is most of a year away. Wrote her the list of what a lender will ask."
    )
    t.on(140, "12:00").noted("Left a box of honey cake at the office. Not a lead activity, but it should be on record.")
    step = t.on(46, "21:35").moved("CONTACTING", reason="site_activity", source="api")
    step.actor = SCRIBE
    t.on(45, "09:30").called(
        "Fourth cafe, extension filed early, second return is in! A lender that counts 12 months of bank statements said yes."
    )
    t.on(44, "14:15").moved(
        "QUALIFIED",
        "Re-engaged and real: Saltbox Mortgage, bank-statement loan to $610k, 15% down. 2-bed in Maxwell Park with a kitchen that takes a deck oven.",
    )
    t.on(33, "10:10").met("Three kitchens. She measures doors, the oven has to get in.")
    t.on(20, "11:25").met("5 Fennel St: door 36 inches. She took a photo of the tape.")
    t.on(7, "17:30").called("County says a home bakery is fine there up to a limit. She is under it. For now.")


def lupe(s: Storyline, calendar: Calendar) -> None:
    """Trashed for a dead number; she corrected it herself this minute, so the clock runs again."""
    t = Tale(s, "chloe")
    t.on(6, "16:20").asks("portal", 'Portal inquiry on a 2-bed in Estudillo Estates: "call me please".')
    t.on(6, "16:23").no_answer('"Not in service."')
    t.on(5, "10:40").no_answer("Still not in service, mail bounced too.")
    t.on(5, "10:45").moved(
        "TRASHED", "Number is not in service, address bounced. Portal cannot help.", reason="both_channels_dead"
    )
    step = s.do(
        "move",
        actor=SCRIBE,
        source="form",
        to="NEW",
        contact={"phone": s.directory.phone()},
        note='Came back by the form with the right number: "I typed it wrong, sorry! Still looking."',
    )
    step.ago = timedelta(seconds=168)


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
STORIES: tuple[tuple[str, str, str, str, str, Story], ...] = (
    ("dana", "Dana", "Ortiz", "3-bed in Alameda, pre-approved to $940k", "QUALIFIED", dana),
    ("marcus", "Marcus", "Bell", "2-bed with a porch, San Leandro, $700k", "ARCHIVED", marcus),
    ("wei", "Wei", "Zhang", "4-bed in Fremont, one bedroom downstairs, $1.62M", "CLOSED", wei),
    ("ruth", "Ruth", "Feldman", "2-bed with a view, Oakland, up to $1.05M", "CLOSED", ruth),
    ("naomi", "Naomi", "Rosenthal", "Duplex in Richmond Annex, lives in one half", "CLOSED", naomi),
    ("gary", "Gary", "Whitcomb", "Wanted the value of the house next door", "ARCHIVED", gary),
    ("tomasz", "Tomasz", "Kowalczyk", "3-bed in El Cerrito, dark bedrooms, $1.04M", "IN_CONTRACT", tomasz),
    ("helen", "Eleni", "Papadakis", "One level near BART, cash to $760k", "QUALIFIED", helen),
    ("amara", "Amara", "Nwosu", "2-bed in Dimond or Laurel, first purchase, $655k", "QUALIFIED", amara),
    ("stefan", "Stefan", "Lindgren", "3-bed in Castro Valley, $880k, has a spreadsheet", "COMMITTED", stefan),
    ("teresa", "Teresa", "Fonseca", "3-bed in Pinole with a good roof, $745k", "COMMITTED", teresa),
    ("kenji", "Kenji", "Watanabe", "3-bed in Fremont, room for two cellos, $1.3M", "QUALIFIED", kenji),
    ("kenji-again", "Kenji", "Watanabe", "Asked about 300 Starling Way", "TRASHED", kenji_again),
    ("ruth-again", "R.", "Feldman", "Bus lines on Piedmont Avenue", "TRASHED", ruth_again),
    ("olga", "Olga", "Petrenko", "2-bed in Maxwell Park, kitchen for a deck oven, $610k", "QUALIFIED", olga),
    ("lupe", "Guadalupe", "Villanueva", "2-bed in Estudillo Estates", "NEW", lupe),
    ("luis", "Luis", "Carrillo", "3-bed in Hayward with his brother, two vans", "QUALIFIED", luis),
    ("kayla", "Kayla", "Mayfield", "3-bed with a view in San Leandro", "QUALIFIED", kayla),
    ("arjun", "Arjun", "Kulkarni", "1-bed condo near Grand Lake, $520k", "QUALIFIED", arjun),
)
