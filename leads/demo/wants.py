"""What people look for: towns and prices, the house in their head, why they move and how they pay."""

from dataclasses import dataclass
from random import Random

from .names import Directory


@dataclass(frozen=True, slots=True)
class Town:
    """A town, its neighbourhoods, and what a three-bedroom house costs there (thousands of dollars)."""

    name: str
    hoods: tuple[str, ...]
    three_bed: int
    agents: tuple[str, ...]  # who usually works it


TOWNS: tuple[Town, ...] = (
    Town(
        "Oakland",
        ("the Laurel", "Dimond", "Glenview", "Maxwell Park", "Redwood Heights"),
        840,
        ("ana", "ben", "darnell"),
    ),
    Town("Oakland", ("Adams Point", "Grand Lake", "Cleveland Heights", "Ivy Hill"), 790, ("ana", "ben", "chloe")),
    Town("Oakland", ("Rockridge", "Temescal", "Piedmont Avenue"), 1240, ("ana", "darnell")),
    Town("Oakland", ("Montclair", "Oakmore", "Joaquin Miller"), 1180, ("ana", "darnell")),
    Town("Alameda", ("the East End", "Fernside", "the Gold Coast", "the West End", "Bay Farm"), 1090, ("chloe", "ana")),
    Town("San Leandro", ("Estudillo Estates", "Broadmoor", "Bay-O-Vista", "Washington Manor"), 860, ("chloe", "ben")),
    Town("Berkeley", ("Westbrae", "Thousand Oaks", "the Elmwood", "North Berkeley", "Lorin"), 1360, ("ana", "darnell")),
    Town("Albany", ("Albany Hill", "the blocks off Solano"), 1150, ("darnell", "ryan")),
    Town("El Cerrito", ("the flats", "Mira Vista", "the hills above Arlington"), 1040, ("ryan", "darnell")),
    Town("Richmond", ("Point Richmond", "Richmond Annex", "North and East", "Marina Bay"), 720, ("ryan", "ben")),
    Town("Castro Valley", ("Palomares Hills", "Greenridge", "the canyon side"), 1080, ("ben", "mei")),
    Town("Hayward", ("Fairview", "Southgate", "the hills near the university"), 800, ("ben", "mei")),
    Town("Fremont", ("Niles", "Centerville", "Irvington", "Ardenwood", "Mission San Jose"), 1480, ("mei",)),
    Town("Union City", ("Alvarado", "Decoto", "Seven Hills"), 1190, ("mei",)),
    Town("Newark", ("the lake streets", "Old Town"), 1020, ("mei", "ben")),
    Town("Walnut Creek", ("Saranap", "Northgate", "Parkmead"), 1290, ("ryan",)),
    Town("Concord", ("Dana Estates", "Clayton Valley", "Sun Terrace"), 770, ("ryan", "darnell")),
    Town("Martinez", ("downtown Martinez", "Virginia Hills"), 760, ("ryan",)),
    Town("Pinole", ("Old Town", "Pinole Valley"), 730, ("ryan", "darnell")),
    Town("Emeryville", ("Watergate", "the Park Avenue lofts"), 640, ("ana", "chloe")),
)

#: (what they call it, share of the three-bedroom price, beds)
HOMES: tuple[tuple[str, float, int], ...] = (
    ("3-bed", 1.0, 3),
    ("3-bed house", 1.02, 3),
    ("3-bed bungalow", 0.98, 3),
    ("2-bed bungalow", 0.82, 2),
    ("2-bed house", 0.84, 2),
    ("4-bed", 1.24, 4),
    ("4-bed house", 1.26, 4),
    ("2-bed condo", 0.56, 2),
    ("1-bed condo", 0.44, 1),
    ("3-bed townhouse", 0.8, 3),
    ("2-bed townhouse", 0.69, 2),
    ("duplex", 1.12, 4),
    ("fixer", 0.78, 3),
    ("house with an in-law unit", 1.16, 4),
    ("mid-century 3-bed", 1.1, 3),
)

