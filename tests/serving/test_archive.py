"""Archives: their contents, and what is refused when they are read."""

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import tracemalloc
from dataclasses import replace

import pytest
import yaml

from tests.calibration.scored import invented
from tests.small import SCHEMA
from yt8m.artefacts import DIGESTS, ENSEMBLE, ENSEMBLE_FORMAT, GRAPH, read_ensemble
from yt8m.calibration.score_counts import ScoreCounts
from yt8m.calibration.summary_files import summary
from yt8m.calibration.threshold_files import read_thresholds, write_thresholds
from yt8m.calibration.thresholds import choose_thresholds
from yt8m.config.card import Card
from yt8m.data.label_names import default_names
from yt8m.errors import ArtefactError, ConfigError
from yt8m.json_files import write_json
from yt8m.serving.archive import write_archive
from yt8m.serving.archive_reader import unpacked
from yt8m.serving.card import SCRIPT, model_card
from yt8m.serving.contents import file_digests, read_whole_ensemble
from yt8m.serving.fingerprint import fingerprint

MEASURES = {"gap": 0.8123, "map": 0.4, "perr": 0.7, "hit_at_one": 0.9, "loss": 3.0}
COUNTS = {"videos": 1234, "positives": 3000, "top_k": 20, "classes": 6}
COUNTS |= {"classes_with_positives": 5, "map_present": 0.48, "videos_without_labels": 0}
CARD = Card(author="A. Maker", training_data="Videos of a garden, CC BY 4.0.")
VARIABLE = {"variable": "v", "shape": [10, 10], "elements": 100, "stored_as": "codebook, 8 bits"}
MEMBER = {
    "name": "vlad",
    "weight": 1.0,
    "recipe": {"kind": "netvlad"},
    "digest": "d",
    "variables": [VARIABLE | {"size_bytes": 100, "storage": "codebook"}],
}


@pytest.fixture
def folder(tmp_path):
    """An ensemble's folder whose graph is a text, with its description."""
    made = tmp_path / "made"
    (made / GRAPH / "variables").mkdir(parents=True)
    (made / GRAPH / "saved_model.pb").write_bytes(b"graph" * 1000)
    (made / GRAPH / "variables" / "variables.index").write_text("names")
    described = {"format": ENSEMBLE_FORMAT, "name": "best", "code": "c", "members": [MEMBER]}
    described |= {"schema": SCHEMA.as_json(), "decode": "at_load"}
    described["files"] = file_digests(made / GRAPH)
    write_json(made / ENSEMBLE, described)
    write_json(made / "metrics.validate.json", MEASURES | COUNTS | {"graph": None, "records": None})
    write_json(made / "vlad.json", {"name": "vlad", "training": {"epochs": 2}})
    (made / "names.csv").write_text('Index,Name\n0,Garden\n1,"Cats, dogs"\n')
    return made


@pytest.fixture
def archive(folder, tmp_path):
    return pack(folder, tmp_path / "best.tar.gz")


def pack(folder, path):
    metrics, configs = [folder / "metrics.validate.json"], [folder / "vlad.json"]
    write_archive(folder, path, CARD, metrics, configs, folder / "names.csv")
    return path


def contents(path):
    """Name -> bytes, in order."""
    with tarfile.open(path) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


def test_an_archive_holds_all_that_a_recipient_needs(archive, folder):
    found = {name.removeprefix("best/"): text for name, text in contents(archive).items()}
    assert list(found) == [
        *(DIGESTS, "LICENSE", "README.md", ENSEMBLE, "graph/saved_model.pb"),
        *("graph/variables/variables.index", "labels.csv", "members/vlad.json"),
        "metrics.validate.json",
    ]
    assert found["graph/saved_model.pb"] == b"graph" * 1000
    assert b"Apache License" in found["LICENSE"]
    assert found["labels.csv"].decode().splitlines()[1:4] == [
        *("0,Garden", '1,"Cats, dogs"', "2,class 2"),
    ]
    assert json.loads(found["metrics.validate.json"])["gap"] == 0.8123


