"""How leads leave the working columns: archived, trashed, opted out, handed on; and the small corrections."""

ARCHIVES: dict[str, tuple[str, ...]] = {
    "not_interested": (
        "Was only curious what the neighbor's house went for.",
        '"Please take us off the list, we are happy where we are." Polite.',
        "Does not want to buy, wanted the estimate.",
        "Changed their mind, nothing to do with us.",
    ),
    "timeline_over_12_months": (
        "Wants to buy when the lease ends, that is 14 months out. Reminder set.",
        "Needs two years of self-employed returns first. Next year.",
        "After graduation, so a year and more from now.",
        "Saving for the down payment, plan says 18 months. Sound plan.",
        "Waits for stock to vest, a year and a bit.",
    ),
    "renting_instead": (
        "Signed a two-year lease near {hood}. Rents are kinder than rates.",
        "Landlord gave them a better deal, they stay.",
        "Rents a house with a yard now, happy with that.",
    ),
    "bought_elsewhere": (
        "Bought in Vallejo off an open house, no agent.",
        "Found a new build in Lathrop, builder's agent.",
        "Bought from the aunt. Hard to compete with.",
        "Closed in {other} with their old agent, told me with a photo of the keys.",
    ),
    "working_with_other_agent": (
        "Has an agent, the form did not ask.",
        "Signed with a friend from work. Wished them luck.",
        "Works with the agent who sold their first place.",
    ),
    "out_of_service_area": (
        "Looks in Tahoe only, that is not us.",
        "Monterey or further down. Gave two names.",
        "Wants Stockton, we do not work there.",
    ),
    "not_financeable_now": (
        "{lender} says 12 to 18 months of repair on the credit. Sent them to the counselor we trust.",
        "Bankruptcy discharge needs another year. Knows it, good plan.",
        "No lender counts the income without two years of returns. Filing now, then we see.",
        "Debt too high until the truck is paid off.",
    ),
    "unresponsive": (
        'Four tries, one "call you back". Closing the file.',
        "Fell silent after the first list.",
        "Number works, nobody answers it. Enough.",
        "No sign of life since the tour.",
    ),
    "requested_no_contact": (
        "Asked not to be contacted again. Done the same minute.",
        'Wrote "do not contact me", all channels closed.',
    ),
    "referred_out": (
        "Moves to Seattle instead, referred to a good agent there.",
        "Commercial space, sent to our friends downtown.",
        "Looks in Marin, referred with 25%.",
        "Seller side in Modesto, referred.",
    ),
    "deceased": ("Daughter called. Sent condolences from the whole office.",),
    "other": (
        "Transferred to Texas after all, there is nothing to do here.",
        "Building their own on family land, needs a contractor and not us.",
    ),
}
TRASHES: dict[str, tuple[str, ...]] = {
    "invalid_phone": (
        "Number is not in service, mail stays without an answer.",
        "A digit is wrong somewhere, and nobody answers the mail.",
        '"The number you have dialed", three times.',
    ),
    "email_bounced": ("", "Bounced hard, and the phone rings nowhere."),
    "both_channels_dead": (
        "Phone disconnected, mail bounced.",
        "Neither the number nor the address exists.",
        "Tried both twice. Dead.",
    ),
    "wrong_person": (
        "Somebody else has this number since 2019 and is tired of it.",
        "Reached a bakery. Good bread, no buyer.",
        "The person who answered never filled in a form.",
    ),
    "fake_identity": (
        "The number is a pizza place, and nobody of that name ever worked there.",
        "Asked for a lockbox code within a minute, the license photo is a stock picture.",
    ),
    "spam_or_bot": ("", "Form filled in two seconds, text is about search rankings.", "Links only."),
    "vendor_or_solicitor": (
        "Sells staging, not looking for a house.",
        "Offers us leads. From a lead form.",
        "Solar sales.",
    ),
    "test_record": ("Otto testing the new form.", "Test from the web designer."),
    "duplicate_of": ("Same person with the work address.", "Filled the form twice, other lead has the history."),
    "other": ("Fourteen years old and doing a school project. Answered the questions anyway.",),
}
#: By who speaks it.
LANGUAGES: dict[str, str] = {
    "chloe": "Parents decide with them, and they prefer Vietnamese.",
    "ana": "Would rather do the contract talk in Spanish.",
    "mei": "Mandarin at home, English at work. Contract talk at home.",
}
HAND_OFFS: dict[str, tuple[str, ...]] = {
    "initial_routing": ("", "", "From the pool, nobody had called yet.", "Round robin."),
    "sla_breach": (
        "First call came too late, somebody else takes it from here.",
        "Waited too long for us. Fresh start with another voice.",
    ),
    "schedule_conflict": (
        "Can only tour on my closing days.",
        "Evenings only, mine are taken until next month.",
        "Both inspections at the same hour, cannot be in two places.",
    ),
    "pto_or_leave": (
        "Away for two weeks, handed over with all notes.",
        "Leave starts Monday, introduced by a three-way text.",
        "On leave until next month.",
    ),
    "workload_balance": (
        "Has 30 open leads, this one should not wait.",
        "Moved one over, balance.",
        "Quiet week over there, busy one here.",
    ),
    "specialty_match": (
        "Wants a duplex, that is rather your thing.",
        "Probate purchase, needs somebody who has done ten.",
        "New construction, builder contracts.",
    ),
    "territory": ("Looks only in {town} now.", "Map moved to {other}, so did the lead.", "Over the hill, not my side."),
    "client_request": (
        "Asked for somebody who answers after eight.",
        "Knows {to} from an open house and asked for them.",
        "Sister bought with {to}.",
    ),
    "conflict_of_interest": ("I list the house they want to write on.", "Related to the seller, by marriage."),
    "performance": (
        "Three unanswered messages in a week. Taking it over for the client's sake, we talk on Monday.",
        "Client complained about late answers, twice. Moved, coaching agreed.",
    ),
    "returned_to_pool": (
        "Cannot give this the time it needs.",
        "No chemistry, better with somebody else.",
        "Back to the pool before my leave.",
    ),
    "correction": ("Was meant for the other lead with the same family name.", "Routed by mistake."),
    "other": ("Neighbors for ten years, both would rather keep business out of it.",),
}
OPT_OUTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("unsubscribed", "unsubscribe_link"): ("",),
    ("unsubscribed", "lead_request_email"): ("\"Too many mails, please stop the list.\"", "Wants listings from me only, no newsletter."),
    ("unsubscribed", "spam_complaint"): ("",),
    ("do_not_text", "sms_stop"): ("",),
    ("do_not_text", "lead_request_phone"): ("Asked for calls only, texts get lost at work.",),
    ("do_not_call", "lead_request_text"): ("\"Please text, I cannot take calls on the floor.\"", "Works nights, no calls."),
    ("do_not_call", "lead_request_email"): ("Wrote that calls wake the household. E-mail only.",),
    ("do_not_email", "lead_request_phone"): ("Shared mailbox at work, nothing by mail please.",),
    ("do_not_email", "hard_bounce"): ("",),
    ("dnc", "lead_request_phone"): ("\"Take me off everything.\" Done while on the phone.",),
    ("dnc", "lead_request_email"): ("Asked in writing not to be contacted by anybody.",),
}  # fmt: skip
OPT_INS: dict[tuple[str, str], tuple[str, ...]] = {
    ("unsubscribed", "lead_reconsented"): (
        '"Yes, put me back on the listing mails, I miss them." By text.',
        'Asked at the open house to get the weekly list again: "please switch it back on".',
        '"I only meant the newsletter. Listings yes." E-mail.',
    ),
    ("do_not_text", "lead_reconsented"): ('"Texts are fine again, new phone."',),
    ("do_not_call", "set_in_error"): ("Was meant for the other number.",),
    ("do_not_email", "address_corrected"): ("New address, old job is over.",),
    ("do_not_text", "set_in_error"): ("STOP was an answer to another question.",),
}
CORRECTIONS = (
    "Looked at the file again, this is what it was.",
    "Talked to them once more, the first reason was only half of it.",
    "Lender's letter arrived, it says so plainly.",
    "Broker review, see the notes.",
)
LATE = (
    "Forgot to log this. ",
    "Logged from memory. ",
    "Late entry, was on the road. ",
    "From my paper notebook. ",
)
