"""The description of an extraction: the same extractors come back, and others are refused."""

import json

import pytest

from yt8m.errors import ArtefactError, ConfigError
from yt8m.recipes import read_recipe
from yt8m.video.description import IMAGES, SOUNDS, Extraction, read_extraction

IMAGE = {"kind": "efficientnet_lite0"}


def extraction(sound={"kind": "log_mel"}) -> Extraction:  # noqa: B006
    heard = read_recipe(SOUNDS, sound, "sound") if sound else None
    return Extraction(read_recipe(IMAGES, IMAGE, "images"), heard, "nearest", 60)


@pytest.mark.parametrize("sound", [{"kind": "log_mel"}, None])
def test_what_was_written_is_read(tmp_path, sound):
    written = extraction(sound)
    written.write(tmp_path / "extraction.json")
    assert read_extraction(tmp_path / "extraction.json") == written


def test_other_weights_are_refused_with_what_to_do(tmp_path):
    path = tmp_path / "extraction.json"
    path.write_text(json.dumps({**extraction().as_json(), "images_digest": "0" * 16}))
    with pytest.raises(ConfigError, match=r"efficientnet_lite0 has other weights.*get the same"):
        read_extraction(path)


def test_a_damaged_description_is_refused(tmp_path):
    path = tmp_path / "extraction.json"
    path.write_text(json.dumps({**extraction().as_json(), "max_frames": 0}))
    with pytest.raises(ArtefactError, match="max_frames"):
        read_extraction(path)


def test_a_file_of_weights_may_lie_elsewhere(tmp_path):
    (tmp_path / "here.onnx").write_bytes(b"weights")
    (tmp_path / "there.onnx").write_bytes(b"weights")
    settings = {
        "kind": "onnx",
        "model": str(tmp_path / "here.onnx"),
        "size": 8,
        "resolution": [8, 8],
    }
    images = read_recipe(IMAGES, settings, "images")
    Extraction(images, None, "google", 300).write(tmp_path / "extraction.json")
    (tmp_path / "here.onnx").unlink()
    with pytest.raises(ConfigError, match=r"here\.onnx"):
        read_extraction(tmp_path / "extraction.json")
    moved = {"images": {"model": str(tmp_path / "there.onnx")}}
    found = read_extraction(tmp_path / "extraction.json", moved)
    assert found.images.model == str(tmp_path / "there.onnx")