STREETS: tuple[str, ...] = (
    "Alder Ct", "Bellweather Ln", "Cypressa St", "Marigold Way", "Quince Ave", "Halcyon Dr", "Tidewater St", "Juniper Ter",
    "Larkmead Ave", "Pomona Ct", "Saltmarsh Way", "Copperfield St", "Wisteria Ln", "Magnolia Ter", "Heron Ct", "Orchard View",
    "Sycamore Bend", "Plumtree Ave", "Dolores Ct", "Seabright St", "Kestrel Ln", "Almond Row", "Vista Loma", "Mariposa Ct",
    "Fennel St", "Ironwood Ave", "Palisade Dr", "Buckeye Ln", "Millrace St", "Lupine Way", "Poppyfield Ct", "Cannery Row Ct",
    "Windmill Ave", "Laurelwood Dr", "Acorn Ter", "Hillcrest Bend", "Chestnut Row", "Starling Way", "Redbud Ct", "Ferry Slip Ln",
    "Olivera St", "Thistle Ave", "Gable Ct", "Tannery St", "Bramble Ln", "Eucalyptus Pl", "Sundial Way", "Old Foundry St",
)  # fmt: skip

LENDERS: tuple[str, ...] = (
    "Harborlight Mortgage", "First Tule Credit Union", "Eastgate Home Loans", "Brightwater Lending",
    "Pacific Alder Bank", "Saltbox Mortgage", "Golden Poppy Credit Union", "Marrow & Finch Lending",
)  # fmt: skip

#: What it must have: anywhere, and only where there is a lot around the walls.
MUSTS: tuple[str, ...] = (
    "a second bathroom", "a quiet room for calls", "BART in walking distance", "off-street parking", "a step-free entry",
    "a gas-free kitchen", "space for an upright piano", "north light for a studio", "laundry inside the unit",
    "storage for four bikes", "two real offices", "an eat-in kitchen", "a view, even a small one", "a quiet street",
    "a bathtub", "high ceilings", "central air", "a short drive to 880", "a fireplace that works", "a gas-free kitchen",
    "a guest room", "a room that gets dark", "morning sun", "a bus line in front of the door", "a real pantry",
)  # fmt: skip
HOUSE_MUSTS: tuple[str, ...] = (
    "a fenced yard for two dogs", "a ground-floor room for a parent", "a garage that fits a workbench",
    "a lot that allows an ADU", "a driveway with a charger", "a flat yard for vegetables", "a roof younger than ten years",
    "a sewer lateral that is already done", "room for a kiln", "a kitchen that is not original", "a porch",
    "a detached garage", "a south-facing yard", "a roof that can take solar", "parking for a work van", "a lemon tree, or room for one",
    "a basement one can stand in", "a side gate wide enough for a trailer",
)  # fmt: skip

