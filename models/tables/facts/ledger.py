"""What a clinic advertises."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field

from models.tables.facts.base import Facts, Quantity
from models.tables.facts.problems import Problem, refused
from models.tables.facts.setting import Setting
from models.tables.facts.texts import Line, Sentence


class ClaimFacts(Facts):
    """A claim in its own words. A source is always said, if only that none is named."""

    words: Sentence = Field(title="The claim in words")
    rate: Quantity = Field(title="The claimed rate")
    advertised_where: Line | None = Field(default=None, title="Where it is advertised")
    advertised_since: date | None = Field(default=None, title="Advertised since")
    source: Sentence = Field(title="The claim's source")

    def problems(self, setting: Setting) -> Iterator[Problem]:
        """A rate that is no share of people, or that nothing could contradict; a day that has not come."""
        if not 0 < self.rate < 1:
            allowed = "more than 0 and less than 1, such as 0.7 for 70 %"
            yield refused("rate", self.title("rate"), self.rate, allowed)
        title = self.title("advertised_since")
        yield from setting.day_problems("advertised_since", title, self.advertised_since)
