"""Why people stopped before their planned infusions: one row a reason, the commonest first."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.theme import INK, MUTED, RULE, figure, rows
from dashboard.charts.words import people, whole

ROW: Final = 40
LABEL, BAR, THICK = 10, 25, 10  # px below the row's upper edge, and the bar's height
NOT_RECORDED: Final = "No reason recorded"
REASON_WORDS: Final[Mapping[str | None, str]] = {
    "completed": "Called complete",
    "no_benefit": "No benefit",
    "side_effects": "Side effects",
    "cost": "Cost",
    "moved": "Moved away",
    "own_choice": "Own choice",
    "hospital": "Admitted to hospital",
    "died": "Died",
    "other": "Another reason",
    None: NOT_RECORDED,
}
LAST: Final = ("other", None)


def reasons(stopped: Mapping[str | None, int]) -> go.Figure:
    """How many courses ended early for each reason; a bar is a share of them all, unknown ones are hollow."""
    counts = _in_order(stopped)
    share = 100 / max(sum(counts.values()), 1)
    shapes, texts = [], []
    for place, (words, count) in enumerate(counts.items()):
        top = ROW * place
        edges = (top + BAR - THICK / 2, top + BAR + THICK / 2)
        unknown = words == NOT_RECORDED
        shapes.append(
            marks.hollow(0, count * share, *edges) if unknown else marks.box(0, count * share, *edges, RULE)
        )
        texts.append(marks.left(top + LABEL, words, ink=MUTED if unknown else INK, size=13))
        texts.append(marks.right(top + LABEL, f"<b>{whole(count)}</b>", ink=INK, size=13))
    height = ROW * max(len(counts), 1)
    return figure(height, shapes=shapes, texts=texts, **rows(height, beyond=0))


def title(stopped: Mapping[str | None, int]) -> str:
    """`17 of 61 who stopped early: no benefit`."""
    counts = _in_order(stopped)
    given = {words: count for words, count in counts.items() if words != NOT_RECORDED}
    if not counts:
        return "No one stopped early"
    if not given:
        return f"{people(sum(counts.values()))} stopped early, no reason recorded"
    words, most = next(iter(given.items()))
    return f"{whole(most)} of {whole(sum(counts.values()))} who stopped early: {words.lower()}"


def table(stopped: Mapping[str | None, int]) -> pd.DataFrame:
    """The numbers behind the figure."""
    counts = _in_order(stopped)
    return pd.DataFrame({"Why the course ended": list(counts), "Courses": list(counts.values())})


def _in_order(stopped: Mapping[str | None, int]) -> dict[str, int]:
    """The reasons there are, commonest first, another and unknown ones last."""
    given = [reason for reason, count in stopped.items() if count]
    given.sort(key=lambda reason: (LAST.index(reason) if reason in LAST else -1, -stopped[reason]))
    return {REASON_WORDS.get(reason, str(reason)): stopped[reason] for reason in given}
