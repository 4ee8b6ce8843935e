// recommended.ts: what to deploy on Amazon ECS. Written by perf advise from runs
// 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx.
// One instance held 80/s within the objective.
// Scaling: Reacting is enough for 100/s to 500/s in 600 s: with 4 instances at least and a target of 50 % of
// what one can serve, 0.02 % of the requests wait longer than 0.5 s.
// Size: 8 instances of 0.5 vCPU and 1 GB serve 500/s at 63 % of their CPU.
// Cost: 286.4 USD a month now, 143.2 USD a month as recommended, 0.11 USD per million requests (−50 %).
// Not proved yet: perf advise --prove runs the objective at the recommended size and at the next smaller one.

import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import type { IBaseService } from 'aws-cdk-lib/aws-ecs'
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Construct } from 'constructs'

export type RecommendedScalingProps = { readonly service: IBaseService; readonly targetGroup: ApplicationTargetGroup }

// No role is needed: Application Auto Scaling uses the service-linked role
// AWSServiceRoleForApplicationAutoScaling_ECSService, which it makes by itself.
// Leave desiredCount out of the service, or each deployment undoes what the autoscaler did.
export class RecommendedScaling extends Construct {
  constructor(scope: Construct, id: string, { service, targetGroup }: RecommendedScalingProps) {
    super(scope, id)
    const scalableTarget = new scaling.CfnScalableTarget(this, "ScalableTarget", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${service.cluster.clusterName}/${service.serviceName}`,
      // 4 × 80/s that one held = 320/s, now 2 (runs 2026-11-21-103000-breakpoint-k4mz,
      // 2026-11-21-110500-baseline-p9qx)
      minCapacity: 4,
      // 13 × 80/s that one held = 1,040/s, now 20 (runs 2026-11-21-103000-breakpoint-k4mz,
      // 2026-11-21-110500-baseline-p9qx)
      maxCapacity: 13,
    })
    const scaleOut = new scaling.CfnScalingPolicy(this, "ScaleOut", {
      policyName: "perf-shop-out",
      policyType: "StepScaling",
      scalingTargetId: scalableTarget.ref,
      stepScalingPolicyConfiguration: {
        adjustmentType: "PercentChangeInCapacity",
        metricAggregationType: "Average",
        minAdjustmentMagnitude: 1,
        // s between two steps out, as in the policy that was played through the traffic (runs
        // 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
        cooldown: 60,
        stepAdjustments: [{
          metricIntervalLowerBound: 0,
          metricIntervalUpperBound: 0.05,
          scalingAdjustment: 25,
        }, {
          metricIntervalLowerBound: 0.05,
          metricIntervalUpperBound: 0.1,
          scalingAdjustment: 50,
        }, {
          metricIntervalLowerBound: 0.1,
          scalingAdjustment: 100,
        }],
      },
    })
    new cloudwatch.CfnAlarm(this, "ScaleOutAlarm", {
      namespace: "AWS/ApplicationELB",
      metricName: "TargetResponseTime",
      dimensions: [{
        name: "LoadBalancer",
        value: targetGroup.firstLoadBalancerFullName,
      }, {
        name: "TargetGroup",
        value: targetGroup.targetGroupFullName,
      }],
      extendedStatistic: "p95",
      comparisonOperator: "GreaterThanThreshold",
      // the cheapest threshold that met the objective when it was played through the expected traffic (runs
      // 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
      threshold: 0.2,
      // s of one metric point, as in the policy that was played through the traffic (runs
      // 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
      period: 60,
      evaluationPeriods: 3,
      alarmActions: [scaleOut.ref],
      tags: [{
        key: "perf:service",
        value: "shop",
      }, {
        key: "perf:sized-by",
        value: "runs 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx",
      }],
    })
    const scaleIn = new scaling.CfnScalingPolicy(this, "ScaleIn", {
      policyName: "perf-shop-in",
      policyType: "StepScaling",
      scalingTargetId: scalableTarget.ref,
      stepScalingPolicyConfiguration: {
        adjustmentType: "PercentChangeInCapacity",
        metricAggregationType: "Average",
        minAdjustmentMagnitude: 1,
        // s before an instance may go, as in the policy that was played through the traffic (runs
        // 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
        cooldown: 300,
        stepAdjustments: [{
          metricIntervalUpperBound: 0,
          scalingAdjustment: -10,
        }],
      },
    })
    new cloudwatch.CfnAlarm(this, "ScaleInAlarm", {
      namespace: "AWS/ApplicationELB",
      metricName: "RequestCountPerTarget",
      dimensions: [{
        name: "LoadBalancer",
        value: targetGroup.firstLoadBalancerFullName,
      }, {
        name: "TargetGroup",
        value: targetGroup.targetGroupFullName,
      }],
      statistic: "Sum",
      comparisonOperator: "LessThanThreshold",
      // below it one may go, and the others stay below the target (runs 2026-11-21-103000-breakpoint-k4mz,
      // 2026-11-21-110500-baseline-p9qx)
      threshold: 1632,
      // s of one metric point, as in the policy that was played through the traffic (runs
      // 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
      period: 60,
      evaluationPeriods: 15,
      alarmActions: [scaleIn.ref],
      tags: [{
        key: "perf:service",
        value: "shop",
      }, {
        key: "perf:sized-by",
        value: "runs 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx",
      }],
    })
  }
}

// Spread it into the task definition: new FargateTaskDefinition(this, 'Task', { ...recommendedSize }). It was
// measured on X86_64.
// 0.5 vCPU, 1 GB, now 1 vCPU, 2 GB (runs 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
export const recommendedSize = { cpu: 512, memoryLimitMiB: 1024 }

// Tags.of(taskDefinition).add(key, value) for each, and propagateTags: PropagatedTagSource.TASK_DEFINITION in
// the service. Activate them as cost allocation tags, so that the bill can be split by them.
export const costTags = { "perf:service": "shop", "perf:sized-by": "runs 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx" }
