"""The question as options of a command: names, defaults and values exactly as the interface says them."""

import inspect
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Annotated, Any, Final, NamedTuple, get_type_hints

import typer

from dashboard.cli.answering import UsageError, say
from models.exchange.columns.numbers import NumberError, read_decimal
from models.outcomes.question.change import is_defined
from models.outcomes.question.estimand import Estimand, QuestionError
from models.outcomes.question.vocabulary import (
    Indication,
    Missing,
    Outcome,
    Route,
    TreatmentResistant,
    WindowName,
)
from models.scales import Scale, Scales, get_scale
from models.scales.scoring import ScoreError, read_total

DAY: Final = ["%Y-%m-%d"]
LISTED: Final = 10


class Question(NamedTuple):
    """The options of a question, as typed."""

    scale: Annotated[str, typer.Option(metavar="SCALE", help="A scale of `seventy scales`.")] = "phq9"
    outcome: Annotated[Outcome, typer.Option(help="What is counted.")] = Outcome.RESPONSE
    window: Annotated[WindowName, typer.Option(help="When it is counted.")] = WindowName.P14_31
    missing: Annotated[Missing, typer.Option(help="What a closed window without a score counts as.")] = (
        Missing.NON_RESPONDER
    )
    baseline_at_least: Annotated[
        str | None,
        typer.Option(
            metavar="SCORE",
            help="The lowest baseline that counts, 0 for any. Default: the scale's own (PHQ-9 10, GAD-7 8).",
            show_default=False,
        ),
    ] = None
    treatment_resistant: Annotated[
        TreatmentResistant,
        typer.Option(help="yes: at least two failed trials in the episode; no: known to be fewer."),
    ] = TreatmentResistant.YES
    first_course: Annotated[
        bool,
        typer.Option("--first-course/--all-courses", help="Each patient's first course, or every course."),
    ] = True
    indication: Annotated[
        str, typer.Option(metavar="LIST", help=f"Any of these, separated by commas: {', '.join(Indication)}.")
    ] = "depression,bipolar_depression"
    route: Annotated[
        Route,
        typer.Option(
            help="The route of a course's first dose. Default: any; the locked question has its own.",
            show_default=False,
        ),
    ] = Route.ANY
    started_from: Annotated[
        datetime | None,
        typer.Option(
            formats=DAY, metavar="DATE", help="Courses begun on this day or later.", show_default=False
        ),
    ] = None
    started_to: Annotated[
        datetime | None,
        typer.Option(
            formats=DAY, metavar="DATE", help="Courses begun on this day or earlier.", show_default=False
        ),
    ] = None
    clinician: Annotated[
        str | None, typer.Option(metavar="NAME", help="Courses of this clinician alone.", show_default=False)
    ] = None
    site: Annotated[
        str | None, typer.Option(metavar="NAME", help="Courses at this site alone.", show_default=False)
    ] = None

    @property
    def indications(self) -> tuple[Indication, ...]:
        """The indications listed."""
        try:
            return tuple(Indication(each.strip()) for each in self.indication.split(","))
        except ValueError:
            allowed = ", ".join(Indication)
            raise UsageError(f"--indication {self.indication!r} is not a list of {allowed}") from None

    def estimand(self, scales: Scales) -> tuple[Estimand, Scale]:
        """The question itself, and the scale it is about; `UsageError` names the option that is wrong."""
        scale = get_scale(self.scale, scales)
        gate = scale.baseline_at_least
        if self.baseline_at_least is not None:
            gate = _score(scale, "--baseline-at-least", self.baseline_at_least)
        try:
            return self._asked(scale, gate), scale
        except QuestionError as wrong:
            raise UsageError(wrong.under(f"--{wrong.field.replace('_', '-')}")) from None

    def refuse_unknown(self, courses: Any) -> None:
        """Refuse the name of a clinician or a site that none of these courses has, but others."""
        for option, name in (("clinician", self.clinician), ("site", self.site)):
            known = courses[option].drop_nulls().unique().sort().to_list()
            if name is None or name in known:
                continue
            if known:
                more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
                allowed = f"{', '.join(map(repr, known[:LISTED]))}{more}"
                raise UsageError(f"--{option} {name!r}: no course in the record has it; known are {allowed}")
            say(f"--{option} {name!r}: no course in the record says its {option}.")

    def _asked(self, scale: Scale, gate: int | None) -> Estimand:
        return Estimand(
            scale=scale.id,
            outcome=self.outcome,
            window=self.window,
            missing=self.missing,
            baseline_at_least=gate,
            treatment_resistant=self.treatment_resistant,
            first_course=self.first_course,
            indications=self.indications,
            route=self.route,
            started_from=day(self.started_from),
            started_to=day(self.started_to),
            clinician=self.clinician,
            site=self.site,
        )


def takes_question(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a question in the place of its parameter `question`."""
    own = inspect.signature(command, eval_str=True).parameters.values()
    hints = get_type_hints(Question, include_extras=True)
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=Question._field_defaults[name],
            annotation=hints[name],
        )
        for name in Question._fields
    ]
    first = [each for each in own if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    rest = [each for each in own if each.kind is inspect.Parameter.KEYWORD_ONLY and each.name != "question"]

    @wraps(command)
    def with_options(**given: Any) -> None:
        question = Question(**{name: given.pop(name) for name in Question._fields})
        command(question=question, **given)

    with_options.__signature__ = inspect.Signature([*first, *options, *rest])  # type: ignore[attr-defined]
    return with_options


def asks(context: typer.Context) -> bool:
    """Whether any option of a question was given; `context` is of a command that takes one."""
    sources = (context.get_parameter_source(name) for name in Question._fields)
    return any(source is not None and source.name != "DEFAULT" for source in sources)


def locked_scale(locked: Estimand, scales: Scales) -> Scale:
    """The scale of the locked question; `UsageError` where no file describes it, or defines its outcome."""
    if is_defined(locked.scale, locked.outcome, scales):
        return scales[locked.scale]
    lacking = (
        f"the file of its scale, {locked.scale}, no longer defines {locked.outcome}"
        if locked.scale in scales
        else f"no file here describes its scale, {locked.scale}"
    )
    raise UsageError(
        f"The locked question cannot be answered: {lacking}. Bring the file back (`seventy scales` says "
        "where), or ask another question with its options."
    )


def day(given: datetime | None) -> date | None:
    """The day an option names."""
    return None if given is None else given.date()


def _score(scale: Scale, option: str, text: str) -> int:
    """A score in the scale's smallest steps; 0 stands for any baseline, wherever the scale begins."""
    try:
        number = read_decimal(text, ".")
        return 0 if number == Decimal(0) else read_total(scale, str(number))
    except (NumberError, ScoreError) as refused:
        raise UsageError(f"{option} {text!r}: {refused}") from None
