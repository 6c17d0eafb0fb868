#!/usr/bin/env bash
# Build the wheel, install it with what it requires and nothing else, and use it on the demo's results.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

git ls-files -z | xargs -0 cp --parents -t "$place" # no leftovers of earlier builds
.venv/bin/python -m build --no-isolation --outdir "$place/dist" "$place" > "$place/build.log" 2>&1 ||
  { cat "$place/build.log"; exit 1; }

python3 -m venv "$place/fresh"
grep -E '^[A-Za-z0-9]' requirements.lock | sed 's/ *\\$//' > "$place/versions.txt"
"$place/fresh/bin/pip" install --quiet --no-compile --disable-pip-version-check \
  --constraint "$place/versions.txt" "$place"/dist/*.whl

results=$PWD/results
cd "$place"
PATH=$place/fresh/bin:$PATH
unset PYTHONPATH
yt8m predict "$results/ensembles/final/final.tar.gz" "$results"/data/validate/*.tfrecord --out p.parquet
yt8m report "$results" --out page.html
python - "$results" "$place" << 'PYTHON'
import sys

import numpy as np

import yt8m

results, place = sys.argv[1:]
assert yt8m.__file__.startswith(place), yt8m.__file__
classifier = yt8m.load(f"{results}/ensembles/final/final.tar.gz")
batches = list(yt8m.read_records(f"{results}/data/validate.json").batches())
predictions = np.concatenate([classifier.predict(batch) for batch in batches])
labels = np.concatenate([batch.labels for batch in batches])
found, recorded = yt8m.gap(predictions, labels), classifier.metrics["validate"]["gap"]
assert abs(found - recorded) < 1e-6, (found, recorded)
print(f"{classifier!r}: GAP {found:.4f} from an installed wheel")
PYTHON
