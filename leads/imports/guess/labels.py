"""How systems label their columns, by what the columns mean. Pure.

Spelled as ``words.spelled`` spells; of a role that one column may have the better labels come first. Not here, on
purpose: dates that are only expected (a deal's closing date), and addresses of other people (spouse, copies).
"""

from leads.imports import mapping as roles

LABELS: dict[str, tuple[str, ...]] = {
    roles.KEY: (
        *("lead id", "leadid", "record id", "id", "prospect id", "opportunity id", "deal id", "mql id", "contact id"),
        *("lead number", "external id", "client id", "customer id", "clave"),
    ),
    roles.NAME: (
        *("name", "full name", "contact name", "contact person", "lead name", "client name", "customer name"),
        *("potential name", "person name", "nombre completo", "full legal name"),
    ),
    roles.FIRST_NAME: ("first name", "firstname", "fname", "given name", "forename", "nombre"),
    roles.MIDDLE_NAME: ("middle name", "middlename", "mname", "middle initial"),
    roles.LAST_NAME: ("last name", "lastname", "lname", "surname", "family name", "apellidos", "apellido"),
    roles.COMPANY: (
        *("company", "company name", "associated company", "organization", "organisation", "deal organization"),
        *("account", "account name", "business name", "empresa"),
    ),
    roles.EMAIL: (
        *("email", "e mail", "email address", "e mail address", "primary email", "personal email", "home email"),
        *("work email", "other email", "second email", "secondary email", "email work", "email home", "correo"),
        *("correo electronico", "mail"),
    ),
    roles.PHONE: (
        *("phone", "phone number", "primary phone", "cell", "cell phone", "mobile", "mobile phone", "mobile number"),
        *("phone mobile", "phone cell", "telephone", "tel", "contact number", "home phone", "phone home"),
        *("work phone", "phone work", "other phone", "office phone", "telefono", "movil", "celular"),
    ),
    roles.HEADLINE: (
        *("headline", "what they want", "looking for", "requirements", "interested in", "property of interest"),
        *("property interest", "request subject", "deal title", "deal name", "opportunity name", "product"),
    ),
    roles.ADDRESS: ("full address", "address", "property address", "mailing address", "primary address"),
    roles.STREET: (
        *("street", "street address", "mailing street address", "mailing street", "home street", "address line one"),
        *("address line two", "address line 1", "address line 2", "property address line 1", "address 1 street"),
        *("property address line 2", "address 1", "address 2", "home address", "direccion", "calle"),
    ),
    roles.CITY: (
        *("city", "town", "home city", "mailing city", "primary city", "property address city", "address 1 city"),
        *("ciudad",),
    ),
    roles.REGION: (
        *("state", "province", "region", "state province", "home state", "mailing state", "primary state"),
        *("state abbrev", "property address state", "address 1 state", "provincia"),
    ),
    roles.POSTCODE: (
        *("zip", "zip code", "zipcode", "postal code", "postcode", "zip postal code", "home postal code"),
        *("mailing zip code", "mailing postal code", "primary zip", "property address zipcode", "address 1 zip"),
        *("codigo postal",),
    ),
    roles.COUNTRY: ("country", "country region", "home country region", "mailing country", "address 1 country", "pais"),
    roles.STATUS: (
        *("lead status", "deal status", "lead stage", "deal stage", "pipeline stage", "stage", "status"),
        *("contact status", "buyer status", "info status", "lifecycle stage", "etapa"),
    ),
    roles.OWNER: (
        *("lead owner", "contact owner", "deal owner", "opportunity owner", "potential owner", "record owner", "owner"),
        *("assigned to", "assigned agent", "assigned user", "agent name", "agent", "sales agent", "primary agent"),
        *("sales rep", "owner name", "owner id", "agent id", "assigned agents primary agent id", "agente"),
    ),
    roles.LEAD_SOURCE: (
        *("lead source", "leadsource", "source", "original source", "source name", "marketing channel"),
        *("lead origin", "origin", "origen"),
    ),
    roles.NOTE: (
        *("notes", "note", "agent notes", "description", "comments", "comment", "remarks", "insight", "message"),
        *("request details", "about", "lost reason", "notas"),
    ),
    roles.CREATED: (
        *("created time", "create date", "created date", "date created", "created at", "created on", "created"),
        *("deal created", "creation date", "date added", "added on", "registered date", "registration date"),
        *("lead date", "inquiry date", "first contact date", "fecha de creacion"),
    ),
    roles.MODIFIED: (
        *("modified time", "last modified date", "last modified time", "last modified", "modified date", "modified at"),
        *("modified on", "modified", "update time", "updated at", "updated on", "last updated", "last update"),
        *("updated", "fecha de modificacion"),
    ),
    roles.ENTERED: (
        *("last stage change", "stage change date", "stage changed at", "stage changed", "stage updated"),
        *("last status change", "status change date", "status changed at", "status changed", "status date"),
        *("date entered", "stage entered"),
    ),
    "reached:CONTACTING": ("contacted on", "contacted date", "date contacted", "first contacted", "engage date"),
    "reached:QUALIFIED": (
        *("qualification date", "qualified on", "qualified date", "date qualified", "qualified at", "converted date"),
    ),
    "reached:COMMITTED": (
        *("agreement signed on", "agreement signed date", "agreement date", "buyer agreement date", "booking date"),
        *("booked on", "signed on", "signed date", "committed on", "committed date", "date committed"),
    ),
    "reached:IN_CONTRACT": (
        *("under contract date", "under contract on", "contract date", "in escrow date", "escrow opened"),
        *("offer accepted on", "offer accepted date", "acceptance date", "pending date"),
        *("date under contract", "in contract date", "date in contract", "in contract on"),
    ),
    "reached:CLOSED": (
        "won time",
        "won date",
        "closed won date",
        "sold on",
        "sold date",
        "date sold",
        "funded on",
        "date won",
    ),
    "reached:ARCHIVED": (
        "lost time",
        "lost date",
        "lost on",
        "date lost",
        "archived on",
        "archive time",
        "date archived",
    ),
    # Salesforce's and Zoho's "email opt out" stops mass mailings; an agent may still write by hand.
    "flag:unsubscribed": (
        *("email opt out", "has opted out of email", "opted out of email", "email opted out", "unsubscribed"),
        *("unsubscribe", "email unsubscribed", "opt out", "opted out"),
    ),
    # Alone, "DNC" may mean the call registry or everything: the stricter is taken.
    "flag:dnc": ("dnc", "dnc status", "do not contact", "no contact"),
    "flag:do_not_email": ("do not email", "do not e mail", "no email"),
    "flag:do_not_text": ("do not text", "do not sms", "sms opt out", "text opt out", "has opted out of sms"),
    "flag:do_not_call": ("do not call", "phone dnc status", "phone dnc", "has opted out of call", "no calls"),
}

#: Closing dates: real ones once the deal is over, wishes until then. Their cells decide.
CLOSING = frozenset({"close date", "closing date", "closed date", "date closed", "closed on", "deal closed on"})
#: Somebody else's address, or no address at all, whatever stands in the column.
NOBODYS_ADDRESS = ("spouse", "cc ", "partner", "type", "bounced", "last email", "created", "owner", "agent")
