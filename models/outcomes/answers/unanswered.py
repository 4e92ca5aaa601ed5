"""Why no score answers a question: what a reader is told where no rate can be."""

from models.outcomes.answers.answer import Answer, Counts
from models.outcomes.question.vocabulary import Exclusion, Missing
from models.outcomes.question.words import EXCLUSION_WORDS
from models.scales import Scale


def why_unanswered(found: Answer, scale: Scale) -> str:
    """Why nobody counted has a score in the time asked about, in a sentence; empty where somebody has."""
    counts, tally = found.counts, found.tally
    completers = found.estimand.missing is Missing.COMPLETERS
    if tally.completers if completers else tally.observed:
        return ""
    if tally.observed:
        return f"None of the {tally.observed:,} scored again had every planned infusion."
    return _not_scored(counts, scale) if counts.eligible else _left_out(counts, scale)


def _not_scored(counts: Counts, scale: Scale) -> str:
    if counts.missing:
        only_before = f"{counts.missing:,} have one before and none in that time"
        return f"No one has two scores of {scale.name}: {only_before}."
    return f"The time asked about is not over for any of the {counts.pending:,} who can be counted."


def _left_out(counts: Counts, scale: Scale) -> str:
    if not counts.treated:
        return "No one has been treated."
    why, number = max(counts.excluded.items(), key=lambda reason: reason[1])
    if why is Exclusion.NO_BASELINE:
        return f"No one has two scores of {scale.name}: {number:,} have none before the first infusion."
    of_these = f"of {counts.treated:,} treated {number:,} are out ({EXCLUSION_WORDS[why]})"
    return f"No one is left to count: {of_these}."
