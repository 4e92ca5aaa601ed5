from datetime import date

from streamlit.testing.v1 import AppTest

from dashboard.components.question.estimand_picker import ASKED
from models.outcomes.question.estimand import Estimand, Indication, Missing, Outcome, WindowName
from models.outcomes.question.locked import PRIMARY
from models.scales import all_scales

SCALES = all_scales()
DEFAULT = PRIMARY


def sidebar() -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs the function alone

    from dashboard.components.question.estimand_picker import pick_question  # noqa: PLC0415
    from models.outcomes.question.locked import PRIMARY  # noqa: PLC0415
    from models.scales import all_scales  # noqa: PLC0415

    if st.toggle("A page that answers", value=True):
        pick_question(all_scales(), ["Dr Okafor", "Dr Lind"], [], PRIMARY)


def opened() -> AppTest:
    return AppTest.from_function(sidebar).run()


def asked(app: AppTest) -> Estimand:
    assert not app.exception
    question = app.session_state[ASKED]
    assert isinstance(question, Estimand)
    return question


def test_the_locked_question_is_asked_until_another_is() -> None:
    assert asked(opened()) == DEFAULT == Estimand.of(SCALES["phq9"], route="iv")


def test_every_part_of_the_question_can_be_chosen() -> None:
    app = opened()
    app.selectbox(key="question-outcome").select(Outcome.REMISSION)
    app.selectbox(key="question-window").select(WindowName.M3)
    app.selectbox(key="question-missing").select(Missing.BEST_CASE)
    app.selectbox(key="question-treatment_resistant").select("any")
    app.selectbox(key="question-first_course").select(False)
    app.multiselect(key="question-indications").set_value([Indication.PTSD])
    app.selectbox(key="question-route").select("im")
    app.date_input(key="question-started_from").set_value(date(2026, 1, 1))
    app.selectbox(key="question-clinician").select("Dr Lind")
    app.number_input(key="question-baseline_at_least-phq9").set_value(15).run()
    assert asked(app) == Estimand.of(
        SCALES["phq9"],
        outcome=Outcome.REMISSION,
        window=WindowName.M3,
        missing=Missing.BEST_CASE,
        treatment_resistant="any",
        first_course=False,
        indications=(Indication.PTSD,),
        route="im",
        started_from=date(2026, 1, 1),
        clinician="Dr Lind",
        baseline_at_least=15,
    )


def test_the_question_outlives_a_page_that_does_not_show_it() -> None:
    app = opened()
    app.selectbox(key="question-outcome").select(Outcome.REMISSION).run()
    app.toggle[0].set_value(False).run()
    assert asked(app).outcome is Outcome.REMISSION
    app.toggle[0].set_value(True).run()
    assert app.selectbox(key="question-outcome").value is Outcome.REMISSION


def test_one_click_leads_back_to_the_default_question() -> None:
    app = opened()
    assert not app.button
    app.selectbox(key="question-missing").select(Missing.OBSERVED)
    app.number_input(key="question-baseline_at_least-phq9").set_value(None).run()
    assert asked(app) != DEFAULT
    app.button[0].click().run()
    assert asked(app) == DEFAULT
    assert not app.button


def test_an_outcome_the_scale_does_not_define_is_not_offered_and_named() -> None:
    app = opened()
    app.selectbox(key="question-scale").select("pcl5").run()
    assert asked(app).outcome is Outcome.MCID
    assert app.selectbox(key="question-outcome").options == [
        "Important change",
        "Reliable improvement",
        "Got worse",
    ]
    assert "PCL-5 has no agreed figure for: response," in app.caption[0].value


def test_scales_without_any_outcome_are_not_offered() -> None:
    offered = opened().selectbox(key="question-scale").options
    assert "PHQ-9" in offered
    assert "PHQ-2" not in offered


def test_a_scale_with_decimals_takes_its_gate_as_people_read_it() -> None:
    app = opened()
    app.selectbox(key="question-scale").select("promis_depression").run()
    app.number_input(key="question-baseline_at_least-promis_depression").set_value(59.9).run()
    assert asked(app).baseline_at_least == 599


def test_without_an_indication_any_counts() -> None:
    app = opened()
    app.multiselect(key="question-indications").set_value([]).run()
    assert asked(app).any_indication


def test_a_period_that_ends_before_it_starts_is_refused_and_what_was_typed_stays() -> None:
    app = opened()
    app.date_input(key="question-started_from").set_value(date(2026, 3, 1)).run()
    app.date_input(key="question-started_to").set_value(date(2026, 2, 1)).run()
    assert "The period ends before it starts" in app.error[0].value
    assert asked(app).started_to is None
    assert app.date_input(key="question-started_to").value == date(2026, 2, 1)
