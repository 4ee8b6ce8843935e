# scaling.tf: what to deploy on Amazon ECS. Written by perf advise from runs
# 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx.
# One instance held 80/s within the objective.
# Scaling: Reacting is enough for 100/s to 500/s in 600 s: with 4 instances at least and a target of 50 % of
# what one can serve, 0.02 % of the requests wait longer than 0.5 s.
# Size: 8 instances of 0.5 vCPU and 1 GB serve 500/s at 63 % of their CPU.
# Cost: 286.4 USD a month now, 143.2 USD a month as recommended, 0.11 USD per million requests (−50 %).
# Not proved yet: perf advise --prove runs the objective at the recommended size and at the next smaller one.
#
# No role is needed: Application Auto Scaling uses the service-linked role
# AWSServiceRoleForApplicationAutoScaling_ECSService, which it makes by itself.
# Who applies it needs application-autoscaling:RegisterScalableTarget, DeregisterScalableTarget,
# PutScalingPolicy, DeleteScalingPolicy, PutScheduledAction, DeleteScheduledAction, Describe*, TagResource and
# ListTagsForResource, and cloudwatch:PutMetricAlarm, DeleteAlarms and DescribeAlarms.
# The service itself needs lifecycle { ignore_changes = [desired_count] }, or each apply undoes what the
# autoscaler did.

resource "aws_appautoscaling_target" "shop" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/prod/shop"

  # 4 × 80/s that one held = 320/s, now 2 (runs 2026-11-21-103000-breakpoint-k4mz,
  # 2026-11-21-110500-baseline-p9qx)
  min_capacity = 4

  # 13 × 80/s that one held = 1,040/s, now 20 (runs 2026-11-21-103000-breakpoint-k4mz,
  # 2026-11-21-110500-baseline-p9qx)
  max_capacity = 13

  tags = {
    "perf:service"  = "shop"
    "perf:sized-by" = "runs 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx"
  }
}

resource "aws_appautoscaling_policy" "shop" {
  name               = "perf-shop"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.shop.service_namespace
  scalable_dimension = aws_appautoscaling_target.shop.scalable_dimension
  resource_id        = aws_appautoscaling_target.shop.resource_id

  target_tracking_scaling_policy_configuration {
    # the cheapest target that met the objective when it was played through the expected traffic (runs
    # 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
    target_value = 50

    # s between two steps out, as in the policy that was played through the traffic (runs
    # 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
    scale_out_cooldown = 60

    # s before an instance may go, as in the policy that was played through the traffic (runs
    # 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
    scale_in_cooldown = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "shop_1" {
  name               = "Black-Friday-begins"
  service_namespace  = aws_appautoscaling_target.shop.service_namespace
  scalable_dimension = aws_appautoscaling_target.shop.scalable_dimension
  resource_id        = aws_appautoscaling_target.shop.resource_id
  schedule           = "at(2026-11-27T06:00:00)"
  timezone           = "UTC"

  # AWS takes one change of a scalable target at a time.
  depends_on = [aws_appautoscaling_policy.shop]

  scalable_target_action {
    # there before Black Friday: 13 × 80/s that one held = 1,040/s (runs 2026-11-21-103000-breakpoint-k4mz,
    # 2026-11-21-110500-baseline-p9qx)
    min_capacity = 13
    max_capacity = 20
  }
}

resource "aws_appautoscaling_scheduled_action" "shop_2" {
  name               = "Black-Friday-ends"
  service_namespace  = aws_appautoscaling_target.shop.service_namespace
  scalable_dimension = aws_appautoscaling_target.shop.scalable_dimension
  resource_id        = aws_appautoscaling_target.shop.resource_id
  schedule           = "at(2026-11-27T22:00:00)"
  timezone           = "UTC"

  # AWS takes one change of a scalable target at a time.
  depends_on = [aws_appautoscaling_scheduled_action.shop_1]

  scalable_target_action {
    # as always, after Black Friday: 4 × 80/s that one held = 320/s (runs 2026-11-21-103000-breakpoint-k4mz,
    # 2026-11-21-110500-baseline-p9qx)
    min_capacity = 4
    max_capacity = 13
  }
}

resource "aws_appautoscaling_scheduled_action" "shop_3" {
  name               = "each-working-day-begins"
  service_namespace  = aws_appautoscaling_target.shop.service_namespace
  scalable_dimension = aws_appautoscaling_target.shop.scalable_dimension
  resource_id        = aws_appautoscaling_target.shop.resource_id
  schedule           = "cron(45 7 ? * MON-FRI *)"
  timezone           = "UTC"

  # AWS takes one change of a scalable target at a time.
  depends_on = [aws_appautoscaling_scheduled_action.shop_2]

  scalable_target_action {
    # there before each working day: 6 × 80/s that one held = 480/s (runs 2026-11-21-103000-breakpoint-k4mz,
    # 2026-11-21-110500-baseline-p9qx)
    min_capacity = 6
    max_capacity = 13
  }
}

resource "aws_appautoscaling_scheduled_action" "shop_4" {
  name               = "each-working-day-ends"
  service_namespace  = aws_appautoscaling_target.shop.service_namespace
  scalable_dimension = aws_appautoscaling_target.shop.scalable_dimension
  resource_id        = aws_appautoscaling_target.shop.resource_id
  schedule           = "cron(0 20 ? * MON-FRI *)"
  timezone           = "UTC"

  # AWS takes one change of a scalable target at a time.
  depends_on = [aws_appautoscaling_scheduled_action.shop_3]

  scalable_target_action {
    # as always, after each working day: 4 × 80/s that one held = 320/s (runs 2026-11-21-103000-breakpoint-k4mz,
    # 2026-11-21-110500-baseline-p9qx)
    min_capacity = 4
    max_capacity = 13
  }
}
