"""A browser that is watched: what it asks for and what it refuses, and what stands on its pages."""

from collections import defaultdict
from typing import Final, NamedTuple

from playwright.sync_api import BrowserContext, Page

from tests.support.payloads import MARK, lost_in

LOOK: Final = r"""() => {
    const addresses = "href src srcset srcdoc xlink:href action formaction data poster".split(" ");
    const made = each => each.matches("iframe, math, object, embed, base, .katex, [srcdoc]")
        || (each.matches("style, title") && /zq|--hit/.test(each.textContent))
        || [...each.attributes].some(({name, value}) =>
            (addresses.includes(name) && !value.startsWith("otpauth://totp/Seventy:")
                && /e[.]example|hit=|^\s*javascript:/i.test(value))
            || (name.startsWith("on") && /hit/.test(value)));
    const every = [...document.querySelectorAll("*")];
    const shown = document.body.cloneNode(true);
    shown.querySelectorAll("script, style").forEach(each => each.remove());
    const typed = [...document.querySelectorAll("input, textarea")].map(each => each.value);
    const read = every.flatMap(each => ["alt", "title", "placeholder"].map(name => each.getAttribute(name)));
    const named = every.map(each => each.getAttribute("aria-label")?.replaceAll("\\", ""));
    return {
        text: [shown.textContent, ...typed, ...read, ...named].filter(each => each).join(" \u2026\n"),
        made: every.filter(made).map(each => each.outerHTML.slice(0, 300)),
        hit: [window.hit, getComputedStyle(document.body).getPropertyValue("--hit")].filter(each => each),
        title: document.title,
    };
}"""
"""What opens an authenticator has the account's name in its address, as the QR code beside it does.

A label that nobody sees is read aloud with the backslashes of its Markdown, as Streamlit hands it on."""

STORED: Final = """async () => {
    const bases = await indexedDB.databases();
    const caches_ = await caches.keys();
    return JSON.stringify([{...localStorage}, {...sessionStorage}, bases, caches_]);
}"""
REPORT: Final = """addEventListener("securitypolicyviolation", event => window.refused(
    `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile.split("/").pop()}`))"""


class Look(NamedTuple):
    """What was found wrong on one page, and what of it."""

    page: str
    wrong: str


class Watched:
    """Everything one browser's pages did, from its first page on.

    `asked` are the addresses of all requests and sockets, `seen` the payloads that were read, by field.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.asked: list[str] = []
        self.went: list[str] = []
        self.refused: set[str] = set()
        self.wrong: list[Look] = []
        self.titles: set[str] = set()
        self.stored: list[str] = []
        self.seen: dict[str, set[int]] = defaultdict(set)
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("dialog", lambda dialog: self.wrong.append(Look("a dialog", dialog.message)))
        context.expose_binding("refused", lambda _source, what: self.refused.add(what))
        context.add_init_script(REPORT)

    def window(self) -> Page:
        """A window of it."""
        page = self.context.new_page()
        page.set_default_timeout(60_000)
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("framenavigated", lambda frame: self.went.append(frame.url))
        return page

    def look(self, page: Page, where: str) -> None:
        """Read the page as it stands."""
        found = page.evaluate(LOOK)
        text = found["text"].replace("\u2060", "").replace("\u00a0", " ")
        wrong = {*lost_in(text), *found["made"], *map(str, found["hit"])}
        self.wrong += [Look(where, each) for each in sorted(wrong)]
        self.titles.add(found["title"])
        for mark in MARK.finditer(text):
            self.seen[mark[1]].add(int(mark[2]))

    def note_what_is_kept(self, page: Page) -> None:
        """What the browser keeps of the pages: storage, databases, caches."""
        self.stored.append(page.evaluate(STORED))
