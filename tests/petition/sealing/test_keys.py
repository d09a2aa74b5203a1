"""Sealed names: only the holder of a private key reads them, and wrong keys are refused before anything is sealed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.sealing.envelope import is_sealed
from chatbot.petition.sealing.keys import KeyRefusedError, NotOpenedError, Opener, Seal, make_pair
from chatbot.petition.signing.names import MAX_NAME_LENGTH, NameRefusedError, read_name

PUBLIC, PRIVATE = make_pair()
OTHER_PUBLIC, OTHER_PRIVATE = make_pair()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=500))
def test_sealed_text_opens_and_contains_no_clear_text(text):
    sealed = Seal.read(PUBLIC).close(text)
    assert is_sealed(sealed)
    assert sealed.isascii()
    assert len(text) < 4 or text not in sealed
    assert Opener.read([PRIVATE]).open(sealed) == text


def test_same_name_is_sealed_differently_each_time():
    seal = Seal.read(PUBLIC)
    assert seal.close("김하나") != seal.close("김하나")


def test_box_hides_the_length_of_the_name():
    seal = Seal.read(PUBLIC)
    assert len(seal.close("Li")) == len(seal.close("Sam Alexander of the Long Name"))


def test_each_key_holder_opens_it_alone():
    sealed = Seal.read(f" {PUBLIC}, {OTHER_PUBLIC},").close("Sam")
    assert Opener.read([PRIVATE]).open(sealed) == "Sam"
    assert Opener.read([OTHER_PRIVATE]).open(sealed) == "Sam"


def test_both_keys_open_everything_after_a_rotation():
    before, after = Seal.read(PUBLIC).close("하나"), Seal.read(OTHER_PUBLIC).close("Sam")
    opener = Opener.read([PRIVATE, OTHER_PRIVATE])
    assert [opener.open(before), opener.open(after)] == ["하나", "Sam"]


def test_other_keys_and_broken_boxes_open_nothing():
    sealed = Seal.read(PUBLIC).close("하나")
    with pytest.raises(NotOpenedError):
        Opener.read([OTHER_PRIVATE]).open(sealed)
    broken = sealed[:-3] + ("AAA" if not sealed.endswith("AAA") else "BBB")
    with pytest.raises(NotOpenedError):
        Opener.read([PRIVATE]).open(broken)


def test_clear_name_is_returned_and_sealed_name_is_not_sealed_again():
    seal, opener = Seal.read(PUBLIC), Opener.read([PRIVATE])
    assert opener.open("하나") == "하나"
    sealed = seal.close("하나")
    assert seal.close(sealed) == sealed


def test_typed_name_never_looks_sealed():
    sealed = Seal.read(PUBLIC).close("x")
    assert len(sealed) > MAX_NAME_LENGTH
    with pytest.raises(NameRefusedError):
        read_name(sealed)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "no key"),
        (PRIVATE, "must never see it"),
        (PUBLIC[:-1], "not the whole of it"),
        (PUBLIC[:10] + ("A" if PUBLIC[10] != "A" else "B") + PUBLIC[11:], "not the whole of it"),
        ("public-xyz", "not the whole of it"),
        ("公", "not the whole of it"),
    ],
    ids=["none", "private", "cut off", "mistyped", "too short", "letters"],
)
def test_wrong_public_key_is_refused_and_not_repeated(written, says):
    with pytest.raises(KeyRefusedError, match=says) as refused:
        Seal.read(written)
    assert not written or written not in str(refused.value)


def test_private_key_is_read_among_comment_lines():
    sealed = Seal.read(PUBLIC).close("하나")
    assert Opener.read([f"# Keep this safe.\n\n{PRIVATE}\n"]).open(sealed) == "하나"
    for written in (PUBLIC, "", f"{PRIVATE}\n{OTHER_PRIVATE}", PRIVATE[:-1]):
        with pytest.raises(KeyRefusedError):
            Opener.read([written])
