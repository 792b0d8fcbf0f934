"""First days: how a lead came in, the calls nobody answered, the talk that made it real."""

#: What a person wrote into the form, by where it came in. The first word of the source: whose words they are.
WEBSITE = (
    'Web form: "{own_why} Looking for a {home} in {town}, must have {must}."',
    'Web form: "{own_why} Is {hood} realistic at {budget}?"',
    'Asked through the site: "Can someone tell me what a {home} in {hood} really goes for?"',
    'Saved search for {town} up to {budget}, then used the contact form: "Please text, I am at work until 5."',
    'Form: "{own_why} Open to {other} too."',
    'Used the affordability calculator, left a number: "{own_why}"',
    'Web form: "Interested in a {home}. We need {must}. When could we talk?"',
    '"{own_why} What would be the first step?" (web form)',
    'Downloaded the buyer guide, ticked "call me": {town}, {budget}.',
    'Form: "How long does it take from here to keys? {own_why}"',
    "Asked for the disclosure packet of a {home} in {hood}.",
    'Form: "Please no sales pitch. {own_why} {Home}, {town}."',
)
PORTAL = (
    'Portal inquiry on a {home} in {hood}: "Is this still available?"',
    'Portal: "I\'d like to tour this {home} on the weekend." Listed near {budget}.',
    "Came through the portal on a listing in {town}, default message, real number.",
    'Portal inquiry: "{own_why} Would the seller look at {budget}?"',
    "Portal, asked for a video tour of a {home} in {hood}.",
    'Portal: "Why has this been on the market 40 days? Interested if it has {must}."',
    "Third portal inquiry in a week for {hood}, looks serious.",
    "Portal: wants the HOA documents before a tour, {home} in {town}.",
)
PHONE = (
    "Called the office line, asked for somebody who knows {town}.",
    "Called about a {home} we do not list, stayed on for ten minutes anyway.",
    "Rang at lunch: {own_why}",
    "Called the main number. {home}, {hood}, {budget}. Call back after six.",
    "Called from the car outside an open house in {hood}, wants an agent of their own.",
    "Phoned in, got our number from the credit union.",
)
WALK_IN = (
    "Walked in with a printed list of six listings in {town}, three are pending already.",
    "Walked in, waited ten minutes, nice about it. {home} near {hood}.",
    "Stopped by after the farmers' market. {own_why}",
    "Walked in with the pre-approval letter in hand, {budget}.",
    'Came to the counter and asked what "as is" means. Good questions after that.',
)
OPEN_HOUSE = (
    "Signed in at the open house in {hood}, stayed 40 minutes, measured the bedroom.",
    'Open house sheet, {hood}: "yes" at "no agent yet".',
    "Met at Sunday's open house. Not that house, but {home} in {town} yes.",
    "Open house in {hood}, came back for a second look after lunch.",
    "Open house sign-in, asked twice about {must}.",
    "Brought a tape measure to the open house. {own_why}",
)
SIGN_CALL = (
    "Called the number on the sign in {hood}, wanted the price. Above {budget}, but looking nearby.",
    "Sign call from the sidewalk in {hood}.",
    "Sign call, lives two blocks away and wants a {home} on the same street.",
)
REFERRAL = (
    'Referred by a past client in {hood}: "they will take good care of you".',
    "Introduced by {lender}, file is already open there.",
    "Referral from a colleague in Sacramento, relocation, {budget}.",
    "Neighbor of a buyer we closed with last year. {own_why}",
    "Sent by the attorney who did our probate sale in {town}.",
    "Referral from the yoga studio downstairs, of all places. {home}, {town}.",
)
SOCIAL = (
    'Answered our post about first-time programs: "does this work for a {home} in {town}?"',
    "Sent a message after the short video on {hood}.",
    "Commented on the price reduction in {hood}, then wrote directly.",
    "Clicked the {town} market report, left a phone number.",
)

