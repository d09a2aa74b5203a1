"""A mistake in `campaign.toml` is told with its line and its cure, not in the parser's words."""

import tomllib

import pytest

from chatbot.petition.text.toml_mistakes import explain, suggest


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("title = “Save the forest”", "curly"),
        ("title = ‘Save the forest’", "curly"),
        ("title ＝ 'x'", "wide"),
        ("is_open = True", "write true or false"),
        ("is_open = yes", "write true or false"),
        ("started_on = 1.11.2026", "2026-11-01"),
        ("started_on = 2026-1-1", "2026-11-01"),
        ("started_on = 2026/11/01", "2026-11-01"),
        ("carried_over = 178,921", "100_000"),
        ("carried_over = 178 921", "100_000"),
        ("carried_over = 1.000.000", "100_000"),
        ("carried_over = 178'921", "100_000"),
        ("carried_over = 17만 8921", "100_000"),
        ("carried_over = 178921명", "100_000"),
        ("carried_over = １78921", "100_000"),
        ("milestones = [100 000]", "100_000"),
        ("milestones = [100\u00a0000]", "100_000"),
        ("milestones = [100 000, 200 000]", "100_000"),
        ("milestones = [100_000, 1 000 000]", "100_000"),
        ("milestones = [100,000]", "100_000"),
        ("milestones = [1,000,000]", "100_000"),
        ("milestones = [180,000, 200,000] # in two years", "100_000"),
        ("milestones = [100.000.000]", "100_000"),
        ("milestones = [100’000]", "100_000"),
        ("milestones = [10만, 20만]", "100_000"),
        ("milestones = 10만", "100_000"),
        ("milestones = [100k]", "100_000"),
        ("milestones = [100_000, 200_000", "a bracket ] or a comma is missing"),
        ("milestones = [100_000 200_000]", "100_000"),
        ("title = 3 forests", "look there for"),
        ("title =", "something must stand after"),
        ("title = Save the forest", 'put the words in "quotation marks"'),
        ('title = "Save the forest', "a quotation mark is missing"),
        ('title = Save the forest"', 'put the words in "quotation marks"'),
        ('title = "Save "our" forest"', "needs a backslash"),
        ('title = "C:\\docs"', "write \\\\ for a backslash"),
        ("[ko", "closing bracket"),
        ("the forest", "no equals sign"),
        ('title = "one"\ntitle = "two"', "there twice"),
        ("[ko]\n[ko]", "heading is there twice"),
        ('languages = ["ko", "en"', "bracket"),
    ],
)
def test_mistake_is_told_with_its_line_and_cure(line: str, cure: str) -> None:
    text = f"# facts\nfirst = 1\n{line}\n"
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    told = explain(text, str(caught.value))
    assert told.startswith(f"line {text.rstrip().count(chr(10)) + 1} cannot be read: "), told
    assert cure in told


def test_number_in_a_list_of_several_lines_is_told_as_well() -> None:
    text = "milestones = [\n  100_000,\n  200 000,\n]\n"
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    told = explain(text, str(caught.value))
    assert told.startswith("line 3 cannot be read: 200 000,; write a number with digits alone")


def test_long_line_is_shortened() -> None:
    assert len(explain("title = “" + "x" * 500, "Invalid value (at line 1, column 9)")) < 200


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("ends_on", "no petition closes by itself; write is_open = false when it is over"),
        ("Deadline", "no petition closes by itself"),
        ("goal", "if you meant milestones, write that"),
        ("phone", "if you meant contact, write that"),
        ("hastag", "if you meant hashtag, write that"),
        ("ja", '`languages` does not list; write "ja" there'),
        ("colour", "take it out, or use one of hashtag, milestones"),
    ],
)
def test_unknown_name_is_answered_by_what_it_may_mean(key: str, told: str) -> None:
    assert told in suggest(key, ["hashtag", "milestones", "contact", "is_open", "ko"][: None if key != "colour" else 2])
