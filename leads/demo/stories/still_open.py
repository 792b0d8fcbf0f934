"""Stories that are still going on, or have only just come back."""

from datetime import timedelta

from ..office import BROKER, Calendar
from ..storyline import SCRIBE, Storyline
from ..tale import Tale


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
    """Committed for eleven days, the paper still in a car; and five days in contract that the broker took back."""
    t = Tale(s, "darnell")
    t.on(64, "17:35").asks(
        "open_house", "Open house in Old Town Pinole, asked about the roof before hello.", typed_by="darnell"
    )
    t.on(64, "17:38").met("Stood on the porch for half an hour. Roofers' daughter, that explains it.")
    t.on(60, "11:20").moved("QUALIFIED", "Harborlight Mortgage to $745k. Wants a good roof or a price for a bad one.")
    t.on(40, "10:30").met("Three roofs, one house with it: 88 Bramble Ln.")
    t.on(11, "19:05").moved("COMMITTED", "Signed on the hood of my car at Bramble Ln. Scan follows.")
    t.on(8, "12:15").called("Offer at $720k. Roof has ten years left, she says, and so says the report.")
    moved = t.on(7, "18:20").moved("IN_CONTRACT", "They took it!! $731k.")
    t.on(4, "09:40").noted("Bruna asked for the paper. It is in the other car.")
    t.on(2, "09:10").undone(
        moved,
        "too_early",
        "A counter at $731k is not an acceptance. She has not signed it. Called Darnell, he agrees.",
        by=BROKER,
    )


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
