"""Stories that reached their end, sold or set aside, after more than one try."""

from ..office import Calendar
from ..storyline import Storyline
from ..tale import Tale


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
    t.on(84, "09:15").cleared(
        "unsubscribed",
        "lead_reconsented",
        '"The report with the sold prices, please switch it on again." Mail of 9:02.',
    )
    t.on(62, "11:00").met(
        "Two in Fernside. 902 Windmill Ave could be it, asked $890k, comps say $885k. They sleep on it."
    )
    t.on(58, "06:48").flagged("unsubscribed", "unsubscribe_link")
    t.on(57, "12:10").called("She meant it: sold prices yes, but from me, not from a list at seven in the morning.")
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
