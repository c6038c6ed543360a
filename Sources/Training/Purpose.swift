// Training: gradients, optimizer, schedules, batching, checkpoints, recipes.
