"""The reason codes that a fresh office starts with. A code is immutable and never deleted; its label may change.

The group is what makes "how many collapses had a financing cause?" work before and after contract alike.
"""

from dataclasses import dataclass
from enum import StrEnum

from .events import Kind


class Group(StrEnum):
    FINANCING = "financing"
    PROPERTY_CONDITION = "property_condition"
    VALUATION = "valuation"
    TITLE_LEGAL = "title_legal"
    CONTINGENCY = "contingency"
    CLIENT_CHOICE = "client_choice"
    COUNTERPARTY = "counterparty"
    TIMING = "timing"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "financing": "Financing",
            "property_condition": "Property condition",
            "valuation": "Valuation",
            "title_legal": "Title and legal",
            "contingency": "Contingency",
            "client_choice": "Client's choice",
            "counterparty": "The other side",
            "timing": "Timing",
            "other": "Other",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code as the rules see it: which kinds it explains, whether it may still be picked."""

    code: str
    label: str
    group: Group
    kinds: frozenset[str]
    retired: bool = False


OTHER = "other"
NOT_RECORDED = "not_recorded"
RECONSENTED = "lead_reconsented"
DUPLICATE_OF = "duplicate_of"
PERFORMANCE = "performance"
INITIAL_ROUTING = "initial_routing"

#: Written by the rules themselves, so they cannot be retired.
INDISPENSABLE = frozenset({INITIAL_ROUTING, NOT_RECORDED})

#: ``other`` explains nothing by itself, so it always comes with a note of at least this many characters.
OTHER_NOTE_LENGTH = 20

G, K = Group, Kind

_SEED: tuple[tuple[str, str, Group, tuple[Kind, ...]], ...] = (
    ("financing_preapproval_lost", "Pre-approval lost", G.FINANCING, (K.DEAL_COLLAPSED,)),
    ("financing_affordability", "Cannot afford it after all", G.FINANCING, (K.DEAL_COLLAPSED,)),
    ("job_or_income_change", "Job or income changed", G.FINANCING, (K.DEAL_COLLAPSED, K.CONTRACT_VOIDED)),
    ("offer_rejected", "Offer rejected", G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("outbid", "Outbid", G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("no_suitable_inventory", "Nothing suitable on the market", G.TIMING, (K.DEAL_COLLAPSED,)),
    ("property_withdrawn", "Property withdrawn", G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("seller_counter_unacceptable", "Seller's counter unacceptable", G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("cold_feet", "Cold feet", G.CLIENT_CHOICE, (K.DEAL_COLLAPSED, K.CONTRACT_VOIDED)),
    ("paused_search", "Paused the search", G.TIMING, (K.DEAL_COLLAPSED,)),
    ("life_event", "Life event", G.CLIENT_CHOICE, (K.DEAL_COLLAPSED, K.CONTRACT_VOIDED)),
    ("relocation_changed", "Relocation changed", G.TIMING, (K.DEAL_COLLAPSED,)),
    ("contingent_home_unsold", "Own home did not sell", G.CONTINGENCY, (K.DEAL_COLLAPSED,)),
    ("agreement_expired", "Agreement expired", G.TIMING, (K.DEAL_COLLAPSED,)),
    ("agreement_terminated_by_client", "Client ended the agreement", G.CLIENT_CHOICE, (K.DEAL_COLLAPSED,)),
    ("agreement_terminated_by_broker", "We ended the agreement", G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("switched_agent", "Went to another agent", G.CLIENT_CHOICE, (K.DEAL_COLLAPSED,)),
    ("client_unresponsive", "Client stopped answering", G.CLIENT_CHOICE, (K.DEAL_COLLAPSED,)),
    ("financing_denied", "Loan denied", G.FINANCING, (K.CONTRACT_VOIDED,)),
    ("financing_rate_lock_expired", "Rate lock expired", G.FINANCING, (K.CONTRACT_VOIDED,)),
    ("appraisal_low", "Appraisal came in low", G.VALUATION, (K.CONTRACT_VOIDED,)),
    ("inspection_findings", "Inspection findings", G.PROPERTY_CONDITION, (K.CONTRACT_VOIDED,)),
    ("repair_negotiation_failed", "No agreement on repairs", G.PROPERTY_CONDITION, (K.CONTRACT_VOIDED,)),
    ("title_or_deed_issue", "Title or deed issue", G.TITLE_LEGAL, (K.CONTRACT_VOIDED,)),
    ("insurance_unobtainable", "Insurance unobtainable", G.PROPERTY_CONDITION, (K.CONTRACT_VOIDED,)),
    ("hoa_or_disclosure_issue", "HOA or disclosure issue", G.TITLE_LEGAL, (K.CONTRACT_VOIDED,)),
    ("survey_or_zoning_issue", "Survey or zoning issue", G.TITLE_LEGAL, (K.CONTRACT_VOIDED,)),
    ("contingent_sale_failed", "Contingent sale failed", G.CONTINGENCY, (K.CONTRACT_VOIDED,)),
    ("buyer_default", "Buyer defaulted", G.CLIENT_CHOICE, (K.CONTRACT_VOIDED,)),
    ("seller_default", "Seller defaulted", G.COUNTERPARTY, (K.CONTRACT_VOIDED,)),
    ("property_damage", "Property damaged", G.PROPERTY_CONDITION, (K.CONTRACT_VOIDED,)),
    ("closing_deadline_missed", "Closing deadline missed", G.TIMING, (K.CONTRACT_VOIDED,)),
    ("mutual_release", "Mutual release", G.COUNTERPARTY, (K.CONTRACT_VOIDED,)),
    ("not_interested", "Not interested", G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("timeline_over_12_months", "More than 12 months away", G.TIMING, (K.ARCHIVED_MANUALLY,)),
    ("renting_instead", "Renting instead", G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("bought_elsewhere", "Bought elsewhere", G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("working_with_other_agent", "Works with another agent", G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("out_of_service_area", "Outside our area", G.OTHER, (K.ARCHIVED_MANUALLY,)),
    ("not_financeable_now", "Not financeable now", G.FINANCING, (K.ARCHIVED_MANUALLY,)),
    ("unresponsive", "Does not answer", G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("requested_no_contact", "Asked not to be contacted", G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("referred_out", "Referred out", G.OTHER, (K.ARCHIVED_MANUALLY,)),
    ("deceased", "Deceased", G.OTHER, (K.ARCHIVED_MANUALLY,)),
    ("invalid_phone", "Phone number does not exist", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("email_bounced", "E-mail bounced", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("both_channels_dead", "Phone and e-mail both dead", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("wrong_person", "Wrong person", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("fake_identity", "Fake identity", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("spam_or_bot", "Spam or bot", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    (DUPLICATE_OF, "Duplicate of another lead", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("vendor_or_solicitor", "Vendor or solicitor", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("test_record", "Test record", G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    (INITIAL_ROUTING, "Initial routing", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("sla_breach", "First contact was late", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("schedule_conflict", "Schedule conflict", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("pto_or_leave", "Time off or leave", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("agent_departed", "Agent left the office", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("workload_balance", "Workload balance", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("specialty_match", "Better match by specialty", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("language_match", "Better match by language", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("territory", "Territory", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("client_request", "Client asked for it", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("conflict_of_interest", "Conflict of interest", G.OTHER, (K.AGENT_ASSIGNED,)),
    (PERFORMANCE, "Performance", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("returned_to_pool", "Returned to the pool", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("correction", "Correction of a mistake", G.OTHER, (K.AGENT_ASSIGNED,)),
    ("site_activity", "Active on our site again", G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("replied", "Replied", G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("new_inquiry", "New inquiry", G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("referral_returned", "Referral came back", G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("agent_outreach_worked", "Our outreach worked", G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("lead_request_phone", "Lead asked by phone", G.OTHER, (K.FLAG_SET,)),
    ("lead_request_email", "Lead asked by e-mail", G.OTHER, (K.FLAG_SET,)),
    ("lead_request_text", "Lead asked by text", G.OTHER, (K.FLAG_SET,)),
    ("lead_request_in_person", "Lead asked in person", G.OTHER, (K.FLAG_SET,)),
    ("unsubscribe_link", "Unsubscribe link", G.OTHER, (K.FLAG_SET,)),
    ("sms_stop", "Replied STOP to a text", G.OTHER, (K.FLAG_SET,)),
    ("hard_bounce", "Hard bounce", G.OTHER, (K.FLAG_SET,)),
    ("spam_complaint", "Spam complaint", G.OTHER, (K.FLAG_SET,)),
    ("legal", "Legal requirement", G.OTHER, (K.FLAG_SET,)),
    ("import", "Came with an import", G.OTHER, (K.FLAG_SET,)),
    (RECONSENTED, "Lead agreed again", G.OTHER, (K.FLAG_CLEARED,)),
    ("set_in_error", "Was set in error", G.OTHER, (K.FLAG_CLEARED,)),
    ("address_corrected", "Address corrected", G.OTHER, (K.FLAG_CLEARED,)),
    ("mis_drag", "Dropped on the wrong column", G.OTHER, (K.MOVE_VOIDED,)),
    ("wrong_lead", "Wrong lead", G.OTHER, (K.MOVE_VOIDED,)),
    ("too_early", "Too early", G.OTHER, (K.MOVE_VOIDED,)),
    ("duplicate_entry", "Entered twice", G.OTHER, (K.MOVE_VOIDED,)),
    (
        OTHER,
        "Other",
        G.OTHER,
        (
            K.DEAL_COLLAPSED,
            K.CONTRACT_VOIDED,
            K.ARCHIVED_MANUALLY,
            K.BOGUS_CONTACT_DETECTED,
            K.AGENT_ASSIGNED,
            K.LEAD_RE_ENGAGED,
            K.MOVE_VOIDED,
        ),
    ),
    # Only imported facts carry it, so no form offers it: it explains no kind of ours.
    (NOT_RECORDED, "Not recorded", G.OTHER, ()),
)

SEED: tuple[Reason, ...] = tuple(
    Reason(code, label, group, frozenset(k.value for k in kinds)) for code, label, group, kinds in _SEED
)

#: Kinds that are refused without a reason code.
NEED_REASON = frozenset(
    {
        K.DEAL_COLLAPSED,
        K.CONTRACT_VOIDED,
        K.ARCHIVED_MANUALLY,
        K.BOGUS_CONTACT_DETECTED,
        K.AGENT_ASSIGNED,
        K.LEAD_RE_ENGAGED,
        K.FLAG_SET,
        K.FLAG_CLEARED,
        K.MOVE_VOIDED,
        K.REASON_CORRECTED,
    }
)
