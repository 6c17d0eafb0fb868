# The README shows these commands for an environment of your own; here they get .venv.
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: demo test soak lint bench clean

demo: $(VENV)/ready  ## run the whole pipeline on the embedded dataset, up to the report
	snakemake --cores all --resources gpu=1
	@echo "Open results/report.html"

test: $(VENV)/ready  ## run all tests
	pytest

soak: $(VENV)/ready  ## kill and interrupt at many more moments than `test` does; the demo twenty times
	rm -f results/run.json  # names the commit, which no rule depends on
	snakemake --cores all --resources gpu=1
	YT8M_SOAK=1 YT8M_DEMO=results pytest -n 0 tests/workflow/test_kills.py \
		tests/workflow/test_interrupts.py

lint: $(VENV)/ready  ## check the style of the library and of the workflow
	ruff check .
	ruff format --check .
	snakefmt --check --diff Snakefile workflow
	snakemake --lint

bench: $(VENV)/ready  ## run the benchmarks against their baselines
	python -m benchmarks

# --no-compile: Python compiles modules when they are imported, a fifth of the time for all.
$(VENV)/ready: requirements.lock pyproject.toml
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --no-compile --require-hashes -r requirements.lock
	$(VENV)/bin/pip install --no-deps --no-build-isolation -e .
	touch $@

clean:  ## delete the environment, results and Snakemake's records
	rm -rf $(VENV) results .snakemake
