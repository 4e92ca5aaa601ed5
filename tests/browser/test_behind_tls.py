"""Behind the proxy file that is shipped: Caddy ends TLS, and all is as a browser has to see it."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from socket import create_connection
from typing import NamedTuple

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

import dashboard
from models.access.roles import Role
from models.store.accounts.staff import add_account, new_setup_link
from tests.browser.conftest import Served, free_port, serving
from tests.support.browsing import choose_patient, heading
from tests.support.builders import BY, record_patient

CADDYFILE = Path(dashboard.__file__).parent / "deploy" / "Caddyfile"
PASSWORD = "a wide river at night"


class Site(NamedTuple):
    """A dashboard behind Caddy, and the host under which it is reached."""

    served: Served
    port: int

    @property
    def address(self) -> str:
        """What the browser opens."""
        return f"https://localhost:{self.port}"


@pytest.fixture(scope="module", name="site")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    caddy = shutil.which("caddy")
    if caddy is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no caddy")
        pytest.skip("There is no caddy")
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    with serving(folder, behind=f"localhost:{port}") as served, (folder / "caddy.txt").open("wb") as said:
        named = {
            "SEVENTY_SITE": f"https://localhost:{port}",
            "SEVENTY_PORT": served.address.rpartition(":")[2],
            "SEVENTY_HTTP_PORT": str(free_port()),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        command = [caddy, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
        process = subprocess.Popen(command, env={**os.environ, **named}, stdout=said, stderr=said)
        try:
            yield Site(served, port)
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(name="context")
def _context(chromium: Browser) -> Iterator[BrowserContext]:
    with closing(chromium.new_context(ignore_https_errors=True)) as context:
        yield context


def test_signing_in_through_tls_opens_the_app_over_wss_with_cookies_for_this_host_alone(
    site: Site, context: BrowserContext
) -> None:
    at = datetime.now(UTC)
    record_patient(site.served.engine, "1043", given_name="Ruth", family_name="Adler")
    add_account(site.served.engine, "bo", "Bo Brown", Role.CLINICIAN, by=BY, at=at)
    page = context.new_page()
    page.set_default_timeout(60_000)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    answered = page.goto(f"{site.address}/setup/{new_setup_link(site.served.engine, 'bo', by=BY, at=at)}")
    assert answered is not None
    assert answered.headers["strict-transport-security"] == "max-age=31536000"
    secret = page.locator(".key code").inner_text()
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_label("The six digits it shows").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Set up my account").click()
    code = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have them. Sign in").click()
    page.get_by_label("User name").fill("bo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    heading(page, "Who is it?")
    choose_patient(page, "1043")
    expect(page.locator("h1")).to_contain_text("Ruth Adler")
    assert {url.partition("/_stcore")[0] for url in sockets} == {f"wss://localhost:{site.port}"}
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    ours = {name for name in cookies if name.startswith("__Host-seventy")}
    assert all(cookie["secure"] for cookie in cookies.values())
    assert {name for name, cookie in cookies.items() if not cookie["httpOnly"]} <= {"_streamlit_xsrf"}
    assert all(cookies[name]["sameSite"] in {"Lax", "Strict"} for name in ours)
    assert cookies.keys() - ours <= {"_streamlit_xsrf"}
    assert len(ours) == 3  # the session, what ties a form to the browser, and who got in with it before


@pytest.mark.parametrize(
    ("version", "opens"), [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)]
)
def test_nothing_older_than_tls_1_2_is_spoken(
    site: Site,
    version: ssl.TLSVersion,
    opens: bool,  # noqa: FBT001
) -> None:
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE
    asking.set_ciphers("ALL:@SECLEVEL=0")  # this side would speak it
    with pytest.warns(DeprecationWarning, match="TLSv1_1") if not opens else pytest.MonkeyPatch.context():
        asking.minimum_version = asking.maximum_version = version
    with create_connection(("localhost", site.port), timeout=10) as plain:
        if opens:
            with asking.wrap_socket(plain, server_hostname="localhost") as sealed:
                assert sealed.version() == "TLSv1.2"
        else:
            with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
                asking.wrap_socket(plain, server_hostname="localhost")


def test_the_address_kept_of_whoever_signs_in_is_the_one_the_proxy_saw(
    site: Site, context: BrowserContext
) -> None:
    context.set_extra_http_headers({"X-Forwarded-For": "203.0.113.9"})
    page = context.new_page()
    page.goto(f"{site.address}/login")
    for _ in range(2):
        page.get_by_label("User name").fill("nobody")
        page.get_by_label("Password").fill("x")
        page.get_by_label("Code").fill("1")
        page.get_by_role("button", name="Sign in").click()
    with site.served.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT bucket FROM sign_in_failure").scalars().all()
    assert kept
    assert not any("203.0.113.9" in bucket for bucket in kept)
