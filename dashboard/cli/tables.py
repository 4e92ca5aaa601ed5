"""Small tables of text for a terminal."""

from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns as wide as their widest cell, numbers to the right; the last column runs on."""
    texts = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(header))]
    right = [all(isinstance(row[place], int | float) for row in rows) for place in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in texts
    )
