"""What other systems call the place where a lead came from → ours. Pure."""

from lifecycle.events import Inquiry

_PIECES: tuple[tuple[Inquiry, tuple[str, ...]], ...] = (
    (Inquiry.PORTAL, ("zillow", "realtor.com", "trulia", "redfin", "homes.com", "portal", "idealista", "rightmove")),
    (Inquiry.PORTAL, ("property finder", "bayut", "opcity", "apartments.com", "streeteasy")),
    (Inquiry.OPEN_HOUSE, ("open house", "openhouse")),
    (Inquiry.REFERRAL, ("referral", "referred", "past client", "sphere", "word of mouth", "friend")),
    (Inquiry.SIGN_CALL, ("sign call", "yard sign", "sign rider", "for sale sign")),
    (Inquiry.WALK_IN, ("walk in", "walkin", "office visit")),
    (Inquiry.SOCIAL, ("facebook", "instagram", "tiktok", "linkedin", "twitter", "youtube", "social", "pinterest")),
    (Inquiry.WEBSITE, ("website", "web site", "idx", "web form", "landing page", "our site", "organic search")),
    (Inquiry.PHONE, ("phone", "call in", "inbound call", "incoming call")),
)


def inquiry(words: str) -> str:
    """One of ``Inquiry``; ``import`` where the words are none or nobody here knows them."""
    said = " ".join(words.casefold().replace("-", " ").replace("_", " ").split())
    if not said:
        return Inquiry.IMPORT.value
    for kind, pieces in _PIECES:
        if any(piece in said for piece in pieces):
            return kind.value
    return Inquiry.IMPORT.value
