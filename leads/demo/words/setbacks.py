"""Why deals fell apart: for each reason the sign before, the note itself and the talk after, as one story."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setback:
    """``before``: a contact some days earlier. ``note``: what the move demanded. ``after``: how it went on."""

    before: str
    note: str
    after: str


B = Setback

COLLAPSES: dict[str, tuple[Setback, ...]] = {
    "financing_preapproval_lost": (
        B(
            "{lender} wants the last two pay stubs again, does not say why.",
            "{lender} withdrew the letter: new car loan showed up on the credit pull.",
            "They return the car if they have to. Seeing {lender} about it next week.",
        ),
        B(
            "Asked {first} to stop opening cards until we close. Too late for one, it seems.",
            "Letter from {lender} gone, score dropped 40 points over a store card at 90% of its limit.",
            "Card is paid off, re-score takes about 30 days.",
        ),
        B(
            "{lender} asked for a second year of returns, the first letter was only a computer's opinion.",
            "Underwriter counts 60% of the self-employed income. Pre-approval does not survive that.",
            "Talking to a lender with bank-statement loans. We keep looking, quietly.",
        ),
    ),
    "financing_affordability": (
        B(
            "Went through the monthly payment with taxes and insurance, long silence on the line.",
            "At {rate} the payment is $900 over what they pay now. They do not want to live like that.",
            "New ceiling agreed, smaller search. Sent what fits.",
        ),
        B(
            "Insurance quote for {street} is $5,800 a year. They asked me to run it again.",
            "Payment with insurance and taxes does not fit after all. Better now than in month three.",
            "Looking at townhouses with a lower ceiling.",
        ),
    ),
    "job_or_income_change": (
        B(
            "Mentioned a reorganization at work, nothing decided.",
            "Laid off on Friday. Agreement on hold, no offer without an income.",
            "Has two interviews. Asked to keep the search alive.",
        ),
        B(
            'Wants to change jobs "after closing". Told them please not before.',
            "Changed from salary to commission last week; {lender} needs two years of that.",
            "Lender number three may count the base pay. Waiting.",
        ),
    ),
    "offer_rejected": (
        B(
            "Offer on {street} is in at {lower}. Listing agent was polite, that is all.",
            "Seller refused {lower} without a counter. They do not want to go higher, want to look elsewhere first.",
            "Regrouped. Two new ones in {hood2} for the weekend.",
        ),
        B(
            "Our offer waits, seller is in no hurry.",
            "Rejected on {street}, the third this month. They need a break from writing.",
            "Short break over, touring without the intention to write. Helps.",
        ),
    ),
    "outbid": (
        B(
            "Eleven packets out on {street}. We go to {price}, that is the end.",
            "Outbid on {street} by $85k, all cash. They want to drop back to looking.",
            "Made a list of houses that sat for 30 days and more. Better hunting there.",
        ),
        B(
            "Highest and best is due at five.",
            "Lost {street} to a no-contingency offer. We would not have done that, and I said so.",
            "Less sad than last week. Back on tours.",
        ),
        B(
            "Listing agent hints at fourteen offers.",
            "Fourteen offers on {street}, ours was seventh. Agreement stays in the drawer until something calmer comes.",
            "Looking one town over, where things have a price and not an auction.",
        ),
    ),
    "no_suitable_inventory": (
        B(
            "Only two new listings in {town} this week, both with stairs.",
            "Nothing that has {must} for six weeks now. They ended the active phase, want to hear only of a perfect match.",
            "One possible match coming up in {other}, told them.",
        ),
        B(
            "Went through everything in {hood} of the last months. It's thin.",
            "No house with {must} under {budget} in two months, we stop pretending.",
            "Widened the map by {other}. Reluctantly.",
        ),
    ),
    "property_withdrawn": (
        B(
            "Seller of {street} asks for more time. Third time.",
            "Seller took {street} off the market, will rent it out. That was the only one they wanted.",
            "Wrote a letter to the owner, just in case. Meanwhile the next two in {hood}.",
        ),
        B(
            "Heard that the heirs of {street} do not agree among themselves.",
            "{street} withdrawn, probate. Nobody knows until when.",
            "Keeping an eye on the probate calendar, looking at others.",
        ),
    ),
    "seller_counter_unacceptable": (
        B(
            "Counter on {street} came back with a 60-day rent-back.",
            "Counter was {price} plus 60 days rent-back free. They need the house, not the seller in it. Walked.",
            "No regrets. Saw a similar one in {hood2}.",
        ),
        B(
            "Counter says as is, no credits, and the price went up.",
            "Seller's counter is $40k above our last number and refuses the sewer work. No.",
            "Told the other agent to call if the mood changes. On we go.",
        ),
    ),
    "cold_feet": (
        B(
            "Called at nine at night to ask what happens if they just don't.",
            'Ready to write on {street}, then could not. "It is too much money." I do not push.',
            "Coffee, no house talk for half of it. Wants to see things again, slowly.",
        ),
        B(
            "Very quiet in the car after the second visit.",
            "Both woke up with the same bad feeling about {street}. Step back, agreement rests.",
            "Better. Would like smaller and cheaper.",
        ),
        B(
            "Asked whether prices will fall. Asked again.",
            "Read that prices will drop and wants to wait for it. Told them what I know, they decide.",
            "Sends me articles. Still opens every listing too.",
        ),
    ),
    "paused_search": (
        B(
            "Wants to talk about a pause. No drama.",
            "Search paused until the tax return is in. Coming back in a couple of months.",
            "Light touch: one mail a month.",
        ),
        B(
            "Tired. Eleven weekends of open houses.",
            "They want their Sundays back for a while. Paused, friendly.",
            "First Sunday list since the pause, they asked for it.",
        ),
    ),
    "life_event": (
        B(
            "Family matter, cannot tour this week.",
            "Death in the family, everything on hold. Sent flowers from the office.",
            "They called. Slowly looking again, no deadline.",
        ),
        B(
            "Moved the offer call twice.",
            "Separating. No joint purchase for now, each will talk to a lender alone.",
            "One of them wants to continue alone with a smaller budget.",
        ),
    ),
    "relocation_changed": (
        B(
            "The company may move the start date.",
            "Transfer moved to next year, employer pays housing until then. No purchase now.",
            "HR says next year. We keep the search at low heat.",
        ),
        B(
            "Office may go fully remote, they say.",
            "Job turned remote, {town} is not needed any more. Thinking where they would like to live instead.",
            "{other} suddenly makes sense. New list sent.",
        ),
    ),
    "contingent_home_unsold": (
        B(
            "Their own place has had two showings in three weeks.",
            "Their condo did not sell, listing expired. Without it there is no down payment.",
            "Condo goes back on the market at a lower price. We wait with them.",
        ),
        B(
            "Buyer of their house is asking for a long escrow.",
            "Sale of their house fell out, so they can't write. Back to looking.",
            "New buyer for theirs, fingers crossed.",
        ),
    ),
    "agreement_expired": (
        B(
            "Agreement runs out at the end of the month, raised it.",
            "Agreement expired, they did not want to renew before a pause. No hard feelings.",
            "Still asks for my opinion on listings. I give it.",
        ),
        B(
            "Left two messages about the renewal.",
            "90 days are over, not renewed. They keep looking without paper for now.",
            "Renewal talk again after the weekend.",
        ),
    ),
    "agreement_terminated_by_client": (
        B(
            "Unhappy that we missed {street}. Heard them out.",
            "Ended the agreement in writing, wanted fewer houses and more advice. Fair point, told the broker.",
            "Broker called them. They stay with the office, without agreement for now.",
        ),
        B(
            "Asked how one gets out of the agreement.",
            "They want out, plan to try it alone at open houses. Released the same day.",
            "Came back with a question about disclosures. Answered it.",
        ),
    ),
    "agreement_terminated_by_broker": (
        B(
            "Third tour cancelled at the door.",
            "Bruna ended it: asks us to leave the bed damage out of an offer file. We do not.",
            "Told them calmly why. They understood more than I expected, lead stays open.",
        ),
        B(
            "Offer terms change every hour, wrote it down.",
            "We ended the agreement, four signed offers withdrawn within a day each. Sellers remember our name.",
            "Long talk with Bruna in the room. Looking only, for now.",
        ),
    ),
    "switched_agent": (
        B(
            "Mentioned a cousin with a license.",
            "Cousin got her license, they sign with her. Wished them well.",
            "Asked me for the sold list anyway. Sent it.",
        ),
        B(
            "Hard to reach since the last open house.",
            "Went with the listing agent of {street}. Explained dual agency, they know.",
            "That deal did not happen. They asked if I was still there.",
        ),
    ),
    "client_unresponsive": (
        B(
            "Two offers prepared, no signature on either.",
            "No answer for 12 days, offer deadline passed. Cannot stay in Committed like that.",
            'Finally a text: "sorry, hospital, all fine now".',
        ),
        B(
            "Voicemail, text, e-mail. Nothing since the tour.",
            "Silence since we drafted the offer on {street}. Moved back, the drawer keeps the draft.",
            "Got a thumbs-up emoji. It's something.",
        ),
    ),
    "other": (
        B(
            "They asked me to wait with the offer, would explain on the phone.",
            "Won a place in a below-market program in {other} and has to wait for its lottery step first.",
            "Program says eight weeks. We keep looking beside it.",
        ),
        B(
            "Passport question, odd one.",
            "Visa interview got moved, nothing may be signed before it. Employer's lawyer insists.",
            "Interview has a date. Tours again after that.",
        ),
    ),
}

VOIDS: dict[str, tuple[Setback, ...]] = {
    "financing_denied": (
        B(
            "Underwriter found the old student loan in forbearance.",
            "Loan denied on day 19: student loan counted at the full payment, ratio over 50%.",
            "Income-driven plan applied for. Credit union would take it then.",
        ),
        B(
            "{lender} asks about the gift for the third time.",
            "{lender} declined, gift donor would not show statements. Deposit is coming back.",
            "Aunt has agreed to show the statements. Too late for {street}, not for the next.",
        ),
        B(
            "Loan officer changed twice in one escrow.",
            "Denied: HOA has a lawsuit, {lender} does not lend in the building. Nothing about the buyers.",
            "No condos in litigation, added to the search. Portfolio lender found.",
        ),
    ),
    "financing_rate_lock_expired": (
        B(
            "Escrow drags, lock runs out on Friday.",
            "Lock expired while the seller's title problem dragged on; at {rate} they no longer qualify for {loan}.",
            "Waiting for a better week with rates. Letter for a bit less in hand.",
        ),
        B(
            "{lender} wants $3,200 to extend the lock.",
            "Nobody would pay the extension, lock is gone, payment $410 higher. Cancelled inside the contingency.",
            "New lender, float-down option this time.",
        ),
    ),
    "appraisal_low": (
        B(
            "Appraiser asked for comps twice.",
            "Appraised $65k under {price}. Seller would not move, they would not bring it in cash.",
            "They want to see comps for everything before the next offer. Right.",
        ),
        B(
            "Appraisal is back, bad number, calling the listing agent.",
            "Came in at {lower}. Second appraisal said the same. Mutual decision to let it go.",
            "Second start, calmer. Told them this says nothing about the next house.",
        ),
        B(
            "Asked {lender} for a reconsideration of value with four comps.",
            "Reconsideration refused, gap of $48k stays. Out under the appraisal contingency, deposit back.",
            "Looking at {hood2} where the comps are clearer.",
        ),
    ),
    "inspection_findings": (
        B(
            "Inspector called me from under the house. Never good.",
            "Foundation on the downhill side moved two inches, $120k repair. Out within contingency.",
            "They now own a level and use it at every tour.",
        ),
        B(
            "Sewer camera found roots and an offset.",
            "Knob-and-tube everywhere and a broken lateral, together $70k. Seller offered $8k. Done.",
            "Only houses with a report on file from now on.",
        ),
        B(
            "Mold test ordered for the lower bath.",
            "Mold behind the lower bath up to the joists. They have asthma in the house, no discussion.",
            "Relieved, actually. Touring again.",
        ),
    ),
    "repair_negotiation_failed": (
        B(
            "Asked $22k for roof and pest, waiting.",
            "Seller offered zero on a $22k list, then took back the fridge too. Buyers cancelled.",
            "We laughed about the fridge. Three new ones for Saturday.",
        ),
        B(
            "Third round on the repairs of {street}.",
            "Three rounds, still $14k apart on the roof. Contingency ran out, so did patience.",
            "Watching whether {street} comes back lower.",
        ),
    ),
    "title_or_deed_issue": (
        B(
            "Prelim shows a brother on the deed, nobody mentioned him.",
            "Brother of the seller holds a third and does not sign. Title will not insure.",
            "If the brother signs one day, we are first in line. Looking elsewhere.",
        ),
        B(
            "Old lien from a contractor, title works on it.",
            "Mechanic's lien of $31k disputed, seller will not clear it in our time. Cancelled.",
            "Asked for prelims before offers now.",
        ),
    ),
    "insurance_unobtainable": (
        B(
            "Five carriers declined the address.",
            "No carrier for {street}, the fair-plan quote is $9,400. Lender does not accept the payment.",
            "No canyon streets. Map redrawn with the insurance broker.",
        ),
        B(
            "Roof age is the problem for the insurer.",
            "Insurer wants a new roof before binding, seller says after. Nobody blinked.",
            "Roof under ten years goes on the must list.",
        ),
    ),
    "hoa_or_disclosure_issue": (
        B(
            "HOA minutes are 300 pages. Page 212 mentions balconies.",
            "Special assessment of $38k per unit for the balconies, not in the summary. Out.",
            "Reads minutes before touring now. I do not complain.",
        ),
        B(
            "Supplemental disclosure came on day 12.",
            "Late disclosure: fire in the unit below and an open claim. They used the right to cancel.",
            "A bit shaken, wants a house without shared walls.",
        ),
    ),
    "survey_or_zoning_issue": (
        B(
            "City says there is no permit for the back unit.",
            "In-law unit is not permitted and too close to the line, cannot be legalized. It was the point of the purchase.",
            "Talking to the city first next time. Two permitted ones found.",
        ),
        B(
            "Surveyor is out there, fence looks off.",
            "Garage stands four feet on the neighbor's lot. Neighbor wants money, seller wants none of it.",
            "Surveys first, they said before I could.",
        ),
    ),
    "contingent_sale_failed": (
        B(
            "Buyer of their house missed the deposit.",
            "Their own sale fell out, so ours did. Seller would not wait another 30 days.",
            "Their house is in contract again. We start over with a shorter chain.",
        ),
        B(
            "Their buyer's lender is slow.",
            "Chain broke two links down, released everybody.",
            "Considering a bridge loan, {lender} quotes it.",
        ),
    ),
    "buyer_default": (
        B(
            "Wire for the increased deposit has not arrived.",
            "Missed the second deposit and the notice to perform. Seller cancelled, keeps the first.",
            "Hard talk, but a talk. Wants another chance with smaller numbers.",
        ),
        B(
            "Notice to perform came by mail at noon.",
            "Buyers did not remove contingencies in time and did not answer the notice. Cancelled by seller.",
            "They apologized. Broker wants a deposit plan before the next offer.",
        ),
    ),
    "seller_default": (
        B(
            "Seller has not booked the movers.",
            "Seller refuses to leave, has nowhere to go. Lawyer says months. They take the deposit and go.",
            "They want an empty house next time. Understandable.",
        ),
        B(
            "Listing agent stopped answering.",
            "Seller signed with somebody else on the side. Attorney's letter is out, house is gone.",
            "Angry for a week, looking again since Sunday.",
        ),
    ),
    "cold_feet": (
        B(
            "Asked when exactly the deposit becomes theirs.",
            "Cancelled on the last day of the inspection period, nothing wrong with the house. Just no.",
            "Talked about what they really want: less house, more time.",
        ),
        B(
            "Could not sleep, called at 7 am.",
            "Backed out before removing contingencies. Deposit safe, nerves not.",
            "Would like to look again in a calmer month.",
        ),
    ),
    "job_or_income_change": (
        B(
            "Company announced cuts, their team too.",
            "Lost the job in week three of escrow. Told {lender} right away, as one must. Cancelled.",
            "New job signed, starts on the first. Lender needs one pay stub.",
        ),
    ),
    "life_event": (
        B(
            "Asked to move the signing, family.",
            "Father had a stroke, they move back to Fresno for now. Seller was kind about it.",
            "He is better. They would look at one-level houses, for all of them.",
        ),
        B(
            "Twins. They told me before their parents.",
            "Two bedrooms will not do any more. Cancelled inside the contingency.",
            "Same search plus two rooms.",
        ),
    ),
    "property_damage": (
        B(
            "Storm night, tree down on the block.",
            "Neighbor's tree went through the back roof of {street}. Seller's insurance needs months.",
            "Unlucky, but nobody was home. Looking again.",
        ),
        B(
            "Water under the door, seller called.",
            "Pipe burst between walk-through and closing, floors gone. Both sides agreed to end it.",
            "House may come back repaired. They do not want it any more.",
        ),
    ),
    "closing_deadline_missed": (
        B(
            "{lender} asks for another week. It is the third.",
            "Past the closing date by 12 days, seller took a backup offer in cash.",
            "New lender, local, picks up the phone.",
        ),
        B(
            "Wire did not leave because of a limit at their bank.",
            "Funds late over a holiday weekend, seller refused to extend. Bitter.",
            "Bank limit raised. Lesson paid for.",
        ),
    ),
    "mutual_release": (
        B(
            "Both sides have had enough of each other by now.",
            "Both sides signed the release, deposit back, nobody to blame.",
            "Clean start. Two tours on the weekend.",
        ),
        B(
            "Seller found nothing to move to, asked quietly.",
            "Seller has nowhere to go, buyers not in a hurry: released by agreement, costs shared.",
            "If {street} comes back they want a call.",
        ),
    ),
    "other": (
        B(
            "City notice on the door of {street}.",
            "City posted the building for a soft-story retrofit nobody knew about. Owners cannot transfer before that.",
            "Knows more about retrofits than I do by now. Next list is out.",
        ),
    ),
}
