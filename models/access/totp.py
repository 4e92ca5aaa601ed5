"""The second factor: six digits from an authenticator app, new every thirty seconds, good once.

RFC 6238 as every app knows it: SHA-1, six digits, steps of 30 s counted from 1970. A code is accepted one
step early or late, for clocks that differ. The caller keeps the last step that was accepted, so that a code
seen over a shoulder opens nothing a second time.
"""

import hmac
import re
from datetime import datetime

import pyotp
import segno

_STEP_SECONDS = 30
_STEPS_OF_GRACE = 1
_SECRET_CHARACTERS = 32  # of 5 bits: 160, the length of SHA-1 (RFC 4226)
_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_PIXELS_A_MODULE = 5


def new_secret() -> str:
    """160 random bits as 32 characters of base32, which a person can also type into their app."""
    return pyotp.random_base32(_SECRET_CHARACTERS)


def sealed_about(account_id: int) -> str:
    """What an account's secret is sealed about, with the key's purpose `SECRETS`."""
    return f"account:totp:{account_id}"


def step_at(moment: datetime) -> int:
    """The number of the 30-second step `moment` lies in; raises `ValueError` for a moment without a zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"a moment of signing in carries its zone; got {moment.isoformat()}")
    return int(moment.timestamp() // _STEP_SECONDS)


def verified_step(secret: str, code: str, *, at: datetime, last_step: int | None) -> int | None:
    """The step `code` belongs to, to be kept as the next `last_step`; `None` when it opens nothing.

    It opens nothing when it is not six digits 0 to 9 (spaces are passed over), is not the code of the step of
    `at` or of one beside it, or belongs to `last_step` or before. `secret` is base32; `at` carries its zone,
    else `ValueError`.
    """
    digits = code.replace(" ", "")
    now = step_at(at)
    if _CODE.fullmatch(digits) is None:
        return None
    codes = pyotp.HOTP(secret)
    matching = [
        step
        for step in range(now - _STEPS_OF_GRACE, now + _STEPS_OF_GRACE + 1)
        if hmac.compare_digest(codes.at(step), digits)
    ]
    latest = max(matching, default=None)
    if latest is None or (last_step is not None and latest <= last_step):
        return None
    return latest


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """The address an authenticator app reads from a QR code: otpauth://totp/issuer:account?secret=...

    A colon divides the two in the app, so one within them becomes a space.
    """
    names = [" ".join(name.replace(":", " ").split()) for name in (account, issuer)]
    return pyotp.TOTP(secret).provisioning_uri(name=names[0], issuer_name=names[1])


def qr_svg(uri: str) -> str:
    """`uri` as a QR code in one `<svg>` element, black on its own white, whatever page it is put in.

    It holds paths and a title only: no script, style or reference, and none of `uri`'s text.
    Raises `ValueError` for more text than a QR code holds (about 2,300 characters).
    """
    code = segno.make_qr(uri, error="m")
    return code.svg_inline(
        scale=_PIXELS_A_MODULE,
        omitsize=True,  # of no size of its own it is drawn whole in whatever room there is
        dark="#000",
        light="#fff",
        title="QR code for the authenticator app",
        svgclass=None,
        lineclass=None,
    )
