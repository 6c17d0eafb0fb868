"""One training loop for all phases: fit, average and fine-tune, with or without a teacher."""