def test_the_card_has_a_header_that_a_hub_reads_and_the_measured_numbers(archive):
    text = contents(archive)["best/README.md"].decode()
    _, header, page = text.split("---\n", 2)
    about = yaml.safe_load(header)
    assert about["license"] == "apache-2.0" and about["library_name"] == "tensorflow"
    (result,) = about["model-index"][0]["results"]
    assert result["dataset"]["split"] == "validate"
    assert {"type": "gap", "name": "GAP", "value": 0.8123} in result["metrics"]
    assert SCRIPT in page and "They are decoded once, when the graph is loaded." in page
    assert "| validate | 1,234 | 0.8123 | 0.4000 | 0.7000 | 0.9000 |" in page
    assert "classes with a positive: 5 of 6 in validate (over these, MAP is 0.4800)" in page
    assert "The graph takes 5,005 bytes on disk" in page
    assert CARD.training_data in page and "By A. Maker." in page


def calibrated(folder, graph):
    """Thresholds of six classes, chosen on scores of a graph."""
    scores, labels = invented(0, classes=SCHEMA.classes)
    counts = ScoreCounts(SCHEMA.classes)
    counts.add(scores, labels)
    counted = counts.scores("validate", graph, "records")
    found = choose_thresholds(counted.videos, counted.positives, min_positives=3)
    write_thresholds(folder / "t.csv", found, default_names(SCHEMA.classes))
    write_json(folder / "c.json", summary(counted, found, None, 3))
    return folder / "t.csv", folder / "c.json"


def test_the_card_can_be_read_without_unpacking_the_archive(folder, tmp_path):
    write_archive(folder, tmp_path / "best.tar.gz", card_out=tmp_path / "model-card.md")
    card = contents(tmp_path / "best.tar.gz")["best/README.md"]
    assert (tmp_path / "model-card.md").read_bytes() == card


def test_an_archive_holds_thresholds_and_its_card_says_how_they_were_chosen(folder, tmp_path):
    graph = fingerprint(read_ensemble(folder))["digest"]
    thresholds = calibrated(folder, graph)
    write_archive(folder, tmp_path / "best.tar.gz", thresholds=thresholds)
    found = contents(tmp_path / "best.tar.gz")
    assert found["best/thresholds.csv"] == thresholds[0].read_bytes()
    assert found["best/calibration.json"] == thresholds[1].read_bytes()
    page = found["best/README.md"].decode()
    assert "were chosen by the best F1 on 120 videos of validate, for " in page
    assert "expected calibration error" in page and "## Thresholds\n" in page
    with unpacked(tmp_path / "best.tar.gz") as inside:
        assert (read_thresholds(inside / "thresholds.csv", SCHEMA.classes) > 0).all()


def test_thresholds_of_another_graph_or_for_other_classes_are_refused(folder, tmp_path):
    thresholds = calibrated(folder, "another")
    with pytest.raises(ArtefactError, match=r"c\.json: is about other graph"):
        write_archive(folder, tmp_path / "best.tar.gz", thresholds=thresholds)
    thresholds[0].write_text("Index,Threshold\n0,0.5\n")
    with pytest.raises(ConfigError, match="has no row of class 1"):
        write_archive(folder, tmp_path / "best.tar.gz", thresholds=thresholds)
    assert not list(tmp_path.glob("*.gz"))


def variable(elements, storage, stored_as=None):
    return {"elements": elements, "size_bytes": 1, "storage": storage} | {
        "stored_as": stored_as or storage
    }


PLAIN, CODES = variable(30, "float32"), variable(70, "codebook", "codebook, 4 bits")
HALVES = variable(7, "float16")
STORED = {
    "floats": ([PLAIN, PLAIN], "at_load", False, "All weights are stored as float32."),
    "codes and floats": (
        *([PLAIN, CODES], "per_call", True),
        "Of 100 parameters 70 are stored encoded (codebook, 4 bits), the others as float32. They "
        "are decoded in every call",
    ),
    "codes and halves": (
        [CODES, HALVES],
        "at_load",
        True,
        "77 are stored encoded (codebook, 4 bi",
    ),
    "halves": ([PLAIN, HALVES], "at_load", True, "7 are stored encoded (float16), the others as"),
}


