// Tests of Training: gradients, optimizer, schedules, batching, checkpoints, recipes.