#: (in the lead's own words, as the agent writes it down)
WHYS: tuple[tuple[str, str], ...] = (
    (
        "Our lease is up and the landlord wants $450 more a month.",
        "Lease ends, landlord wants +$450, does not want to sign again",
    ),
    (
        "I'm done paying rent, I want to see if buying is realistic.",
        "Paying rent since forever, wants to know if owning pencils out",
    ),
    (
        "We are relocating from Portland for work and need to land quickly.",
        "Relocating from Portland, employer covers 60 days of housing",
    ),
    ("I start a new job in Emeryville soon.", "New job in Emeryville, wants a commute under 30 minutes"),
    ("We need one more room than we have.", "Needs one more room than the current place has, that is the whole reason"),
    ("My mother is moving in with us.", "Mother moves in, so ground-floor bedroom or separate unit"),
    (
        "We sold our place and are in a short-term rental.",
        "Sold their place already, in a month-to-month rental, wants out of it",
    ),
    (
        "Working from home in a one-bedroom is not working.",
        "Two people on calls in a one-bedroom, at the end of their patience",
    ),
    ("The house is too big for me now.", "Downsizing, the stairs are the issue, wants one level"),
    (
        "I inherited some money and would rather own than park it.",
        "Inheritance came through, wants it in a house, no rush but serious",
    ),
    ("My rent-controlled building was sold.", "Building was sold, new owner is offering buyouts, clock is ticking"),
    (
        "We got outbid five times with our last agent and need a new plan.",
        "Outbid five times with the last agent, tired, wants a strategy not listings",
    ),
    (
        "I've been watching prices for a year and I think it's time.",
        "Watched prices for a year, knows every listing, now ready to write",
    ),
    ("We want to live closer to my sister.", "Wants to be near the sister, so the map is small"),
    ("Roommates are moving out and I can finally buy.", "Roommates leave, saved the down payment, first purchase"),
    (
        "My partner got transferred to the Oakland office.",
        "Partner transferred to the Oakland office, start date is fixed",
    ),
    (
        "Divorce is final, I need my own place.",
        "Own place after the settlement, has the letter from the attorney for the lender",
    ),
    ("We'd like to stop commuting from Tracy.", "Commutes from Tracy, two hours a day, wants it over"),
    ("I'm a nurse at Highland and want to live near work.", "Nurse, night shifts, wants ten minutes to the hospital"),
    (
        "Looking for something I can live in and rent half of.",
        "House hack: live in one half, rent the other, ran the numbers already",
    ),
    ("Our condo got too expensive with the HOA.", "HOA went up twice in a year, wants out of the condo"),
    (
        "I teach in the district and heard there is a program.",
        "Teacher, qualifies for the assistance program, lender knows it",
    ),
    (
        "Just looking for now but would move for the right one.",
        "Says just looking; asks very precise questions for that",
    ),
    ("We want a garden before we are too old to dig.", "Wants soil, not a deck; everything else is negotiable"),
    (
        "We own in Sacramento and are moving back to the Bay.",
        "Moving back from Sacramento, house there goes on the market first",
    ),
    (
        "I run a small shop and need space for it at home.",
        "Runs a business from home, needs the garage or a unit for stock",
    ),
    ("The commute from Vacaville is killing me.", "Drives in from Vacaville, wants BART or a bike lane"),
    (
        "We are renting near the lake and love it, but we want our own.",
        "Rents near the lake, wants to stay in walking distance of it",
    ),
)

MONEY: tuple[str, ...] = (
    "Pre-approved to {budget} with {lender}, 20% down",
    "Letter from {lender} at {budget}, 15% down, could stretch a little",
    "{lender} says {budget} at today's rate, 10% down, reserves are fine",
    "Pre-approved {budget} ({lender}), W-2 income, clean file",
    "{lender} ran it: {budget}, self-employed with two good years",
    "Budget {budget}, 25% down from savings, letter from {lender} in hand",
    "FHA through {lender}, tops out at {budget}, 3.5% down plus seller credit if we can get it",
    "{budget} with {lender}; part of the down payment is a gift, letter is signed",
    "Fully underwritten at {lender} up to {budget}, that will help us in a bid",
    "Comfortable at {budget}, approved above that, wants to stay under",
    "Cash from a sale plus a small loan from {lender}, call it {budget}",
    "VA loan, {lender}, {budget}, no down payment needed",
    "{lender} at {budget}, debt-to-income is tight but it works",
    "Credit 760+, {lender} at {budget}, rate buydown is on the table",
)

