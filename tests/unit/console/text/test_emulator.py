"""What a terminal shows and answers: sequences as vttest and common programs send them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.text.cells import DEFAULT, TRUE_COLOUR, Style
from tests.unit.console.text.conftest import Screen


def test_lines_tabs_and_backspace() -> None:
    assert Screen(4, 20).feed("one\r\na\tb\r\nabc\b\bX\r\n").text == ["one", "a       b", "aXc"]


def test_wraps_at_the_last_column_only_when_more_comes() -> None:
    shown = Screen(3, 5).feed("abcde")
    assert (shown.text, shown.line(0).wrapped) == (["abcde"], False)
    assert shown.feed("f").text == ["abcde", "f"]
    assert shown.line(0).wrapped


def test_a_scroll_region_leaves_the_rest_where_it_is() -> None:
    shown = Screen(5, 10).feed("1\r\n2\r\n3\r\n4\r\n5\x1b[2;4r\x1b[4;1H\n")
    assert shown.text == ["1", "3", "4", "", "5"]
    assert shown.feed("\x1b[2;1H\x1bM").text == ["1", "", "3", "4", "5"]


def test_inserts_and_deletes_lines_and_characters() -> None:
    shown = Screen(4, 10).feed("abc\r\ndef\r\nghi\x1b[2;1H\x1b[L")
    assert shown.text == ["abc", "", "def", "ghi"]
    assert shown.feed("\x1b[M\x1b[2P\x1b[1;2H\x1b[2@").text == ["a  bc", "f", "ghi"]


def test_the_line_drawing_characters() -> None:
    assert Screen(1, 10).feed("\x1b(0lqk\x1b(Bx").text == ["┌─┐x"]


def test_wide_and_combined_characters_keep_their_columns() -> None:
    line = Screen(1, 20).feed("a中e\u0301b").line(0)
    assert line.cells == ("a", "中", "", "e\u0301", "b")


def test_colours_of_16_256_and_all() -> None:
    line = Screen(1, 40).feed("\x1b[31ma\x1b[92mb\x1b[38;5;200mc\x1b[38;2;1;2;3;48;5;17md\x1b[0me").line(0)
    assert [(run[0], run[2].fg, run[2].bg) for run in line.runs] == [
        (0, 1, DEFAULT), (1, 10, DEFAULT), (2, 200, DEFAULT), (3, TRUE_COLOUR | 0x010203, 17),
    ]  # fmt: skip


def test_attributes() -> None:
    line = Screen(1, 40).feed("\x1b[1ma\x1b[0;3mb\x1b[0;4mc\x1b[0;21md\x1b[0;5me\x1b[0;7mf\x1b[0;9mg\x1b[0mh").line(0)
    assert [run[2] for run in line.runs] == [
        Style(bold=True), Style(italic=True), Style(underline=1), Style(underline=2), Style(blink=True), Style(reverse=True),
        Style(strike=True),
    ]  # fmt: skip


def test_the_alternate_screen_comes_and_goes_without_scrollback() -> None:
    shown = Screen(3, 10).feed("shell\x1b[?1049h\x1b[H")
    assert shown.emulator.modes.alternate
    shown.feed("1\r\n2\r\n3\r\n4\r\n5")
    assert (shown.text, shown.pushed) == (["3", "4", "5"], [])
    assert shown.feed("\x1b[?1049l").text == ["shell"]


def test_lines_that_leave_the_screen_are_handed_over() -> None:
    shown = Screen(2, 10).feed("\x1b[32mone\x1b[0m\r\ntwo\r\nthree")
    line = shown.pushed[0]
    assert (line.text(), line.runs) == ("one", ((0, 3, Style(fg=2)),))


def test_what_is_cleared_can_still_be_read() -> None:
    shown = Screen(4, 10).feed("firmware\r\nwords\x1b[2J\x1b[Hmenu")
    assert (shown.text, [line.text() for line in shown.pushed]) == (["menu"], ["firmware", "words"])


def test_only_what_changed_is_damaged() -> None:
    shown = Screen(5, 10).feed("a\r\nb")
    shown.emulator.take_damage()
    shown.feed("\x1b[4;1Hx")
    assert shown.emulator.take_damage() == {3}
    assert shown.emulator.take_damage() == set()


def test_modes_that_change_keys_and_pastes() -> None:
    shown = Screen(2, 10)
    modes = shown.emulator.modes
    assert not (modes.application_cursor or modes.application_keypad or modes.newline or modes.bracketed_paste or modes.mouse)
    modes = shown.feed("\x1b[?1h\x1b=\x1b[20h\x1b[?2004h\x1b[?1002h\x1b[?25l\x1b[4 q").emulator.modes
    assert modes.application_cursor and modes.application_keypad and modes.newline and modes.bracketed_paste
    assert (modes.mouse, modes.cursor_visible, modes.cursor_shape, modes.cursor_blinks) == (2, False, 2, False)
    assert shown.answers == []  # how the modes are found out is never seen by the guest


def test_answers_position_state_kind_and_size() -> None:
    shown = Screen(24, 80).feed("\x1b[5;7H\x1b[6n\x1b[5n\x1b[c\x1b[18t")
    position, state, kind, size = shown.answers
    assert (position, state, size) == (b"\x1b[5;7R", b"\x1b[0n", b"\x1b[8;24;80t")
    assert kind.startswith(b"\x1b[?") and kind.endswith(b"c")


def test_no_answer_repeats_what_the_guest_sent() -> None:
    """Who can make a terminal type a title or an answerback text can run commands in the reader's shell."""
    shown = Screen(24, 80)
    shown.feed("\x1b]0;rm -rf /\x07\x05\x1b[21t\x1b[20t\x1bP$qrm -rf /\x1b\\\x1bP+q544e\x1b\\\x1b]4;1;?\x07\x1b]52;c;?\x07\x1b]50;?\x07")
    assert shown.emulator.title == "rm -rf /"
    assert b"rm" not in b"".join(shown.answers)
    assert all(answer.startswith(b"\x1bP0$r") for answer in shown.answers)


