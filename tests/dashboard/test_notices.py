"""Whoever breaks the glass is told of: by mail, by a webhook, on two pages and by the doctor."""

import json
import socket
from datetime import timedelta
from threading import enumerate as threads
from time import monotonic

import pytest
from sqlalchemy import Engine

from dashboard import notice_ways, notices
from dashboard.components.page.pages import Page
from dashboard.notice_ways import Mail, SettingError, Webhook, ways_of
from dashboard.notices import Notice, tell
from dashboard.signin.places import way_to_break
from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.sessions import GLASS_LASTS, break_glass, open_session
from models.store.accounts.staff import add_account
from models.store.record import write
from models.store.trail.entries import Entry, Wanted, entries
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW
from tests.support.command import seventy
from tests.support.notice_servers import Hook, Mailbox, Server
from tests.support.pages import opened, said
from tests.support.way_in import WayIn, ready_account

REASON = "Zebediah Quux called in crisis"
DEAF = "https://127.0.0.1:1/secret-path"


def settings(mail: Server | None = None, hook: Server | None = None) -> dict[str, str]:
    found = {}
    if mail:
        found |= {
            "SEVENTY_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
            "SEVENTY_NOTICE_TO": "a@x.org, b@x.org",
        }
    if hook:
        found["SEVENTY_NOTICE_WEBHOOK"] = f"http://127.0.0.1:{hook.port}/secret-path"
    return found


def arrived(engine: Engine) -> list[Entry]:
    """What the trail tells of notices, once every thread that sends one has ended; the oldest first."""
    for thread in threads():
        if thread.name == "notice":
            thread.join(30)
    told = (
        entry for action in (notices.SENT, notices.FAILED) for entry in entries(engine, Wanted(action=action))
    )
    return sorted(told, key=lambda entry: entry.number)


def broken(engine: Engine, **environment: str) -> float:
    """The glass is broken and told of; the seconds that the person waited for the notice."""
    account = add_account(engine, "max", "Max Manager", Role.MANAGER, by=BY, at=NOW)
    token = open_session(engine, account.id, proved_by="test", address="::1", browser="test", at=NOW)
    until, _ = break_glass(engine, token_hash(token), REASON, at=NOW)
    notice = Notice("North Clinic", account.id, account.username, account.name, NOW, until)
    begun = monotonic()
    tell(engine, notice, now=lambda: NOW, environment=environment)
    return monotonic() - begun


def test_mail_and_webhook_say_who_and_when_and_never_why(sqlite_engine: Engine) -> None:
    with Server(Mailbox).running() as mail, Server(Hook).running() as hook:
        broken(sqlite_engine, **settings(mail, hook))
        told = arrived(sqlite_engine)
        ((path, document),), (letter,) = hook.got, mail.got
    assert [json.loads(entry.detail)["by"] for entry in told] == [
        "mail through 127.0.0.1",
        "webhook at 127.0.0.1",
    ]
    assert {(entry.action, entry.by, entry.subject) for entry in told} == {
        ("send notice", "seventy", "account 1")
    }
    assert path == "/secret-path"
    assert document == {
        "text": "Seventy: max broke the glass at North Clinic",
        "event": "break glass",
        "clinic": "North Clinic",
        "who": "Max Manager (max)",
        "at": f"{NOW:%Y-%m-%d %H:%M} UTC",
        "until": f"{NOW + GLASS_LASTS:%Y-%m-%d %H:%M} UTC",
        "why": "The reason stands in the audit trail.",
    }
    assert (letter["To"], letter["From"]) == ("a@x.org, b@x.org", "a@x.org")
    assert letter["Subject"] == document["text"]
    text = letter.get_payload()
    assert all(f"{name}: {value}" in text for name, value in document.items() if name != "text")
    assert "Zebediah" not in f"{text}{document}"
    assert not any("secret-path" in entry.detail for entry in told)


@pytest.mark.parametrize("kind", [Mailbox, Hook])
def test_a_notice_that_is_refused_is_an_event_and_the_other_way_is_tried(
    sqlite_engine: Engine, kind: type
) -> None:
    lame = kind is Mailbox
    with Server(Mailbox, refuses=lame).running() as mail, Server(Hook, refuses=not lame).running() as hook:
        broken(sqlite_engine, **settings(mail, hook))
        told = {json.loads(entry.detail)["by"].split()[0]: entry for entry in arrived(sqlite_engine)}
    refused, taken = ("mail", "webhook") if lame else ("webhook", "mail")
    assert told[taken].action == "send notice"
    assert told[refused].action == "fail notice"
    assert json.loads(told[refused].detail)["why"] == ("SMTPSenderRefused" if lame else "HTTPStatusError")


