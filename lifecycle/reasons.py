"""The reason codes that a fresh office starts with. A code is immutable and never deleted; its label may change.

The group is what makes "how many collapses had a financing cause?" work before and after contract alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .events import Kind
from .speech import gettext_noop, pgettext


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
        return _GROUP_LABEL[self]()


_GROUP_LABEL: dict[Group, Callable[[], str]] = {
    Group.FINANCING: lambda: pgettext("group of reasons", "Financing"),
    Group.PROPERTY_CONDITION: lambda: pgettext("group of reasons", "Property condition"),
    Group.VALUATION: lambda: pgettext("group of reasons", "Valuation"),
    Group.TITLE_LEGAL: lambda: pgettext("group of reasons", "Title and legal"),
    Group.CONTINGENCY: lambda: pgettext("group of reasons", "Contingency"),
    Group.CLIENT_CHOICE: lambda: pgettext("group of reasons", "Client's choice"),
    Group.COUNTERPARTY: lambda: pgettext("group of reasons", "The other side"),
    Group.TIMING: lambda: pgettext("group of reasons", "Timing"),
    Group.OTHER: lambda: pgettext("group of reasons", "Other"),
}


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
MIS_DRAG = "mis_drag"

#: Written by the rules themselves, so they cannot be retired.
INDISPENSABLE = frozenset({INITIAL_ROUTING, NOT_RECORDED, MIS_DRAG})

#: ``other`` explains nothing by itself, so it always comes with a note of at least this many characters.
OTHER_NOTE_LENGTH = 20

G, K, _ = Group, Kind, gettext_noop

_SEED: tuple[tuple[str, str, Group, tuple[Kind, ...]], ...] = (
    ("financing_preapproval_lost", _("Pre-approval lost"), G.FINANCING, (K.DEAL_COLLAPSED,)),
    ("financing_affordability", _("Cannot afford it after all"), G.FINANCING, (K.DEAL_COLLAPSED,)),
    ("job_or_income_change", _("Job or income changed"), G.FINANCING, (K.DEAL_COLLAPSED, K.CONTRACT_VOIDED)),
    ("offer_rejected", _("Offer rejected"), G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("outbid", _("Outbid"), G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("no_suitable_inventory", _("Nothing suitable on the market"), G.TIMING, (K.DEAL_COLLAPSED,)),
    ("property_withdrawn", _("Property withdrawn"), G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("seller_counter_unacceptable", _("Seller's counter unacceptable"), G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("cold_feet", _("Cold feet"), G.CLIENT_CHOICE, (K.DEAL_COLLAPSED, K.CONTRACT_VOIDED)),
    ("paused_search", _("Paused the search"), G.TIMING, (K.DEAL_COLLAPSED,)),
    ("life_event", _("Life event"), G.CLIENT_CHOICE, (K.DEAL_COLLAPSED, K.CONTRACT_VOIDED)),
    ("relocation_changed", _("Relocation changed"), G.TIMING, (K.DEAL_COLLAPSED,)),
    ("contingent_home_unsold", _("Own home did not sell"), G.CONTINGENCY, (K.DEAL_COLLAPSED,)),
    ("agreement_expired", _("Agreement expired"), G.TIMING, (K.DEAL_COLLAPSED,)),
    ("agreement_terminated_by_client", _("Client ended the agreement"), G.CLIENT_CHOICE, (K.DEAL_COLLAPSED,)),
    ("agreement_terminated_by_broker", _("We ended the agreement"), G.COUNTERPARTY, (K.DEAL_COLLAPSED,)),
    ("switched_agent", _("Went to another agent"), G.CLIENT_CHOICE, (K.DEAL_COLLAPSED,)),
    ("client_unresponsive", _("Client stopped answering"), G.CLIENT_CHOICE, (K.DEAL_COLLAPSED,)),
    ("financing_denied", _("Loan denied"), G.FINANCING, (K.CONTRACT_VOIDED,)),
    ("financing_rate_lock_expired", _("Rate lock expired"), G.FINANCING, (K.CONTRACT_VOIDED,)),
    ("appraisal_low", _("Appraisal came in low"), G.VALUATION, (K.CONTRACT_VOIDED,)),
    ("inspection_findings", _("Inspection findings"), G.PROPERTY_CONDITION, (K.CONTRACT_VOIDED,)),
    ("repair_negotiation_failed", _("No agreement on repairs"), G.PROPERTY_CONDITION, (K.CONTRACT_VOIDED,)),
    ("title_or_deed_issue", _("Title or deed issue"), G.TITLE_LEGAL, (K.CONTRACT_VOIDED,)),
    ("insurance_unobtainable", _("Insurance unobtainable"), G.PROPERTY_CONDITION, (K.CONTRACT_VOIDED,)),
    ("hoa_or_disclosure_issue", _("HOA or disclosure issue"), G.TITLE_LEGAL, (K.CONTRACT_VOIDED,)),
    ("survey_or_zoning_issue", _("Survey or zoning issue"), G.TITLE_LEGAL, (K.CONTRACT_VOIDED,)),
    ("contingent_sale_failed", _("Contingent sale failed"), G.CONTINGENCY, (K.CONTRACT_VOIDED,)),
    ("buyer_default", _("Buyer defaulted"), G.CLIENT_CHOICE, (K.CONTRACT_VOIDED,)),
    ("seller_default", _("Seller defaulted"), G.COUNTERPARTY, (K.CONTRACT_VOIDED,)),
    ("property_damage", _("Property damaged"), G.PROPERTY_CONDITION, (K.CONTRACT_VOIDED,)),
    ("closing_deadline_missed", _("Closing deadline missed"), G.TIMING, (K.CONTRACT_VOIDED,)),
    ("mutual_release", _("Mutual release"), G.COUNTERPARTY, (K.CONTRACT_VOIDED,)),
    ("not_interested", _("Not interested"), G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("timeline_over_12_months", _("More than 12 months away"), G.TIMING, (K.ARCHIVED_MANUALLY,)),
    ("renting_instead", _("Renting instead"), G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("bought_elsewhere", _("Bought elsewhere"), G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("working_with_other_agent", _("Works with another agent"), G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("out_of_service_area", _("Outside our area"), G.OTHER, (K.ARCHIVED_MANUALLY,)),
    ("not_financeable_now", _("Not financeable now"), G.FINANCING, (K.ARCHIVED_MANUALLY,)),
    ("unresponsive", _("Does not answer"), G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("requested_no_contact", _("Asked not to be contacted"), G.CLIENT_CHOICE, (K.ARCHIVED_MANUALLY,)),
    ("referred_out", _("Referred out"), G.OTHER, (K.ARCHIVED_MANUALLY,)),
    ("deceased", _("Deceased"), G.OTHER, (K.ARCHIVED_MANUALLY,)),
    ("invalid_phone", _("Phone number does not exist"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("email_bounced", _("E-mail bounced"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("both_channels_dead", _("Phone and e-mail both dead"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("wrong_person", _("Wrong person"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("fake_identity", _("Fake identity"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("spam_or_bot", _("Spam or bot"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    (DUPLICATE_OF, _("Duplicate of another lead"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("vendor_or_solicitor", _("Vendor or solicitor"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    ("test_record", _("Test record"), G.OTHER, (K.BOGUS_CONTACT_DETECTED,)),
    (INITIAL_ROUTING, _("Initial routing"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("sla_breach", _("First contact was late"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("schedule_conflict", _("Schedule conflict"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("pto_or_leave", _("Time off or leave"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("agent_departed", _("Agent left the office"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("workload_balance", _("Workload balance"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("specialty_match", _("Better match by specialty"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("language_match", _("Better match by language"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("territory", _("Territory"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("client_request", _("Client asked for it"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("conflict_of_interest", _("Conflict of interest"), G.OTHER, (K.AGENT_ASSIGNED,)),
    (PERFORMANCE, _("Performance"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("returned_to_pool", _("Returned to the pool"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("correction", _("Correction of a mistake"), G.OTHER, (K.AGENT_ASSIGNED,)),
    ("site_activity", _("Active on our site again"), G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("replied", _("Replied"), G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("new_inquiry", _("New inquiry"), G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("referral_returned", _("Referral came back"), G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("agent_outreach_worked", _("Our outreach worked"), G.OTHER, (K.LEAD_RE_ENGAGED,)),
    ("lead_request_phone", _("Lead asked by phone"), G.OTHER, (K.FLAG_SET,)),
    ("lead_request_email", _("Lead asked by e-mail"), G.OTHER, (K.FLAG_SET,)),
    ("lead_request_text", _("Lead asked by text"), G.OTHER, (K.FLAG_SET,)),
    ("lead_request_in_person", _("Lead asked in person"), G.OTHER, (K.FLAG_SET,)),
    ("unsubscribe_link", _("Unsubscribe link"), G.OTHER, (K.FLAG_SET,)),
    ("sms_stop", _("Replied STOP to a text"), G.OTHER, (K.FLAG_SET,)),
    ("hard_bounce", _("Hard bounce"), G.OTHER, (K.FLAG_SET,)),
    ("spam_complaint", _("Spam complaint"), G.OTHER, (K.FLAG_SET,)),
    ("legal", _("Legal requirement"), G.OTHER, (K.FLAG_SET,)),
    ("import", _("Came with an import"), G.OTHER, (K.FLAG_SET,)),
    (RECONSENTED, _("Lead agreed again"), G.OTHER, (K.FLAG_CLEARED,)),
    ("set_in_error", _("Was set in error"), G.OTHER, (K.FLAG_CLEARED,)),
    ("address_corrected", _("Address corrected"), G.OTHER, (K.FLAG_CLEARED,)),
    (MIS_DRAG, _("Dropped on the wrong column"), G.OTHER, (K.MOVE_VOIDED,)),
    ("wrong_lead", _("Wrong lead"), G.OTHER, (K.MOVE_VOIDED,)),
    ("too_early", _("Too early"), G.OTHER, (K.MOVE_VOIDED,)),
    ("duplicate_entry", _("Entered twice"), G.OTHER, (K.MOVE_VOIDED,)),
    ("erasure_requested", _("They asked for it"), G.OTHER, (K.PERSONAL_DATA_ERASED,)),
    ("consent_withdrawn", _("Consent was withdrawn"), G.OTHER, (K.PERSONAL_DATA_ERASED,)),
    ("no_longer_needed", _("The data are no longer needed"), G.OTHER, (K.PERSONAL_DATA_ERASED,)),
    ("recorded_unlawfully", _("The data should not have been recorded"), G.OTHER, (K.PERSONAL_DATA_ERASED,)),
    (
        OTHER,
        _("Other"),
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
    (NOT_RECORDED, _("Not recorded"), G.OTHER, ()),
)

SEED: tuple[Reason, ...] = tuple(
    Reason(code, label, group, frozenset(k.value for k in kinds)) for code, label, group, kinds in _SEED
)

#: What a fresh office calls each of them, in English; what an office calls them otherwise is never translated.
SEED_LABELS = {reason.code: reason.label for reason in SEED}

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
        K.PERSONAL_DATA_ERASED,
    }
)
