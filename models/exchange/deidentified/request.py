"""What is asked for, and what cannot be given."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.exchange.deidentified.rules import Product

LONGEST_AGREEMENT: Final = 100


class AgreementError(ValueError):
    """An extract that may not be made under this data use agreement, or not without one."""


class FolderError(Exception):
    """A folder that cannot be written: which, and why."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"{folder} {why}")


@dataclass(frozen=True)
class Request:
    """A product and its terms; `agreement` is the number of a limited data set's data use agreement.

    Raises `AgreementError` for a limited data set without one, for another product with one, and for one that
    is no number a person would write.
    """

    product: Product
    agreement: str | None = None
    suicide_items: bool = False

    def __post_init__(self) -> None:
        limited = self.product is Product.LIMITED
        if self.agreement is None:
            if limited:
                raise AgreementError("a limited data set needs the number of its data use agreement")
            return
        if not limited:
            raise AgreementError(f"a data use agreement belongs to {Product.LIMITED}, not to {self.product}")
        written = self.agreement.strip()
        if not written or len(written) > LONGEST_AGREEMENT or not written.isprintable():
            raise AgreementError(
                f"the number of an agreement has 1 to {LONGEST_AGREEMENT} printable characters; "
                f"got {self.agreement!r}",
            )
        object.__setattr__(self, "agreement", written)
