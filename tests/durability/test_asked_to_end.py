"""A server asked to end, as systemd and containers ask, lets go of the record before it does."""

from pathlib import Path
from urllib.request import urlopen

from tests.browser.conftest import serving


def test_nothing_of_the_record_is_left_in_the_log_beside_it(tmp_path: Path) -> None:
    """Whoever then copies the file alone has all of it."""
    with serving(tmp_path) as served:
        with urlopen(f"{served.address}/login", timeout=30) as answered:  # noqa: S310
            assert answered.status == 200
        served.engine.dispose()
        assert (tmp_path / "clinic.db-wal").exists()
    assert not (tmp_path / "clinic.db-wal").exists()
    assert "Traceback" not in served.log.read_text()