TIMINGS: tuple[str, ...] = (
    "Wants keys within 90 days.",
    "Could move any time, no house to sell.",
    "Lease runs out in two months, month-to-month possible after that.",
    "No rush, but would write tomorrow for the right one.",
    "Has to be in before the school year.",
    "Ready to tour this weekend.",
    "Can only tour evenings and Sundays.",
    "Needs about six weeks to free up the down payment.",
    "Wants to be done by the end of the quarter.",
    "Flexible; would rather wait than settle.",
    "Decides fast, hates being pushed.",
    "Will not write above list on the first one, we talked about it.",
    "Both have to see it in person before anything.",
    "Out of town every second week, plan around it.",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One lead as the office gets to know them; ``words`` fills the slots of the sentences."""

    first: str
    name: str
    email: str
    phone: str
    headline: str
    town: Town
    words: dict[str, str]


def dollars(thousands: float) -> str:
    """``$920k`` or ``$1.15M``, the way agents write prices."""
    whole = int(round(thousands / 5) * 5)
    return f"${whole}k" if whole < 1000 else f"${whole / 1000:.2f}".rstrip("0").rstrip(".") + "M"


def house(rng: Random, budget: float) -> dict[str, str]:
    """One house on the market near that budget: where it stands, what is asked, what it goes for."""
    asked = budget * rng.uniform(0.88, 1.0)
    return {
        "street": f"{rng.randint(3, 99) * 10 + rng.randint(1, 9)} {rng.choice(STREETS)}",
        "asked": dollars(asked),
        "credit": f"${rng.choice((2, 3, 3.5, 4, 4.5, 5, 6, 6.5, 7, 7.5, 8, 9, 11, 12)):g}k",
        "price": dollars(min(asked * rng.uniform(0.99, 1.06), budget * 1.01)),
        "lower": dollars(asked * rng.uniform(0.9, 0.95)),
    }


_SHAPES: tuple[str, ...] = (
    "{home} in {town}, pre-approved to {budget}",
    "{home} in {town} under {budget}",
    "{home} near {hood}, up to {budget}",
    "{Home} in {hood}, wants {must}",
    "{home}, {town} or {other}, {budget}",
    "{town}: {home}, {must}, about {budget}",
    "{home} in {town}, first purchase, {budget}",
    "{home} around {hood}, {budget}, {must}",
    "{home}, {must}, {town}",
    "{hood} or nothing: {home} to {budget}",
    "{budget} for a {home} in {town}",
    "{home} close to {hood}, lender is {lender}",
)


def invent(rng: Random, directory: Directory, town: Town | None = None) -> Profile:
    """Somebody new with a house in their head."""
    given, family = directory.name()
    town = town or rng.choice(TOWNS)
    other = rng.choice([t for t in TOWNS if t.name != town.name and abs(t.three_bed - town.three_bed) < 260])
    home, share, beds = rng.choice([h for h in HOMES if town.name != "Emeryville" or "condo" in h[0]])
    thousands = town.three_bed * share * rng.uniform(0.9, 1.12)
    own, noted = rng.choice(WHYS)
    condo = "condo" in home
    crowded = ("garden", "condo", "room", "mother", "half", "shop") if condo else ("too big",) if beds > 2 else ()
    while any(word in own for word in crowded):
        own, noted = rng.choice(WHYS)
    words = {
        "first": given, "last": family, "town": town.name, "other": other.name, "home": home, "Home": home[0].upper() + home[1:],
        "beds": str(beds), "hood": rng.choice(town.hoods), "hood2": rng.choice(other.hoods), "must": rng.choice(MUSTS if condo else MUSTS + HOUSE_MUSTS),
        "budget": dollars(thousands), "lender": rng.choice(LENDERS), "own_why": own, "why": noted,
        "loan": dollars(thousands * 0.8), "rate": f"{rng.choice((5.875, 6.0, 6.125, 6.25, 6.375, 6.5, 6.625)):g}%",
        "k": str(round(thousands * 1000)),
    }  # fmt: skip
    fits = MONEY if thousands < 1000 else [line for line in MONEY if not line.startswith("FHA")]
    words["money"] = rng.choice(fits).format(**words)
    words["timing"] = rng.choice(TIMINGS)
    headline = rng.choice(_SHAPES).format(**words)
    area = "503" if "Portland" in own else "916" if "Sacramento" in own else ""
    name = f"{given} {family}"
    return Profile(
        first=given,
        name=name,
        email=directory.email(given, family),
        phone=directory.phone(area),
        headline=headline[0].upper() + headline[1:],
        town=town,
        words=words,
    )
