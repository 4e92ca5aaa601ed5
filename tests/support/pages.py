"""The dashboard on a record of a test's own, one page at a time."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from dashboard.components.page.pages import HOME, HOMES, Page
from dashboard.components.page.role import KEY, Role
from dashboard.components.page.tab import CHOSEN
from dashboard.server import SETTINGS

APP: Final = Path(dashboard.__file__).with_name("app.py")
SLOW: Final = 300  # seconds; only a page that hangs takes longer, on a busy machine too

# every AppTest looks through all that is installed for components, and that does not change while tests run
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
for setting in ("browser.gatherUsageStats", "runner.magicEnabled"):
    config.set_option(setting, SETTINGS[setting])  # as served; Streamlit's own cost a tenth of every page


def opened(page: Page, *, role: Role = Role.CLINICIAN, patient_id: int | None = None) -> AppTest:
    """A page as somebody sees it who looks in that role, at that patient."""
    app = AppTest.from_file(str(APP), default_timeout=SLOW)
    app.session_state[KEY] = role
    app.session_state[CHOSEN] = patient_id
    return turned_to(page, app)


def turned_to(page: Page, app: AppTest) -> AppTest:
    """The same session on another page."""
    role = Role(app.session_state[KEY])
    app._page_hash = calc_hash(HOME if page is HOMES[role] else page)
    return ran(app)


def ran(app: AppTest) -> AppTest:
    """The page drawn again, once it is sure that nothing went wrong."""
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def press(app: AppTest, label: str, nth: int = 0) -> AppTest:
    """Press the button of that label."""
    buttons = [button for button in app.button if button.label == label]
    assert buttons, f"No button {label!r} among {[button.label for button in app.button]}"
    buttons[nth].click()
    return ran(app)


def choose(app: AppTest, field: str, value: object) -> AppTest:
    """Choose one word of a row."""
    widget(app, "button_group", field).set_value(value)
    return ran(app)


def type_in(app: AppTest, kind: str, field: str, value: Any) -> AppTest:
    """Type into a field, as `kind` says: text_input, number_input, date_input, selectbox."""
    widget(app, kind, field).set_value(value)
    return ran(app)


def widget(app: AppTest, kind: str, field: str) -> Any:
    """The widget of a form's field."""
    found = [each for each in app.get(kind) if each.key == field or str(each.key).endswith(f" {field}")]
    assert found, f"No {kind} {field!r} among {[each.key for each in app.get(kind)]}"
    return found[0]


def answer(app: AppTest, digits: str) -> AppTest:
    """All the answers of a scale from paper."""
    return type_in(app, "text_input", "digits", digits)


def on_day(app: AppTest, day: date) -> AppTest:
    """The day of what is recorded."""
    return type_in(app, "text_input", "day", f"{day}")


def said(app: AppTest) -> str:
    """Everything the page says, in the order it says it."""
    return "\n".join(_words(app))


def said_in_dialog(app: AppTest) -> str:
    """What stands over everything else."""
    return "\n".join(
        str(getattr(each, "value", "")) for block in app._tree[2].children.values() for each in block
    )


def errors(app: AppTest) -> list[str]:
    """What is said in red."""
    return [error.value for error in app.error]


def _words(app: AppTest) -> Iterator[str]:
    for element in app.main:
        for name in ("label", "value", "delta"):
            word = getattr(element, name, None)
            if isinstance(word, str) and word:
                yield word
