"""One training loop for all phases: fit, average and finetune, with or without a teacher."""
