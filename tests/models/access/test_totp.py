"""Six digits from an authenticator app: the right ones, in time, once."""

import base64
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access.totp import new_secret, provisioning_uri, qr_svg, step_at, verified_step

SECRET = base64.b32encode(b"12345678901234567890").decode()  # the secret of RFC 6238, appendix B
NOW = datetime(2026, 11, 23, 9, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)
VECTORS = {  # RFC 6238, appendix B, SHA-1: the last six of its eight digits
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def code_at(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_the_codes_of_rfc_6238(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert verified_step(SECRET, code, at=moment, last_step=None) == seconds // 30 == step_at(moment)


@given(moments, st.integers(-90, 90))
def test_a_code_is_good_one_step_early_or_late_and_no_more(moment: datetime, seconds: int) -> None:
    typed_at = moment + timedelta(seconds=seconds)
    away = abs(step_at(typed_at) - step_at(moment))
    step = verified_step(SECRET, code_at(moment), at=typed_at, last_step=None)
    if away <= 1:
        assert step == step_at(moment)
    else:  # a code may by chance be that of a step in reach too
        assert step is None or code_at(datetime.fromtimestamp(step * 30, UTC)) == code_at(moment)


def test_a_code_opens_once() -> None:
    code = code_at(NOW)
    step = verified_step(SECRET, code, at=NOW, last_step=None)
    assert step is not None
    assert verified_step(SECRET, code, at=NOW + STEP, last_step=step) is None


def test_after_a_code_an_earlier_one_opens_nothing_and_a_later_one_opens() -> None:
    assert verified_step(SECRET, code_at(NOW - STEP), at=NOW, last_step=step_at(NOW)) is None
    assert verified_step(SECRET, code_at(NOW + STEP), at=NOW, last_step=step_at(NOW)) == step_at(NOW) + 1


def test_spaces_are_passed_over() -> None:
    code = code_at(NOW)
    for typed in (f" {code} ", f"{code[:3]} {code[3:]}"):
        assert verified_step(SECRET, typed, at=NOW, last_step=None) == step_at(NOW)


def test_nothing_but_six_ascii_digits_is_a_code() -> None:
    code = code_at(NOW)
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for typed in (
        "",
        code[:5],
        f"{code}0",
        f"-{code}",
        f"{code}\n",
        f"{code}\u00a0",
        arabic,
        wide,
        f"{code[:5]}²",
    ):
        assert verified_step(SECRET, typed, at=NOW, last_step=None) is None


def test_the_code_of_another_secret_opens_nothing() -> None:
    other = next(secret for secret in iter(new_secret, None) if not _meet(secret))
    assert verified_step(other, code_at(NOW), at=NOW, last_step=None) is None


def test_the_zone_does_not_matter_and_must_be_there() -> None:
    assert step_at(NOW.astimezone(ZoneInfo("America/New_York"))) == step_at(NOW)
    with pytest.raises(ValueError, match=r"carries its zone; got 2026-11-23T09:00:10$"):
        step_at(NOW.replace(tzinfo=None))


def test_a_secret_has_160_bits_and_comes_once() -> None:
    assert len(base64.b32decode(new_secret())) == 20
    assert len({new_secret() for _ in range(200)}) == 200


@pytest.mark.parametrize("account", ["anna.berg", "Zoë O'Brien", "a&secret=x#?/%", "name:with:colons"])
def test_an_app_reads_account_issuer_and_secret_from_the_address(account: str) -> None:
    uri = provisioning_uri(SECRET, account=account, issuer="Seventy: Harbour Clinic")
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query) == {"secret": [SECRET], "issuer": ["Seventy Harbour Clinic"]}
    assert unquote(parts.path) == f"/Seventy Harbour Clinic:{account.replace(':', ' ')}"
    assert pyotp.parse_uri(uri).secret == SECRET


def test_the_qr_code_is_one_svg_element_without_script_style_or_reference() -> None:
    svg = qr_svg(provisioning_uri(SECRET, account="anna", issuer="</svg><script>alert(1)</script>"))
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert {element.tag for element in root.iter()} == {"svg", "title", "g", "path"}
    allowed = {"viewBox", "transform", "fill", "stroke", "d"}
    assert {name for element in root.iter() for name in element.attrib} <= allowed
    assert SECRET not in svg


def test_the_qr_code_brings_its_own_white_with_a_quiet_zone_around() -> None:
    root = ET.fromstring(qr_svg("otpauth://totp/x"))  # noqa: S314 - our own
    ground, code = root.iter("path")
    assert ground.attrib["fill"] == "#fff"
    assert code.attrib["stroke"] == "#000"
    assert code.attrib["d"].startswith("M4 4.5")  # ISO/IEC 18004 asks for four modules of quiet


def test_the_qr_code_is_drawn_whole_in_less_room_than_its_own_size() -> None:
    root = ET.fromstring(qr_svg("otpauth://totp/x"))  # noqa: S314 - our own
    assert root.attrib["viewBox"].startswith("0 0 ")
    assert not {"width", "height"} & set(root.attrib)


def _meet(secret: str) -> bool:
    codes = {pyotp.TOTP(secret).at(NOW + beside * STEP) for beside in (-1, 0, 1)}
    return code_at(NOW) in codes
