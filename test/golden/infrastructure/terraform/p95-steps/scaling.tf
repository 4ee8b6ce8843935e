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

resource "aws_appautoscaling_policy" "shop_out" {
  name               = "perf-shop-out"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.shop.service_namespace
  scalable_dimension = aws_appautoscaling_target.shop.scalable_dimension
  resource_id        = aws_appautoscaling_target.shop.resource_id

  step_scaling_policy_configuration {
    adjustment_type          = "PercentChangeInCapacity"
    metric_aggregation_type  = "Average"
    min_adjustment_magnitude = 1

    # s between two steps out, as in the policy that was played through the traffic (runs
    # 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
    cooldown = 60

    step_adjustment {
      metric_interval_lower_bound = 0
      metric_interval_upper_bound = 0.05
      scaling_adjustment          = 25
    }

    step_adjustment {
      metric_interval_lower_bound = 0.05
      metric_interval_upper_bound = 0.1
      scaling_adjustment          = 50
    }

    step_adjustment {
      metric_interval_lower_bound = 0.1
      scaling_adjustment          = 100
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "shop_out" {
  alarm_name          = "${aws_appautoscaling_policy.shop_out.name}-alarm"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "TargetResponseTime"
  extended_statistic  = "p95"
  comparison_operator = "GreaterThanThreshold"

  # the cheapest threshold that met the objective when it was played through the expected traffic (runs
  # 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
  threshold = 0.2

  # s of one metric point, as in the policy that was played through the traffic (runs
  # 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
  period             = 60
  evaluation_periods = 3
  alarm_actions      = [aws_appautoscaling_policy.shop_out.arn]

  dimensions = {
    "LoadBalancer" = "app/shop-balancer/50dc6c495c0c9188"
    "TargetGroup"  = "targetgroup/shop-targets/943f017f100becff"
  }

  tags = {
    "perf:service"  = "shop"
    "perf:sized-by" = "runs 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx"
  }
}

resource "aws_appautoscaling_policy" "shop_in" {
  name               = "perf-shop-in"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.shop.service_namespace
  scalable_dimension = aws_appautoscaling_target.shop.scalable_dimension
  resource_id        = aws_appautoscaling_target.shop.resource_id

  # AWS takes one change of a scalable target at a time.
  depends_on = [aws_appautoscaling_policy.shop_out]

  step_scaling_policy_configuration {
    adjustment_type          = "PercentChangeInCapacity"
    metric_aggregation_type  = "Average"
    min_adjustment_magnitude = 1

    # s before an instance may go, as in the policy that was played through the traffic (runs
    # 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
    cooldown = 300

    step_adjustment {
      metric_interval_upper_bound = 0
      scaling_adjustment          = -10
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "shop_in" {
  alarm_name          = "${aws_appautoscaling_policy.shop_in.name}-alarm"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "RequestCountPerTarget"
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"

  # below it one may go, and the others stay below the target (runs 2026-11-21-103000-breakpoint-k4mz,
  # 2026-11-21-110500-baseline-p9qx)
  threshold = 1632

  # s of one metric point, as in the policy that was played through the traffic (runs
  # 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
  period             = 60
  evaluation_periods = 15
  alarm_actions      = [aws_appautoscaling_policy.shop_in.arn]

  dimensions = {
    "LoadBalancer" = "app/shop-balancer/50dc6c495c0c9188"
    "TargetGroup"  = "targetgroup/shop-targets/943f017f100becff"
  }

  tags = {
    "perf:service"  = "shop"
    "perf:sized-by" = "runs 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx"
  }
}