def test_a_title_is_short_and_printable() -> None:
    shown = Screen(2, 10).feed(b"\x1b]2;" + b"x" * 5000 + "\u202e\x01y".encode() + b"\x07")
    assert len(shown.emulator.title) <= 200
    assert shown.emulator.title.isprintable()


def test_another_size_keeps_the_text() -> None:
    shown = Screen(3, 10).feed("one\r\ntwo\r\nthree")
    shown.emulator.resize(6, 20)
    assert shown.text == ["one", "two", "three"]
    shown.emulator.resize(2, 20)
    assert shown.text == ["two", "three"]
    assert len(shown.pushed) == 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b\\", b"\x07", b"\x9b", b"\xff", b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[r",
                     b"\x1b[999999999999999999;1H", b"\x1b[2147483647L", b"\x1b[1;99999r", b"\x1b#3", b"\x1b#8", b"\x1bc", b"\x1b[?3h",
                     b"\x1b[?69h\x1b[3;7s", b"\x1b[2147483647b", b"\x1b[38;2;;;;;;;;;;;m", "中\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301".encode()]),
    st.tuples(st.integers(0, 10**9), st.sampled_from("@ABCDEFGHIJKLMPSTXZ`abdefghilmnqrstu")).map(lambda t: b"\x1b[%d%c" % (t[0], ord(t[1]))),
), max_size=40))  # fmt: skip
def test_hostile_bytes_leave_a_terminal_that_works(pieces: list[bytes]) -> None:
    shown = Screen(6, 12)
    for piece in pieces:
        shown.feed(piece)
        shown.emulator.take_damage()
    for row in range(6):
        line = shown.line(row)
        assert len(line.cells) <= 12
        assert all(0 <= first < last <= 12 for first, last, _style in line.runs)
    row, col = shown.emulator.cursor()
    assert 0 <= row < 6
    assert 0 <= col <= 12
    shown.feed(b"\x18\x1b\\\x1bc")
    shown.emulator.reset()
    assert shown.feed("well").text[0].startswith("well")