#: What came through the form when it was not a lead at all, by the reason it was trashed for.
ODD_FORMS: dict[str, tuple[str, ...]] = {
    "spam_or_bot": (
        'Form: "Hello dear, your site can be first in all the searches."',
        'Form: "Buy now best price click here", eleven links.',
        'Form: "asdf asdf asdf".',
        'Form, filled in two seconds: "Earn from home today."',
    ),
    "fake_identity": (
        'Form: "Cash buyer, must see inside today without agent, send code."',
        'Portal: "I am abroad on an oil rig, my agent will wire you the deposit."',
    ),
    "vendor_or_solicitor": (
        'Form: "Quick question about who handles your marketing?"',
        'Form: "We stage homes and would love to partner."',
        'Form: "Are your sellers ready for solar?"',
    ),
    "test_record": ('Form: "test test please ignore".',),
    "other": ('Form: "For a class: what does a house cost here, and why?"',),
}
#: The first talk with somebody who stands at the counter, or on the other end of the line.
RIGHT_THERE = (
    "Talked right there, five minutes.",
    "Got ten minutes between two other people. Card exchanged.",
    "Short first talk on the spot.",
    "Walked them to the door and half a block further.",
    "First questions answered, the rest by phone.",
    "Short talk, wants listings before words.",
    "Exchanged numbers, they were in a hurry.",
    "Two minutes, good eye contact, call agreed.",
)
CALLED_BACK = (
    "Called back at once, got three minutes.",
    "Back on the line after a minute, they were driving. Later, then.",
    "Called back, the price was the question and I had the answer.",
    "Reached on the first try, short.",
    "Called back before they had put the phone away.",
)
NO_ANSWER = (
    "",
    "",
    "",
    "Rang out.",
    "No one there at nine, at noon, at five.",
    "Line busy, tried once more after lunch.",
    'Picked up, "in a meeting", gone.',
    "Ringing with a foreign tone, maybe traveling.",
    "Call screening asked who I am, then nothing.",
    "Nothing. Weekday mornings do not work for them.",
    "No answer, mailbox full.",
    "No pickup, will try after six.",
    "Straight to voicemail, did not leave one.",
    "Rang six times, nothing.",
    "Picked up and hung up, maybe at work.",
    "No answer. Different time of day next.",
    "Busy twice.",
)
VOICEMAIL_AGAIN = (
    "Another voicemail. Will switch to text.",
    "LVM again, friendlier each time.",
    "Voicemail full, then not full. Left one.",
    "Message left: happy to just answer questions, no pressure.",
    "One more voicemail, different hour.",
    "Voicemail, told them which of the two is still there.",
    "LVM, said this is the last one this week.",
)
VOICEMAIL = (
    "LVM, said the {hood} list is ready when they are.",
    "Left a message from the car, apologized for the wind.",
    "Voicemail, asked one thing only: evening or morning?",
    "Left the office number too, in case they block cells.",
    "LVM: {budget} goes further in {other} than they may think.",
    "Message left, kept it to ten seconds.",
    "Voicemail. Said I would be in {hood} on Saturday anyway.",
    "Left a message with my name spelled.",
    "LVM about the price change near {hood}.",
    "Left a message, mentioned {must}.",
    "LVM: two {town} listings that fit, call or text.",
    "Left a message, short, with my cell.",
    "Voicemail. Mentioned the {home} coming up in {hood}.",
    "LVM, offered Saturday morning.",
    "Left word about the new listing near {hood}.",
    "LVM. Sounded like a work number, kept it neutral.",
    "Left a message about rates, asked if {budget} is still the number.",
    "Voicemail, said I would e-mail three options tonight.",
    "LVM with two times that work for a call.",
    "Left a message. Greeting is in the right name at least.",
)
TEXTED_AGAIN = (
    "Text: the {hood} one went pending, two others like it.",
    "Text after the voicemail, same question in one line.",
    "Texted: asked if {town} is still the plan.",
    "Text, one line, one photo, no question this time.",
    "Texted: the open house in {hood} moved to Saturday.",
)
TEXTED = (
    'Text: "{agent} again. Two minutes on {town}, when you have them?"',
    "Sent a map pin from {hood}.",
    'Texted: "Not selling anything today, just answering your question from the form."',
    "Text with the one number they asked for.",
    'Text: "Saturday 11 or Sunday 2?"',
    "Texted the open house times for {hood}.",
    "Texted a floor plan with {must} circled.",
    "Short text, delivered, not read.",
    'Text: "Should I keep looking in {town} for you?"',
    'Texted: "Hi {first}, {agent} from Lake & Larkin. Good time to talk about {town}?"',
    "Text with a link to a {home} in {hood}.",
    'Texted a photo of the sign in {hood}: "this one just came up".',
    "Short text, asked evening or weekend.",
    'Text: "Is {must} still on the list? Saw one today."',
    "Texted two slots for a call.",
    "Texted my card and the office address.",
)
MAILED = (
    "E-mail with the map of {town} and where {budget} goes how far.",
    "Sent the first-time buyer calendar of the county.",
    "Mailed a sample agreement, so that nobody is surprised later.",
    "E-mailed the three steps and who does which.",
    "Sent what just closed within half a mile of {hood}.",
    "Mail: one listing, one honest paragraph.",
    "Mailed three listings in {town} with one line each on why.",
    "Sent the buyer guide and the list of lenders.",
    "E-mail: what {budget} buys in {hood} and in {hood2}, side by side.",
    "Sent last month's sold prices for {hood}.",
    "Mailed the timeline from offer to keys, they asked for it in the form.",
    "E-mail with two that fit, asked which one is closer.",
    "Sent the answers to the three questions from the form.",
    "E-mailed a plan: lender this week, tours the next.",
    "Long e-mail, sorry. Programs, prices, next step.",
    "Sent the disclosure packet they asked for.",
)
LAST_TRY = (
    'Last try. Left the door open: "call me any time, I keep your search running".',
    "Last attempt from my side, message left with the search link.",
    'Wrote the "should I close your file?" e-mail. Usually wakes them up.',
    "Final text: no pressure, search stays on.",
    "Tried a different hour once more. Nothing.",
    "One more voicemail, then I let it rest.",
)
#: The first real talk.
SPOKE = (
    "Spoke 15 min. {why}. Wants to think about timing and call back.",
    "Reached at last. {why}. Sends the lender letter tonight.",
    "Good call. {home}, {must}. {why}.",
    "Talked between two of my showings. {why}. Longer call tomorrow.",
    "Picked up on the second ring. {why}.",
    "Ten minutes on the phone: {why}. Has not talked to a lender yet, sent two names.",
    "Spoke. {town} first, {other} if it has to be. {why}.",
    "Long talk, mostly about {hood}. {why}.",
    "Called back on their lunch break. {why}. Prefers text from now on.",
    "Nice talk. Knows the market. {why}.",
    "Spoke with both on speaker. {why}.",
    "Friendly but careful. {why}. Does not want to be on ten lists.",
    "Spoke. Asked how we get paid, explained the agreement, no problem with it.",
    "Reached from the office line, my cell is blocked it seems. {why}.",
    "Walked through the steps on the phone. {why}.",
)
REPLIED = (
    'Texted back: "sorry, crazy week. Yes, still looking."',
    'Replied: "the second one, can we see it?"',
    "Wrote back from the train, wants to talk at seven.",
    "Answer came at midnight: three questions, good ones.",
    '"Yes to {town}, no to {other}." Short and clear.',
    "Replied with the lender letter attached.",
    'Text back: "call me after 6".',
    'Replied to the sold list: "so {budget} is not crazy?"',
    'Answered: "who is this?" then remembered.',
    "Replied: {must} first, the address second.",
)
COFFEE = (
    "Met at the office, coffee, 40 minutes. {why}.",
    "Met in {hood} and walked three blocks together.",
    "Sat down with the numbers, theirs and mine.",
    "Met at the counter, drew the map on paper: {hood}, {hood2}, nothing else.",
    "Met for half an hour before their shift.",
)
#: Opening of the note that makes a lead QUALIFIED; {why}, {money}, {timing} follow.
QUALIFYING = (
    "{why}. {money}. {timing}",
    "{money}. {why}. {timing}",
    "{why}. {money}.",
    "Real. {why}. {money}. {timing}",
    "{money}. Must have: {must}. {timing}",
    "{why}. Wants {must}. {money}.",
    "Lender confirmed by phone. {money}. {timing}",
    "{home} in {town}, {must}. {money}. {timing}",
    "Toured the idea on paper, numbers hold. {money}. {timing}",
    "{why}. {timing} {money}.",
)
#: The same, of a lead that had been archived and is here a second time.
REQUALIFYING = (
    "Back for real this time. {money}. {timing}",
    "Everything has moved since last time: {money}. {timing}",
    "Same wish, better numbers. {money}. Wants {must}.",
    "New letter, new deadline. {money}. {timing}",
    "Went through the old notes together, half no longer true. {money}. {timing}",
    "Second start. {why}. {money}.",
)
EARLY_DAYS = (
    "Left a message, no call back so far.",
    "Trying to find a time, they are traveling.",
    "Lender intro sent to {lender}, waiting for the letter.",
    "Asked for the letter again.",
    "Wants to talk to the partner first.",
    'Said "next week". It is next week, left a text.',
    "Half a conversation in a parking lot. More on the phone.",
)
