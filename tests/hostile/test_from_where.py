"""From where a request says it came, to a real server: believed of the proxy that was named alone."""

from urllib.parse import urlencode

from models.store.trail.entries import Wanted, entries, record_mark
from tests.support.raw_requests import Asked

CLAIMED = "203.0.113.77"
PROXYS_OWN = "198.51.100.4"


def test_the_trail_and_the_waiting_know_from_where_a_sign_in_really_came(asked: Asked) -> None:
    engine = asked.served.engine
    form = urlencode({"form_key": "k", "username": "nobody", "password": "a guess", "code": "000000"})
    cookie = f"{'__Host-' if asked.proxy else ''}seventy_form-{record_mark(engine)}=k"
    head = (
        f"POST /login HTTP/1.1\r\nHost: {asked.host}\r\nOrigin: {asked.origin}\r\nCookie: {cookie}\r\n"
        f"X-Forwarded-For: {CLAIMED}, {PROXYS_OWN}\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
    )
    first, _ = asked.answers(f"{head}{form}".encode())
    assert " 401 " in first
    (refused,) = entries(engine, Wanted(action="refuse sign-in"), newest=1)
    came_from = PROXYS_OWN if asked.proxy else "127.0.0.1"
    assert refused.address == came_from
    with engine.connect() as connection:
        buckets = connection.exec_driver_sql("SELECT bucket FROM sign_in_failure").scalars().all()
    assert [bucket for bucket in buckets if bucket.startswith("address ")] == [f"address {came_from}"]
