"""The words a question is made of, as the command line, the files and the pages write them."""

from enum import StrEnum
from typing import Final

ANY: Final = "any"
"""Where a question does not choose: any route, any indication, any history of treatment."""


class Outcome(StrEnum):
    """What is counted. Each member has its rule in `change.py` and its words in `words.py`."""

    RESPONSE = "response"
    PARTIAL_RESPONSE = "partial_response"
    REMISSION = "remission"
    MCID = "mcid"
    MCID20 = "mcid20"
    RELIABLE_IMPROVEMENT = "reliable_improvement"
    RECOVERY = "recovery"
    RELIABLE_RECOVERY = "reliable_recovery"
    RESPONSE_AND_LE9 = "response_and_le9"
    DETERIORATION = "deterioration"

    @property
    def is_harm(self) -> bool:
        """Whether being counted is bad news, so that the worst case counts the unseen as met."""
        return self is Outcome.DETERIORATION


class WindowName(StrEnum):
    """When it is counted. The days of each stand in `windows.py`."""

    H24 = "h24"
    D7 = "d7"
    END_OF_INDUCTION = "end_of_induction"
    P14_31 = "p14_31"
    W6 = "w6"
    M3 = "m3"
    M6 = "m6"
    M12 = "m12"


class Missing(StrEnum):
    """What a closed window without a score counts as."""

    NON_RESPONDER = "non_responder"
    OBSERVED = "observed"
    COMPLETERS = "completers"
    LAST_CARRIED = "last_carried"
    BEST_CASE = "best_case"
    WORST_CASE = "worst_case"


class TreatmentResistant(StrEnum):
    """Which history of treatment the question asks for."""

    YES = "yes"
    NO = "no"
    ANY = "any"


class Route(StrEnum):
    """How the first administration of a course was given."""

    IV = "iv"
    IM = "im"
    SC = "sc"
    INTRANASAL = "intranasal"
    ORAL = "oral"
    ANY = "any"


class Indication(StrEnum):
    """What a course treats."""

    DEPRESSION = "depression"
    BIPOLAR_DEPRESSION = "bipolar_depression"
    PTSD = "ptsd"
    SUICIDALITY = "suicidality"
    ANXIETY = "anxiety"
    PAIN = "pain"
    OTHER = "other"
    ANY = "any"


class Exclusion(StrEnum):
    """Why a treated course is not counted, in the order in which the reasons are tried (§3.8.9)."""

    LATER_COURSE = "later_course"
    OUTSIDE_PERIOD = "outside_period"
    OTHER_INDICATION = "other_indication"
    OTHER_ROUTE = "other_route"
    NO_BASELINE = "no_baseline"
    BASELINE_BELOW = "baseline_below"
    BASELINE_ZERO = "baseline_zero"
    RESISTANCE_OTHER = "resistance_other"
    RESISTANCE_UNKNOWN = "resistance_unknown"


class EndpointStatus(StrEnum):
    """Where an eligible course stands in the window asked about."""

    PENDING = "pending"
    OBSERVED = "observed"
    MISSING = "missing"


class Warn(StrEnum):
    """What a reader must be told beside a rate."""

    RECALL_OVERLAPS_PRE_TREATMENT = "recall_overlaps_pre_treatment"
    RECALL_DIFFERS_FROM_BASELINE = "recall_differs_from_baseline"
