from tests.conformance import README, in_readme, reproduced


def test_the_readme_has_the_table_the_tests_make() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == in_readme(text), "python -m tests.conformance writes it anew"


def test_figures_of_both_kinds_are_reproduced() -> None:
    sources = " ".join(one.source for one in reproduced())
    assert "McInnes" in sources
    assert "scipy" in sources