@pytest.mark.parametrize("what", STORED)
def test_the_card_says_how_the_weights_are_stored(what):
    variables, decode, quantized, sentence = STORED[what]
    _, header, page = card(variables=variables, decode=decode)
    assert ("quantized" in header["tags"]) == quantized
    assert sentence in page
    assert quantized or "code" not in page.split("## Metrics")[0].replace(SCRIPT, "")


def card(variables=(CODES,), metrics=None, labels=False, **words):
    """The card's text, and its header and page separately."""
    described = {"name": "best", "members": [{**MEMBER, "variables": list(variables)}]}
    described |= {"schema": SCHEMA.as_json(), "decode": "at_load", **words}
    text = model_card(described, Card(licence="mit"), metrics or {}, 1, labels)
    _, header, page = text.split("---\n", 2)
    return text, yaml.safe_load(header), page


def test_the_card_mentions_missing_metrics_and_omits_missing_label_names():
    _, header, page = card()
    assert not {"metrics", "model-index"} & set(header) and header["license"] == "mit"
    assert "Not measured." in page and "labels.csv" not in page.replace(SCRIPT, "")
    assert "One model:" in page and "mean of 1" not in page and "mit, see `LICENSE`." in page
    assert "labels.csv" in card(labels=True)[2].replace(SCRIPT, "")


def test_the_card_calls_measures_on_few_videos_chance():
    few = {"test": {**MEASURES, **COUNTS}, "validate": {**MEASURES, **COUNTS, "videos": 5}}
    said = "Split validate has only 5 labelled videos: its measures are mostly chance."
    page = card(metrics=few)[2]
    assert page.count("mostly chance") == 1 and said in page


def test_the_card_of_a_video_level_model_does_not_mention_frame_rates_and_padding():
    schema = replace(SCHEMA, layout="video").as_json()
    _, _, page = card(schema=schema)
    assert "float32 `[B, 1, 32]`" in page and "`[B, T, " not in page
    assert "the same rate" not in page and "cut off" not in page
    assert "at the same rate; those beyond 10 are cut off" in " ".join(card()[2].split())


def test_equal_content_gives_equal_bytes_whatever_the_dates(archive, folder, tmp_path):
    for file in folder.rglob("*"):
        file.touch()
    assert pack(folder, tmp_path / "again.tar.gz").read_bytes() == archive.read_bytes()


def test_an_archive_can_be_checked_with_common_tools(archive, tmp_path):
    subprocess.run(["tar", "xzf", archive, "-C", tmp_path], check=True)
    subprocess.run(["sha256sum", "--check", DIGESTS], cwd=tmp_path / "best", check=True)


def test_an_archive_is_unpacked_temporarily_as_an_ensemble_folder(archive, folder):
    with unpacked(archive) as found:
        assert (found / ENSEMBLE).read_bytes() == (folder / ENSEMBLE).read_bytes()
        assert (found / GRAPH / "saved_model.pb").read_bytes() == b"graph" * 1000
    assert not found.exists() and not found.parent.exists()


def test_a_python_whose_tarfile_has_no_filters_can_unpack_it(archive, folder, monkeypatch):
    """3.11.0 to 3.11.3."""
    for name in ("data_filter", "FilterError"):
        monkeypatch.delattr(tarfile, name, raising=False)
    with unpacked(archive) as found:
        assert (found / ENSEMBLE).read_bytes() == (folder / ENSEMBLE).read_bytes()


