import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.model import CampaignError
from chatbot.petition.text.markup import read_sections
from chatbot.petition.text.rich_text import render


def shown(text: str) -> str:
    return "\n——\n".join(str(render(section)) for section in read_sections(text, "ko/appeal.html"))


def refused(text: str) -> tuple[str, ...]:
    try:
        shown(text)
    except CampaignError as refusal:
        return refusal.problems
    return ()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<h1>Why</h1><p>Because.</p>", "<b>Why</b>\n\nBecause."),
        ("<h2>Why <b>now</b></h2><p>Because.</p>", "<b>Why now</b>\n\nBecause."),
        ("<p>  to \n the\t point </p>", "to the point"),
        ("<p>one <b> two </b> three</p>", "one <b>two </b>three"),
        ("<p>line<br>\n  next<br/> last <br></p>", "line\nnext\nlast"),
        ("<p><strong>a</strong><em>b</em><u>c</u><s>d</s></p>", "<b>a</b><i>b</i><u>c</u><s>d</s>"),
        ("<p><b>one</b><b> word</b></p>", "<b>one word</b>"),
        ("<p><b><strong>twice</strong></b></p>", "<b>twice</b>"),
        ("<p><b>a<i>b</i></b>c</p>", "<b>a<i>b</i></b>c"),
        (
            '<p><a href="https://example.org/?a=1&amp;b=2">go</a></p>',
            '<a href="https://example.org/?a=1&amp;b=2">go</a>',
        ),
        ("<p>R&amp;D &lt;b&gt; 3 < 4 > 2 &hearts; AT&T</p>", "R&amp;D &lt;b&gt; 3 &lt; 4 &gt; 2 ♥ AT&amp;T"),
        ("<p>100&nbsp;km</p>", "100\xa0km"),
        ("<ul><li>one</li>\n<li>two</li></ul><p>end</p>", "• one\n• two\n\nend"),
        ("<ol><li>one</li><li> </li><li>two</li></ol>", "1. one\n2. two"),
        ("<blockquote>said</blockquote><p>told</p>", "<blockquote>said</blockquote>\n\ntold"),
        (
            "<blockquote expandable><p>a</p><ul><li>b</li></ul></blockquote>",
            "<blockquote expandable>a\n\n• b</blockquote>",
        ),
        (
            "<blockquote>a</blockquote><blockquote>b</blockquote>",
            "<blockquote>a</blockquote>\n\n<blockquote>b</blockquote>",
        ),
        ("<hr><p>one</p><hr/><!-- <hr> --><hr><p>two</p><hr>", "one\n——\ntwo"),
        ("<!-- a\ncomment --><P>loud<BR>tags</P>", "loud\ntags"),
        ("<p> &nbsp; </p><p></p><p>seen</p>", "seen"),
        ("<p>R&#D, &notes, 1&nbsp2</p>", "R&amp;#D, &amp;notes, 1&amp;nbsp2"),
        (
            '<p><a href="https://example.org/?a=1&copy=2">go</a></p>',
            '<a href="https://example.org/?a=1&amp;copy=2">go</a>',
        ),
        ("", ""),
    ],
)
def test_telegram_shows_what_organizers_write(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("<p>a</p>\n<table>", 2, "<table> is not known here; take it out, or use one of <h1> <h2>"),
        ("<div>a</div>", 1, "<div> is not known here"),
        ("<p>a</p>\n\n  loose words", 3, "outside a paragraph; put them between <p> and </p>"),
        ("<ul>\nword</ul>", 2, "outside an item of the list; put them between <li> and </li>"),
        ("<p>\none <b>two</p>", 2, "this <b> is never closed; write </b> before </p>"),
        ("<p>one", 1, "this <p> is never closed; write </p> where it ends"),
        ("<p>one<p>two</p>", 1, "<p> cannot stand inside <p>; write </p> before it"),
        ("<ul><li>one<ul></ul></li></ul>", 1, "<ul> cannot stand inside <li>"),
        ("<li>one</li>", 1, "<li> stands alone; put it between <ul> and </ul>"),
        ("<b>one</b>", 1, "<b> stands alone; put it between <p> and </p>"),
        ("<blockquote><hr></blockquote>", 1, "<hr> cannot stand inside <blockquote>"),
        ("<p>a</b></p>", 1, "</b> closes nothing; take it out"),
        ('<p class="x">a</p>', 1, "“class” is not known in <p>; take it out"),
        ('<p><a href="https://example.org" target="_blank">a</a></p>', 1, "“target” is not known in <a>"),
        ("<p><a>a</a></p>", 1, 'a link needs a whole address; write <a href="https://…">'),
        ('<p><a href="http://example.org">a</a></p>', 1, "a link needs a whole address"),
        ('<p><a href="javascript:alert(1)">a</a></p>', 1, "a link needs a whole address"),
        ('<p><a href="https://example.org>a</a></p>', 1, "look for a missing quotation mark"),
        (
            '<p><a href="https://example.org">a<a href="https://example.org">b</a></a></p>',
            1,
            "a link cannot stand inside a link",
        ),
        ("<p>a</p>\n<!-- never", 2, "this comment never ends; write --> after it"),
        ("<p>a</p>\n<p>\n&#55356;&#57225;</p>", 3, "this sign cannot be shown (&#55356;); write the sign itself"),
        ("<p>&#xD83D;</p>", 1, "this sign cannot be shown (&#xD83D;)"),
        ("<p>&#0;</p>", 1, "this sign cannot be shown (&#0;)"),
        ("<p>&#;</p>", 1, "this sign cannot be shown (&#;)"),
        ("<p>&#99999999;</p>", 1, "this sign cannot be shown (&#99999999;)"),
        ("<p>&bla;</p>", 1, "&bla; is not known; write the sign itself"),
        ('<p><a href="https://example.org/&#0;">a</a></p>', 1, "this sign cannot be shown (&#0;)"),
        ("<p>a\n b\x00c</p>", 2, "this sign cannot be shown (U+0000); take it out"),
        ("<p>a\x07b</p>", 1, "this sign cannot be shown (U+0007)"),
        ("<p>a \u202eb</p>", 1, "this sign cannot be shown (U+202E)"),
        ("<p>a \ufffdb</p>", 1, "this sign cannot be shown (U+FFFD)"),
        ("<p>a \uffffb</p>", 1, "this sign cannot be shown (U+FFFF)"),
        ("<!doctype html>", 1, "begins no tag that is known here; for the sign itself write &lt;"),
        ("<p>a <b</p>", 1, "begins no tag that is known here"),
        ("<p>a</p>\n<h1>why</h1>\n<hr><p>b</p>", 2, "nothing stands under this heading"),
        ("<p>a</p><h2>why</h2>", 1, "nothing stands under this heading"),
        ("<h1>a</h1><h2>b</h2><h2>c</h2><p>d</p>", 1, "third heading in a row"),
        (f"<h1>{'a' * 121}</h1><p>d</p>", 1, "longer than 120 characters; shorten it"),
    ],
)
def test_mistake_is_reported_in_one_line_with_its_place(written: str, line: int, said: str) -> None:
    (problem,) = refused(written)
    assert problem.startswith(f"ko/appeal.html, line {line}: ")
    assert said in problem
    assert "\n" not in problem
    assert problem.endswith(".")


pieces = ["<", ">", "/", "<!--", "-->", "<p>", "</p>", "<b>", "</b>", "<li>", "<ul>", "</ul>", "<hr>", "<h1>", "</h1>"]
pieces += [
    "<blockquote",
    "expandable",
    '<a href="https://example.org">',
    "</a>",
    '"',
    "=",
    "&lt",
    "&#0;",
    " ",
    "\n",
    "말",
]


@given(st.lists(st.sampled_from(pieces)).map("".join))
def test_any_text_is_read_or_refused_in_plain_words(written: str) -> None:
    problems = refused(written)
    assert len(problems) <= 1
    assert all("\n" not in problem for problem in problems)
