# The README shows these commands for an environment of your own; here they get .venv.
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: demo demo-videos test test-fast soak lint docs docs-serve picture bench clean

demo: $(VENV)/ready  ## run the whole pipeline on the embedded dataset, up to the report
	snakemake --cores all --resources gpu=1
	@echo "Open results/report.html"

demo-videos: $(VENV)/ready  ## the same for real mp4 files, which it generates first; label another one
	python -m yt8m records generate-videos --out demo-videos
	snakemake --configfile config/videos.yaml --cores all --resources gpu=1
	python -m yt8m label results-videos/ensembles/final/final.tar.gz demo-videos/new.mp4
	@echo "Open results-videos/report.html"

test: $(VENV)/ready  ## run the tests
	pytest

test-fast: $(VENV)/ready  ## run the tests that need no run of the workflow
	pytest -m "not slow"

soak: $(VENV)/ready  ## the variations that `test` leaves out; many more kills, of the demo twenty
	rm -f results/run.json  # names the commit, which no rule depends on
	snakemake --cores all --resources gpu=1
	YT8M_SOAK=1 YT8M_DEMO=results pytest -n 0 tests/workflow/test_kills.py \
		tests/workflow/test_interrupts.py
	YT8M_SOAK=1 pytest -m soak --ignore tests/workflow/test_kills.py

lint: $(VENV)/ready  ## check the style of the library and of the workflow
	ruff check .
	ruff format --check .
	snakefmt --check --diff Snakefile workflow
	snakemake --lint

picture: $(VENV)/ready  ## take the README's pictures of the report anew, from a finished demo
	python docs/assets/picture.py results/report.html

docs: $(VENV)/ready  ## build the site of docs/ into site/, and fail at a broken link
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict
	@echo "Open site/index.html"

docs-serve: $(VENV)/ready  ## the same at http://127.0.0.1:8000, built again at each edit
	NO_MKDOCS_2_WARNING=1 mkdocs serve

docs/assets/rules.svg: docs/assets/rules.dot  ## draw the rules of the workflow; needs Graphviz
	dot -Tsvg $< -o $@

bench: $(VENV)/ready  ## time ours, its strongest peers and the plain way
	python -m benchmarks

# --no-compile: Python compiles modules when they are imported, a fifth of the time for all.
$(VENV)/ready: requirements.lock pyproject.toml
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --no-compile --require-hashes -r requirements.lock
	$(VENV)/bin/pip install --no-deps --no-build-isolation -e .
	touch $@

clean:  ## delete the environment, results, generated videos, the site and Snakemake's records
	rm -rf $(VENV) results results-videos demo-videos site .snakemake
