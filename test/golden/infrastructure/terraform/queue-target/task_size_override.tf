# task_size_override.tf: what to deploy on Amazon ECS. Written by perf advise from runs
# 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx.
# One instance held 80/s within the objective.
# Scaling: Reacting is enough for 100/s to 500/s in 600 s: with 4 instances at least and a target of 50 % of
# what one can serve, 0.02 % of the requests wait longer than 0.5 s.
# Size: 8 instances of 0.5 vCPU and 1 GB serve 500/s at 63 % of their CPU.
# Cost: 286.4 USD a month now, 143.2 USD a month as recommended, 0.11 USD per million requests (−50 %).
# Not proved yet: perf advise --prove runs the objective at the recommended size and at the next smaller one.
#
# Terraform merges a file that ends in _override.tf into the blocks of the same name: give both blocks the
# names that your task definition and your service have, in place of "shop".
# It was measured on X86_64, so cpu_architecture of its runtime_platform must be that.
# Add these tags to the tags of the task definition, and activate them as cost allocation tags, so that the
# bill can be split by them: "perf:service" = "shop", "perf:sized-by" = "runs
# 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx".

resource "aws_ecs_task_definition" "shop" {
  # 0.5 vCPU, 1 GB, now 1 vCPU, 2 GB (runs 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
  cpu = "512"

  # MiB; 0.5 vCPU, 1 GB, now 1 vCPU, 2 GB (runs 2026-11-21-103000-breakpoint-k4mz,
  # 2026-11-21-110500-baseline-p9qx)
  memory = "1024"
}

resource "aws_ecs_service" "shop" {
  # So that what the tasks cost carries the tags of their definition.
  propagate_tags = "TASK_DEFINITION"
}
