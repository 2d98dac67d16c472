import sys

from server.gateway.acks import Acks, unacked_max


def test_who_never_acknowledges_is_never_behind() -> None:
    acks = Acks()
    acks.begin(1_000)
    assert (acks.seq_max, acks.behind) == (sys.maxsize, False)


def test_so_many_are_given_beyond_the_newest_ack_or_the_newest_keyframe() -> None:
    acks = Acks()
    acks.ack(10, newest=20)
    assert acks.seq_max == 10 + unacked_max
    acks.begin(200)
    assert acks.seq_max == 200 + unacked_max
    acks.ack(30, newest=200)
    assert acks.seq_max == 200 + unacked_max


def test_a_number_beyond_the_stream_counts_as_its_newest() -> None:
    acks = Acks()
    acks.ack(9_999, newest=5)
    assert acks.seq_max == 5 + unacked_max


def test_a_new_epoch_counts_from_its_beginning() -> None:
    acks = Acks()
    acks.ack(500, newest=500)
    acks.begin(0)
    assert acks.seq_max == unacked_max


def test_who_is_behind_has_caught_up_when_all_it_was_given_is_applied() -> None:
    acks = Acks()
    acks.ack(0, newest=0)
    acks.fall_behind(150)
    acks.ack(149, newest=160)
    assert acks.behind
    acks.ack(150, newest=160)
    assert not acks.behind
