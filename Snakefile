# From frame-level video features to one classifier that fits a byte budget.
#
#     snakemake --cores all --resources gpu=1                the demo, config/config.yaml
#     snakemake --configfile config/real.yaml ...            real YouTube-8M records
#     snakemake teacher --cores all                          a part: see the targets below

from pathlib import Path

from snakemake.utils import min_version

min_version("9.20")

# The demo's, where no file is given: this directory's own if it has one, else the checkout's.
DEMO = "config/config.yaml"


if "dataset" not in config and not workflow.configfiles:

    configfile: DEMO if os.path.exists(DEMO) else Path(workflow.current_basedir, DEMO)


include: "workflow/rules/common.smk"
include: "workflow/rules/files.smk"
include: "workflow/rules/waiting.smk"
include: "workflow/rules/options.smk"
include: "workflow/rules/records.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/compress.smk"
include: "workflow/rules/weigh.smk"
include: "workflow/rules/budget.smk"
include: "workflow/rules/ensemble.smk"
include: "workflow/rules/distil.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/submit.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/bench.smk"
include: "workflow/rules/checks.smk"


# Targets, and the settings of a model: too small to be sent to a cluster.
localrules:
    all,
    model_config,
    records,
    teachers,
    teacher,
    distillation,
    students,
    final,
    submission,


rule all:
    default_target: True
    input:
        # Scores as early as can be; all else once it is known how final came out.
        stage_metrics(UNTAUGHT),
        after_all_teachers(stage_metrics(TAUGHT) + ensemble_metrics(TEACHERS)),
        after(experiment.run.final, FINAL_FILES, PREDICTIONS, RECORDED),


# Targets for a part of the way, in the order of the way.


rule records:
    input:
        MANIFESTS,
        COMPARED,


rule teachers:
    input:
        TEACHER_MEMBERS,


rule teacher:
    input:
        expand("<results>/ensembles/{teacher}/fingerprint.json", teacher=TEACHERS),


rule distillation:
    input:
        distilled_files,


rule students:
    input:
        after_all_teachers(STUDENTS),


rule final:
    input:
        after(experiment.run.final, FINAL_FILES),


rule submission:
    input:
        after(experiment.run.final, PREDICTIONS),
