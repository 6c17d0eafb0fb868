"""Random clips: each label often enough, none told by another, and the same for a seed."""

import numpy as np
import pytest

from tests.demo_videos.clips import PLAIN, heard, shape, shot, textured
from yt8m.demo_videos.clip import CUTS, FLASHING, LABELS, WARM, ZOOMING_IN, Clip
from yt8m.demo_videos.random_clips import LONGEST, SHORTEST, new_clip, random_clip


@pytest.fixture(scope="module")
def clips():
    return [random_clip(0, number) for number in range(300)]


def test_a_clip_depends_on_the_seed_and_its_number_only(clips):
    assert random_clip(0, 7) == clips[7] != random_clip(1, 7)
    assert len(set(clips)) == len(clips)


def test_clips_have_whole_seconds_which_their_shots_fill(clips):
    lengths = {round(clip.seconds, 6) for clip in clips}
    assert lengths == set(range(SHORTEST, LONGEST + 1))
    assert all(shot.seconds > 1 for clip in clips for shot in clip.shots)


def test_sounds_lie_within_their_clip(clips):
    sounds = [(clip, sound) for clip in clips for sound in clip.sounds or ()]
    assert all(0 <= s.start < s.end - clip.seconds / 2 < clip.seconds / 2 for clip, s in sounds)


def test_every_label_is_frequent_and_absent_often_enough(clips):
    table = np.array([[label in clip.labels for label in LABELS] for clip in clips])
    assert table.any(axis=1).all()
    assert (table.mean(axis=0) > 0.15).all() and (table.mean(axis=0) < 0.6).all()
    for part in np.split(table[: 6 * 50].reshape(50, 6, -1), [4, 5], axis=1):
        assert (part.sum(axis=(0, 1)) >= 5).all()


def test_labels_of_sounds_do_not_follow_from_pictures(clips):
    table = np.array([[label in clip.labels for label in LABELS] for clip in clips], float)
    pictures, sounds = [0, 1, 2, 3, 4, 9, 10, 11], [5, 6, 7, 8]
    assert np.abs(np.corrcoef(table.T)[np.ix_(pictures, sounds)]).max() < 0.2


def test_zooming_out_is_as_frequent_as_zooming_in_and_without_a_label(clips):
    inwards = sum(ZOOMING_IN in clip.labels for clip in clips)
    outwards = [clip for clip in clips if clip.shots[0].zoom < 0]
    assert 0.6 < len(outwards) / inwards < 1.6
    assert not any(ZOOMING_IN in clip.labels for clip in outwards)


def test_some_clips_have_no_sound(clips):
    assert 0.05 < np.mean([clip.sounds is None for clip in clips]) < 0.3


@pytest.mark.parametrize(
    ("clip", "labels"),
    [
        (Clip((shot(shape("circle"), shape("triangle")),), None, 0), ["circle"]),
        (Clip((shot(shape("square"), is_warm=True),), None, 0), ["square", WARM]),
        (Clip((shot(background=textured("stripes")),), (), 0), ["stripes"]),
        (
            Clip((shot(background=textured("checkers"), flashing=True),), None, 0),
            ["checkers", FLASHING],
        ),
        (Clip((shot(shape(), zoom=1.0),), None, 0), ["circle", ZOOMING_IN]),
        (Clip((shot(shape(), zoom=-1.0),), None, 0), ["circle"]),
        (Clip((shot(background=PLAIN), shot(shape("square"))), None, 0), ["square", CUTS]),
        (heard("speech-like", "siren"), ["siren", "speech-like"]),
    ],
)
def test_labels_say_what_is_seen_and_heard(clip, labels):
    assert list(clip.labels) == labels


def test_the_new_clip_has_three_scenes_with_sounds_of_their_own():
    clip = new_clip(0)
    assert clip.seconds == 30
    parts = [
        Clip((shot,), (sound,), 0) for shot, sound in zip(clip.shots, clip.sounds, strict=True)
    ]
    assert [(s.start, s.end) for s in clip.sounds] == [(0, 10), (10, 20), (20, 30)]
    assert [part.labels for part in parts] == [
        ("circle", "tone"),
        ("stripes", WARM, "speech-like"),
        ("square", "checkers", "siren", ZOOMING_IN),
    ]
