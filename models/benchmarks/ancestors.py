"""Where an advertised 70 % may come from: candidates, for the sentence itself names no source (§0.1)."""

from typing import Final, NamedTuple

NO_SOURCE: Final = "The advertised sentence names no source, so which of these it rests on is inference."


class Ancestor(NamedTuple):
    """A published rate the claim may go back to, and what is known of it."""

    benchmark_ids: tuple[str, ...]
    words: str


ANCESTORS: Final = (
    Ancestor(
        ("murrough_2013_response_end_of_series",),
        "Murrough 2013: 17 of 24 at the end of six infusions, open-label; median relapse after 18 days.",
    ),
    Ancestor(
        ("transform_2_response_day_28",),
        "TRANSFORM-2: 69.3 % at day 28 with esketamine and a new oral antidepressant; "
        "with placebo spray and a new oral antidepressant, 52.0 %.",
    ),
    Ancestor(
        ("oliver_2022_response_after_10_infusions", "oliver_2022_response_within_6_weeks"),
        "Oliver 2022: 72 % after 10 infusions in private clinics; 50 % within 6 weeks in the same abstract.",
    ),
)
