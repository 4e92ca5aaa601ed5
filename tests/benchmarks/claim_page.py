"""How fast is the Claim page over a million scores? Run: `python -m tests.benchmarks.claim_page`.

In a real browser: the first visit after a start, and what changing the outcome in the sidebar takes until
the page stands still again; beside it, change by change in turn, an empty page with as many elements of the
same kinds, twice: its empty figures are redrawn at each change as ours are, the outcome being their title,
or stay as they are. Each server is a process of its own. Targets: 5 s, and 1.5 × the page that redraws.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path
from shutil import which
from statistics import median
from typing import Final, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

PATIENTS: Final = int(os.environ.get("PATIENTS", "100000"))  # about ten scores each
REPETITIONS: Final = 24
FIRST_VISIT_TARGET, RATIO_TARGET = 5.0, 1.5
OUTCOMES: Final = ("Remission", "Recovery", "Response")
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PATIENCE: Final = 600.0

EMPTY_PAGE: Final = """
import plotly.graph_objects as go
import streamlit as st

outcome = st.sidebar.selectbox("Outcome", {outcomes!r}, index=2)
for number in range({widgets}):
    st.sidebar.selectbox(f"Widget {{number}}", ["One"])
st.title(f"Empty: {{outcome}}")
for number in range({figures}):
    figure = go.Figure(layout={{"title": {{"text": outcome}}}}) if {redrawn} else go.Figure()
    st.plotly_chart(figure, key=f"figure-{{number}}")
for number in range({tables}):
    st.table([""])
for number in range({texts}):
    st.markdown(f"Text {{number}}")
"""
SERVING: Final = """
import sys, streamlit
options = {"server.port": int(sys.argv[2]), "server.headless": True, "browser.gatherUsageStats": False}
streamlit.App(sys.argv[1]).run(config=options)
"""

REPAINTED: Final = """
([before, start]) => new Promise(resolve => {
    const look = () => {
        const title = document.querySelector('h1')?.innerText ?? '';
        const state = document.querySelector('[data-test-script-state]')?.dataset.testScriptState;
        const stale = document.querySelector('[data-stale="true"]');
        if (title !== before && state === 'notRunning' && !stale) resolve(performance.now() - start);
        else requestAnimationFrame(look);
    };
    look();
})
"""


class Elements(NamedTuple):
    """What a page is made of."""

    widgets: int
    figures: int
    tables: int
    texts: int


@contextmanager
def serving(command: Sequence[str], port: int) -> Iterator[str]:
    """The address of a server process, once it answers."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"{server.args!r} does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_visit(page: Page, address: str) -> float:
    """Seconds until the finding can be read."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1", timeout=1000 * PATIENCE)
    return time.perf_counter() - start


def changes(pages: Sequence[Page]) -> list[list[float]]:
    """Seconds that each change of the outcome takes on each page, the pages taking turns."""
    for page in pages:
        page.wait_for_selector("[data-test-script-state=notRunning]", timeout=1000 * PATIENCE)
    times = [[change(page, outcome) for page in pages] for outcome in islice(cycle(OUTCOMES), REPETITIONS)]
    warm = times[len(OUTCOMES) :]  # the first round is cold
    return [list(of_one_page) for of_one_page in zip(*warm, strict=True)]


def change(page: Page, outcome: str) -> float:
    """Seconds from the click until the page stands still."""
    page.bring_to_front()
    before = page.locator("h1").inner_text()
    page.get_by_role("combobox", name="Outcome").click()
    option = page.get_by_role("option", name=outcome, exact=True)
    option.wait_for()
    start = page.evaluate("performance.now()")
    option.click()
    return float(page.evaluate(REPAINTED, [before, start])) / 1000


@contextmanager
def empty_page(browser: Browser, made_of: Elements, *, redrawn: bool) -> Iterator[Page]:
    """A page of as many elements without content."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY_PAGE.format(outcomes=list(OUTCOMES), redrawn=redrawn, **made_of._asdict()))
        with serving([sys.executable, "-c", SERVING, str(script), str(port)], port) as address:
            page = browser.new_page()
            first_visit(page, address)
            yield page


def elements(page: Page) -> Elements:
    """How many of each kind the page has."""
    main = page.locator("[data-testid=stMain]")
    figures = main.locator("[data-testid=stPlotlyChart]").count()
    tables = main.locator("[data-testid=stTable]").count()
    every = main.locator("[data-testid=stElementContainer]").count()
    widgets = page.locator("[data-testid=stSidebarContent] [data-testid=stElementContainer]").count()
    return Elements(widgets - 1, figures, tables, every - figures - tables - 1)


def told(name: str, times: list[float]) -> str:
    low, middle, high = (1000 * each for each in (min(times), median(times), max(times)))
    return f"{name:<12} median {middle:6.0f} ms   min {low:6.0f}   max {high:6.0f}"


def main() -> int:
    seventy, port = str(Path(sys.executable).with_name("seventy")), free_port()
    demo = [seventy, "demo", "--patients", str(PATIENTS), "--port", str(port), "--headless"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        start = time.perf_counter()
        with serving(demo, port) as address, ExitStack() as beside:
            answers = time.perf_counter() - start
            page = browser.new_page(bypass_csp=True)
            visit = first_visit(page, f"{address}/claim")
            page.wait_for_selector("[data-test-script-state=notRunning]", timeout=1000 * PATIENCE)
            for outcome in OUTCOMES:  # all of it was drawn once, then
                change(page, outcome)
            made_of = elements(page)
            empty = [
                beside.enter_context(empty_page(browser, made_of, redrawn=each)) for each in (True, False)
            ]
            ours, redrawn, unchanged = changes([page, *empty])
        browser.close()
    ratio = median(ours) / median(redrawn)
    print(f"{PATIENTS:,} patients; {made_of}")
    print(f"the server has read the record and answers after {answers:.1f} s")
    print(f"first visit after a start {visit:.1f} s (target {FIRST_VISIT_TARGET} s)")
    print(told("claim page", ours))
    print(told("redrawn", redrawn))
    print(told("unchanged", unchanged))
    print(f"ratio {ratio:.2f} to empty figures redrawn at each change (target {RATIO_TARGET})")
    print(f"ratio {median(ours) / median(unchanged):.2f} to empty figures that stay unchanged")
    return int(visit > FIRST_VISIT_TARGET or ratio > RATIO_TARGET)


if __name__ == "__main__":
    sys.exit(main())
