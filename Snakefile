# Lets `snakemake` find the workflow in this directory. The workflow itself, which others use as a
# module, is workflow/Snakefile.

from snakemake.utils import min_version

min_version("9.20")


include: "workflow/Snakefile"


workflow.default_target = workflow.modifier.modify_rulename("all")  # includes set none