def repacked(path, files, **attributes):
    """An archive of these files, with digests as given. attributes: of the last entry."""
    with tarfile.open(path, "w:gz") as archive:
        for i, (name, text) in enumerate(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            if i == len(files) - 1:
                for word, value in attributes.items():
                    setattr(entry, word, value)
            archive.addfile(entry, io.BytesIO(text))
    return path


def with_digest(files, name, text):
    """The files and one more, with a valid digest."""
    inner = name.removeprefix("best/")
    line = f"{hashlib.sha256(text).hexdigest()}  {inner}\n".encode()
    digests = f"best/{DIGESTS}"
    return {**files, digests: files[digests] + line, name: text}


def refused(path, tmp_path, monkeypatch, match):
    """Check that reading fails with one line that names file and remedy, and leaves nothing."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    before = set(tmp_path.rglob("*"))
    with pytest.raises(ArtefactError, match=match) as error, unpacked(path):
        pass
    message = str(error.value)
    assert message.startswith(str(path)) and message.count("\n") == 0
    assert "get it again" in message
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("left", [0, 1, 9, 50, 300, -600, -20, -8, -1])
def test_a_truncated_archive_is_refused(archive, tmp_path, monkeypatch, left):
    archive.write_bytes(archive.read_bytes()[:left])
    refused(archive, tmp_path, monkeypatch, "truncated, damaged|does not begin")


def test_a_changed_byte_is_refused(archive, tmp_path, monkeypatch):
    files = contents(archive) | {"best/graph/saved_model.pb": b"Graph" * 1000}
    path = repacked(tmp_path / "x.tar.gz", files)
    refused(path, tmp_path, monkeypatch, "saved_model.pb differs from SHA256SUMS")


def test_a_missing_file_is_refused(archive, tmp_path, monkeypatch):
    files = contents(archive)
    del files["best/graph/saved_model.pb"]
    refused(repacked(tmp_path / "x.tar.gz", files), tmp_path, monkeypatch, "lacks best/graph/sav")


def test_a_file_without_a_digest_is_refused(archive, tmp_path, monkeypatch):
    files = contents(archive) | {"best/graph/more.pb": b"x"}
    refused(repacked(tmp_path / "x.tar.gz", files), tmp_path, monkeypatch, "is not in SHA256SUMS")


def test_an_archive_of_other_content_is_refused(tmp_path, monkeypatch):
    path = repacked(tmp_path / "x.tar.gz", {"best/README.md": b"hello"})
    refused(path, tmp_path, monkeypatch, "does not begin with SHA256SUMS")


@pytest.mark.parametrize(
    "name", ["../evil", "best/../../evil", "/tmp/evil", "best//evil", "C:evil"]
)
def test_a_path_that_leads_outside_is_refused(archive, tmp_path, monkeypatch, name):
    files = with_digest(contents(archive), name, b"evil")
    path = repacked(tmp_path / "x.tar.gz", files)
    refused(path, tmp_path, monkeypatch, "is outside of its folder")


@pytest.mark.parametrize(
    "name", ["x" * 256, "é" * 128, "/".join(["x" * 200] * 6), "a/" * 15 + "x", "a/" * 200 + "x"]
)
def test_a_name_too_long_or_too_deep_is_refused(archive, tmp_path, monkeypatch, name):
    files = with_digest(contents(archive), f"best/{name}", b"x")
    path = repacked(tmp_path / "x.tar.gz", files)
    refused(path, tmp_path, monkeypatch, "is too long, or in too many folders")


DAMAGED = {
    "text": (ENSEMBLE, b"{", "best.tar.gz, ensemble.json: is not valid JSON, or damaged"),
    "another format": (ENSEMBLE, b"{}", "best.tar.gz, ensemble.json: has format"),
    "another graph": ("graph/saved_model.pb", b"x", "best.tar.gz, graph/saved_model.pb: had other"),
    "no graph": (None, None, "best.tar.gz: is unfit"),
}


@pytest.mark.parametrize("top", ["best", "b\x1b[2J", "b\nc"])
@pytest.mark.parametrize("how", DAMAGED)
def test_errors_about_contents_name_the_archive(folder, tmp_path, how, top):
    """Not the temporary file, which no longer exists when they are shown; and on one line."""
    name, content, said = DAMAGED[how]
    if name is not None:
        (folder / name).write_bytes(content)
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
    lines = [f"{hashlib.sha256(text).hexdigest()}  {name}\n" for name, text in files.items()]
    files = {DIGESTS: "".join(lines).encode(), **files}
    path = repacked(tmp_path / "best.tar.gz", {f"{top}/{n}": text for n, text in files.items()})
    with pytest.raises(ArtefactError) as error, unpacked(path) as found:
        read_whole_ensemble(found)
        raise ArtefactError(f"{found}: is unfit")
    message = str(error.value)
    assert message.startswith(f"{tmp_path}/{said}") and "yt8m-" not in message
    assert message.isprintable()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE]
)
def test_links_devices_and_folders_are_refused(archive, tmp_path, monkeypatch, kind):
    files = with_digest(contents(archive), "best/graph/link", b"")
    path = repacked(tmp_path / "x.tar.gz", files, type=kind, linkname="/etc/passwd")
    refused(path, tmp_path, monkeypatch, "only files are expected")


def test_a_decompression_bomb_is_refused(archive, tmp_path, monkeypatch):
    monkeypatch.setattr("yt8m.serving.archive_reader.MOST_BYTES", 10**6)
    files = with_digest(contents(archive), "best/graph/zeros", bytes(3 * 10**6))
    assert (tmp_path / "best.tar.gz").stat().st_size < 10**5
    path = repacked(tmp_path / "x.tar.gz", files)
    refused(path, tmp_path, monkeypatch, "far more than an ensemble")


def headers(name, size, kind=tarfile.REGTYPE, times=1, pax=None):
    """The headers of an entry that claims so many bytes, `times` in a row."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.pax_headers = size, kind, pax or {}
    return entry.tobuf(tarfile.PAX_FORMAT) * times


GIGABYTES = 5 * 10**9
HOSTILE = {
    "a file of gigabytes": headers("best/graph/zeros", GIGABYTES),
    "a listed file of gigabytes": headers("best/README.md", GIGABYTES),
    "a negative size": headers("best/README.md", 0, pax={"size": "-512"}),
    "a size that is no number": headers("best/README.md", 0, pax={"size": "many"}),
    "a long name of gigabytes": headers("././@LongLink", GIGABYTES, tarfile.GNUTYPE_LONGNAME),
    "a long link of gigabytes": headers("././@LongLink", GIGABYTES, tarfile.GNUTYPE_LONGLINK),
    "a pax header of gigabytes": headers("./PaxHeaders/x", GIGABYTES, tarfile.XHDTYPE),
    "global headers of gigabytes": headers("./PaxHeaders/g", GIGABYTES, tarfile.XGLTYPE),
    "headers without an end": headers("./PaxHeaders/x", 0, tarfile.XHDTYPE, times=5000),
    "empty files without an end": headers("best/graph/x", 0, times=100_000),
    "a sparse file": headers("best/README.md", 0, tarfile.GNUTYPE_SPARSE),
    "sparse gigabytes": headers(
        "best/README.md", 0, pax={"GNU.sparse.size": "5000000000", "GNU.sparse.map": "0,0"}
    ),
    "a name too long": headers("best/" + "x" * 300, 0),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_sizes_claimed_by_headers_are_neither_read_nor_written(archive, tmp_path, monkeypatch, how):
    """A small archive that claims large files: no gigabyte of memory is used; one line."""
    files = contents(archive)
    begin = io.BytesIO()
    with tarfile.open(fileobj=begin, mode="w", format=tarfile.PAX_FORMAT) as made:
        entry = tarfile.TarInfo(f"best/{DIGESTS}")
        entry.size = len(files[entry.name])
        made.addfile(entry, io.BytesIO(files[entry.name]))
        whole = begin.getvalue()  # without the end of an archive
    path = tmp_path / "x.tar.gz"
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(whole + HOSTILE[how])
        for _ in range(60):  # megabytes, all of them zeros
            packed.write(bytes(10**6))
    tracemalloc.start()
    refused(path, tmp_path, monkeypatch, ".")
    assert tracemalloc.get_traced_memory()[1] < 20 * 10**6
    tracemalloc.stop()


def test_a_path_that_is_both_a_file_and_a_folder_is_refused(archive, tmp_path, monkeypatch):
    files = with_digest(contents(archive), "best/LICENSE/more", b"x")
    refused(repacked(tmp_path / "x.tar.gz", files), tmp_path, monkeypatch, "both as a file and as")


def test_data_after_the_end_of_the_archive_is_refused(archive, tmp_path, monkeypatch):
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(gzip.decompress(archive.read_bytes()) + b"more"))
    refused(path, tmp_path, monkeypatch, "has data after its end")