def test_nobody_in_an_emergency_waits_for_a_server_that_says_nothing(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_ways, "PATIENCE", 60.0)
    with Server(Mailbox, silent=True).running() as mail:
        assert broken(sqlite_engine, **settings(mail)) < 30
        assert mail.came.wait(30)
    (entry,) = arrived(sqlite_engine)
    assert entry.action == "fail notice"


def test_a_server_that_says_nothing_is_given_up(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_ways, "PATIENCE", 0.5)
    with Server(Mailbox, silent=True).running() as mail:
        broken(sqlite_engine, **settings(mail))
        (entry,) = arrived(sqlite_engine)  # while the server still holds the connection
    why = json.loads(entry.detail)["why"]
    assert (entry.action, why) == ("fail notice", "SMTPServerDisconnected")


def test_without_settings_nothing_is_sent(sqlite_engine: Engine) -> None:
    before = {*threads()}  # of a server before, some may end just now
    broken(sqlite_engine)
    assert not {*threads()} - before
    assert arrived(sqlite_engine) == []


def test_settings_that_cannot_be_used_are_an_event(sqlite_engine: Engine) -> None:
    broken(sqlite_engine, SEVENTY_NOTICE_WEBHOOK="http://chat.example/secret-path")
    (entry,) = arrived(sqlite_engine)
    assert json.loads(entry.detail)["why"] == "SEVENTY_NOTICE_WEBHOOK is an https address"


def test_names_are_one_line_whatever_is_in_them() -> None:
    notice = Notice("North\r\nBcc: all@x.org", 1, "max", "Max\nManager", NOW, NOW + timedelta(hours=1))
    assert notice.subject == "Seventy: max broke the glass at North Bcc: all@x.org"
    assert notice.document["who"] == "Max Manager (max)"


def test_the_ways_are_read_from_the_environment() -> None:
    mail = {"SEVENTY_NOTICE_TO": "a@x.org", "SEVENTY_NOTICE_FROM": "seventy@x.org"}
    (secure,) = ways_of({**mail, "SEVENTY_SMTP_URL": "smtps://me%40x.org:p%2Fw@mail.x.org"})
    assert secure == Mail("mail.x.org", 465, True, "seventy@x.org", ("a@x.org",), "me@x.org", "p/w")
    assert "p/w" not in repr(secure)
    (plain,) = ways_of({**mail, "SEVENTY_SMTP_URL": "smtp://mail.x.org"})
    assert plain == Mail("mail.x.org", 587, False, "seventy@x.org", ("a@x.org",))
    assert ways_of({"SEVENTY_NOTICE_WEBHOOK": DEAF}) == (Webhook(DEAF),)
    assert ways_of({}) == ()


