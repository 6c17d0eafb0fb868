# So that `snakemake` finds the workflow from here. It is workflow/Snakefile, and so is what other
# workflows use as a module.

from snakemake.utils import min_version

min_version("9.20")


include: "workflow/Snakefile"


workflow.default_target = workflow.modifier.modify_rulename("all")  # an include leaves none
