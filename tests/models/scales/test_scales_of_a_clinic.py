"""A clinic drops a TOML of its own into its data folder."""

import os
from importlib.resources import files
from pathlib import Path

import pytest

from models.scales import all_scales
from models.scales.reading import read_scale
from tests.support.own_scale import PAIN

PHQ9 = (files("models.scales") / "phq9.toml").read_text(encoding="utf-8")


def test_a_clinic_s_own_scale_joins_the_shipped_ones_behind_them(tmp_path: Path) -> None:
    (tmp_path / "pain.toml").write_text(PAIN, encoding="utf-8")
    scales = all_scales(tmp_path)
    assert list(scales) == [*all_scales(), "pain"]
    assert scales["pain"].high == 10
    assert scales.problems == ()


def test_a_broken_file_is_named_and_hides_no_other_scale(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text(PAIN.replace("high = 10", "high = 5000"), encoding="utf-8")
    (tmp_path / "pain.toml").write_text(PAIN, encoding="utf-8")
    scales = all_scales(tmp_path)
    assert list(scales) == [*all_scales(), "pain"]
    assert [str(problem) for problem in scales.problems] == [
        "broken.toml: high: more than low and at most 1023; got 5000"
    ]


def test_a_clinic_may_move_a_cut_off_of_a_shipped_scale(tmp_path: Path) -> None:
    own = PHQ9.replace("remission_at_most = { value = 4,", "remission_at_most = { value = 5,")
    (tmp_path / "phq9.toml").write_text(own, encoding="utf-8")
    assert all_scales(tmp_path)["phq9"].remission_at_most == 5
    assert all_scales()["phq9"].remission_at_most == 4


def test_a_clinic_may_not_move_the_range_that_stored_scores_rest_on(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(PAIN.replace('id = "pain"', 'id = "wsas"'), encoding="utf-8")
    scales = all_scales(tmp_path)
    assert scales["wsas"].high == 40
    assert str(scales.problems[0]) == (
        "mine.toml: high: as in the shipped WSAS, on which stored scores rest; "
        "another scale, or another version of it, needs another id; got 10"
    )


def test_what_the_record_keeps_is_known_without_its_file() -> None:
    kept = read_scale("pain.toml", PAIN.encode())
    assert list(all_scales(None, {"pain": kept})) == [*all_scales(), "pain"]
    assert list(all_scales(Path("no-such-folder"), {"pain": kept})) == [*all_scales(), "pain"]


def test_a_file_may_move_a_cut_off_of_what_the_record_keeps_and_not_its_range(tmp_path: Path) -> None:
    kept = {"pain": read_scale("pain.toml", PAIN.encode())}
    milder = PAIN + 'remission_at_most = { value = 1, source = "Ours" }\n'
    (tmp_path / "pain.toml").write_text(milder, encoding="utf-8")
    scales = all_scales(tmp_path, kept)
    assert (scales["pain"].remission_at_most, scales.problems) == (1, ())
    (tmp_path / "pain.toml").write_text(milder.replace("high = 10", "high = 8"), encoding="utf-8")
    scales = all_scales(tmp_path, kept)
    assert scales["pain"] == kept["pain"]
    assert str(scales.problems[0]) == (
        "pain.toml: high: as in the record's Pain 0-10, on which stored scores rest; "
        "another scale, or another version of it, needs another id; got 8"
    )


def test_what_is_made_of_parts_is_counted_and_not_spelled_out(tmp_path: Path) -> None:
    own = PHQ9.replace("Little interest", "Less interest")
    (tmp_path / "phq9.toml").write_text(own, encoding="utf-8")
    (problem,) = all_scales(tmp_path).problems
    assert str(problem).startswith("phq9.toml: items: as in the shipped PHQ-9, ")
    assert str(problem).endswith("got '9 of its own'")


def test_the_second_file_of_one_id_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(PAIN, encoding="utf-8")
    (tmp_path / "b.toml").write_text(PAIN, encoding="utf-8")
    (problem,) = all_scales(tmp_path).problems
    assert str(problem) == "b.toml: id: an id a.toml does not have; got 'pain'"


@pytest.mark.parametrize("name", ["Pain 0-10", "pain  0-10 "])
@pytest.mark.parametrize("file", ["another.toml", "pain2.toml"])
def test_two_scales_of_one_name_are_not_told_apart_where_one_is_chosen(
    tmp_path: Path, name: str, file: str
) -> None:
    other = PAIN.replace('id = "pain"', 'id = "pain2"').replace("Pain 0-10", name)
    kept = read_scale("pain.toml", PAIN.encode())
    (tmp_path / "pain.toml").write_text(PAIN)
    (tmp_path / file).write_text(other)
    for scales in (all_scales(tmp_path, {"pain": kept}), all_scales(tmp_path)):
        names = [" ".join(scale.name.split()).casefold() for scale in scales.values()]
        assert len(names) == len({*names}) == len(all_scales()) + 1
        assert "chosen by name" in str(*scales.problems)
    assert "pain" in all_scales(tmp_path, {"pain": kept})


def test_a_scale_renamed_to_another_s_name_keeps_its_own(tmp_path: Path) -> None:
    kept = read_scale("pain.toml", PAIN.encode())
    (tmp_path / "pain.toml").write_text(PAIN.replace("Pain 0-10", "GAD-7"))
    scales = all_scales(tmp_path, {"pain": kept})
    assert scales["pain"] == kept
    assert "gad7 does not have" in str(*scales.problems)


def test_a_toml_that_cannot_be_read_is_a_named_problem(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (problem,) = all_scales(tmp_path).problems
    assert problem.file == "folder.toml"


@pytest.mark.parametrize("folder", [None, Path("no-such-folder")])
def test_without_a_folder_the_shipped_scales_stand_alone(folder: Path | None) -> None:
    assert all_scales(folder) is all_scales()


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    (tmp_path / "long.toml").write_bytes(b"#" * 1_000_001)
    assert [str(problem) for problem in all_scales(tmp_path).problems] == [
        "long.toml: file: a file that can be read; got 'more than 1,000,000 bytes'",
        "pipe.toml: file: a file that can be read; got 'not a file'",
        "zero.toml: file: a file that can be read; got 'not a file'",
    ]