def test_mail_to_another_machine_is_never_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_ways, "is_here", lambda _: False)
    with Server(Mailbox).running() as mail:
        way = Mail("127.0.0.1", mail.port, False, "a@x.org", ("a@x.org",), "me", "secret")
        with pytest.raises(Exception, match="STARTTLS"):
            way.send("subject", {"who": "max"})
        assert mail.got == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"SEVENTY_SMTP_URL": "smtps://mail.x.org"}, "need each other"),
        ({"SEVENTY_NOTICE_TO": "a@x.org"}, "need each other"),
        ({"SEVENTY_SMTP_URL": "mail.x.org", "SEVENTY_NOTICE_TO": "a@x.org"}, "is smtps://"),
        ({"SEVENTY_SMTP_URL": "smtps://x:y@h:port", "SEVENTY_NOTICE_TO": "a@x.org"}, "is smtps://"),
        ({"SEVENTY_SMTP_URL": "smtps://mail.x.org", "SEVENTY_NOTICE_TO": "everybody"}, "got 'everybody'"),
        ({"SEVENTY_NOTICE_WEBHOOK": "http://chat.x.org/a"}, "is an https address"),
        ({"SEVENTY_NOTICE_WEBHOOK": "https://[chat"}, "is an https address"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_keeps_the_server_from_starting(
    given: dict[str, str], why: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingError, match=why):
        ways_of(given)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    run = seventy("serve", "--headless", db=sqlite_url)
    assert run.status == 2
    assert why in run.err


def test_breaking_the_glass_tells_and_shows_it(record: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write.save_clinic(record, ClinicFacts(name="North Clinic"), by=BY, at=NOW)
    manager = ready_account(record, "manager", Role.MANAGER)
    with Server(Hook).running() as hook:
        for name, value in settings(hook=hook).items():
            monkeypatch.setenv(name, value)
        way = WayIn(record)
        way.sign_in(manager.username)
        assert way.post(way_to_break("/clinic"), reason=REASON).status_code == 303
        (entry,) = arrived(record)
        ((_, document),) = hook.got
    assert entry.action == "send notice"
    assert (document["who"], document["clinic"]) == ("Manager Able (manager)", "North Clinic")
    people, trail = opened(Page.PEOPLE, role=Role.ADMINISTRATOR), opened(Page.TRAIL, role=Role.AUDITOR)
    for shown in (people, trail):
        assert shown.warning[0].value.startswith("**The glass was broken once in the last 30 days.**")
        assert "Manager Able (manager), 1 Jun 2026" in shown.warning[0].value.replace(
            "\N{NO-BREAK SPACE}", " "
        )
        assert "Open until" in shown.warning[0].value
    assert REASON in trail.warning[0].value
    assert REASON not in said(people)


def test_a_glass_nobody_broke_is_a_quiet_line(record: Engine) -> None:
    page = opened(Page.PEOPLE, role=Role.ADMINISTRATOR)
    assert not page.warning
    assert "Nobody broke the glass in the last 30 days." in said(page)


def test_of_an_invented_clinic_nobody_is_told(record: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write.save_clinic(record, ClinicFacts(demo=True), by=BY, at=NOW)
    monkeypatch.setenv("SEVENTY_NOTICE_WEBHOOK", DEAF)
    way = WayIn(record, visitor=ready_account(record, "demo").id)
    way.page("/")
    assert way.post(way_to_break("/clinic"), reason=REASON).status_code == 303
    assert entries(record)[0].action == "break glass"
    assert arrived(record) == []


class Doctor:
    """What the doctor says of notices, a little while after `NOW`."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = url
        self.patch = monkeypatch

    def says(self, *, after: timedelta = timedelta(hours=1)) -> tuple[bool, str]:
        self.patch.setattr("dashboard.cli.doctor.doctoring.now", lambda: NOW + after)
        findings = seventy("doctor", "--json", db=self.url).document["findings"]
        (found,) = (finding for finding in findings if finding["about"] == "notices")
        return found["fine"], found["says"]


@pytest.fixture
def doctor(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    return Doctor(sqlite_url, monkeypatch)


def test_the_doctor_says_that_nobody_is_told(doctor: Doctor) -> None:
    fine, words = doctor.says()
    assert fine
    assert words.startswith("Nobody is told when the glass is broken, by the settings here")


def test_the_doctor_says_who_is_told_and_whether_they_were(
    doctor: Doctor, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_NOTICE_WEBHOOK", DEAF)
    assert doctor.says() == (True, "A broken glass is told by webhook at 127.0.0.1.")
    broken(sqlite_engine)
    fine, words = doctor.says()
    assert not fine
    assert words.endswith("UTC, and nobody is known to have been told.")
    assert doctor.says(after=timedelta(days=8))[0]


def test_the_doctor_names_the_way_that_failed(doctor: Doctor, sqlite_engine: Engine) -> None:
    with socket.socket() as nobody:  # a port at which nobody answers
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/secret-path"
        broken(sqlite_engine, SEVENTY_NOTICE_WEBHOOK=address)
        (entry,) = arrived(sqlite_engine)
    assert entry.action == "fail notice"
    fine, words = doctor.says()
    assert not fine
    assert words.endswith("and webhook at 127.0.0.1 (ConnectError) did not tell.")


def test_the_doctor_says_by_what_it_was_told(doctor: Doctor, sqlite_engine: Engine) -> None:
    with Server(Hook).running() as hook:
        broken(sqlite_engine, **settings(hook=hook))
        arrived(sqlite_engine)
    fine, words = doctor.says()
    assert fine
    assert words.endswith("; webhook at 127.0.0.1 told of it.")


def test_a_setting_that_cannot_be_used_is_a_finding(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEVENTY_NOTICE_TO", "a@x.org")
    fine, words = doctor.says()
    assert not fine
    assert "need each other" in words
