#!/usr/bin/env bash
# apply.sh: what to deploy on Amazon ECS. Written by perf advise from runs 2026-11-21-103000-breakpoint-k4mz,
# 2026-11-21-110500-baseline-p9qx.
# One instance held 80/s within the objective.
# Scaling: Reacting is enough for 100/s to 500/s in 600 s: with 4 instances at least and a target of 50 % of
# what one can serve, 0.02 % of the requests wait longer than 0.5 s.
# Size: 8 instances of 0.5 vCPU and 1 GB serve 500/s at 63 % of their CPU.
# Cost: 286.4 USD a month now, 143.2 USD a month as recommended, 0.11 USD per million requests (−50 %).
# Not proved yet: perf advise --prove runs the objective at the recommended size and at the next smaller one.
#
# Running it changes the service; perf apply shows a diff, asks, and can roll back.
# No role is needed: Application Auto Scaling uses the service-linked role
# AWSServiceRoleForApplicationAutoScaling_ECSService, which it makes by itself.
# Who runs it needs these rights and no others:
#   {
#     "Version": "2012-10-17",
#     "Statement": [
#       {
#         "Effect": "Allow",
#         "Action": [
#           "sts:GetCallerIdentity"
#         ],
#         "Resource": "*"
#       },
#       {
#         "Effect": "Allow",
#         "Action": [
#           "ecs:DescribeServices",
#           "ecs:UpdateService"
#         ],
#         "Resource": "arn:aws:ecs:eu-central-1:123456789012:service/prod/shop"
#       },
#       {
#         "Effect": "Allow",
#         "Action": [
#           "ecs:DescribeTaskDefinition",
#           "ecs:RegisterTaskDefinition",
#           "ecs:TagResource"
#         ],
#         "Resource": "*"
#       },
#       {
#         "Effect": "Allow",
#         "Action": [
#           "iam:PassRole"
#         ],
#         "Resource": "*",
#         "Condition": {
#           "StringEquals": {
#             "iam:PassedToService": "ecs-tasks.amazonaws.com"
#           }
#         }
#       },
#       {
#         "Effect": "Allow",
#         "Action": [
#           "application-autoscaling:RegisterScalableTarget",
#           "application-autoscaling:PutScalingPolicy"
#         ],
#         "Resource": "arn:aws:application-autoscaling:eu-central-1:123456789012:scalable-target/*",
#         "Condition": {
#           "StringEquals": {
#             "application-autoscaling:service-namespace": "ecs"
#           }
#         }
#       },
#       {
#         "Effect": "Allow",
#         "Action": [
#           "iam:CreateServiceLinkedRole"
#         ],
#         "Resource": "arn:aws:iam::*:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/*",
#         "Condition": {
#           "StringEquals": {
#             "iam:AWSServiceName": "ecs.application-autoscaling.amazonaws.com"
#           }
#         }
#       }
#     ]
#   }
set -euo pipefail
export AWS_PAGER=
export AWS_REGION='eu-central-1' AWS_DEFAULT_REGION='eu-central-1'
CLUSTER='prod'
SERVICE='shop'
: "${LOAD_BALANCER:?Set it to the end of the ARN of the load balancer: app/<name>/<id>}"
: "${TARGET_GROUP:?Set it to the end of the ARN of the target group: targetgroup/<name>/<id>}"
expected='123456789012'
account=$(aws sts get-caller-identity --query Account --output text)
if [ "$account" != "$expected" ]; then
  echo "These are credentials of account $account, and the service is in $expected. Nothing was changed." >&2
  exit 1
fi

# It was measured on X86_64. What the containers ask for must fit into it, or nothing is registered.
current=$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --query 'services[0].taskDefinition' --output text)
definition=$(aws ecs describe-task-definition \
  --task-definition "$current" \
  --include TAGS \
  --query 'merge(taskDefinition.{family: family, containerDefinitions: containerDefinitions}, taskDefinition.taskRoleArn && {taskRoleArn: taskDefinition.taskRoleArn} || `{}`, taskDefinition.executionRoleArn && {executionRoleArn: taskDefinition.executionRoleArn} || `{}`, taskDefinition.networkMode && {networkMode: taskDefinition.networkMode} || `{}`, taskDefinition.volumes && {volumes: taskDefinition.volumes} || `{}`, taskDefinition.placementConstraints && {placementConstraints: taskDefinition.placementConstraints} || `{}`, taskDefinition.requiresCompatibilities && {requiresCompatibilities: taskDefinition.requiresCompatibilities} || `{}`, taskDefinition.pidMode && {pidMode: taskDefinition.pidMode} || `{}`, taskDefinition.ipcMode && {ipcMode: taskDefinition.ipcMode} || `{}`, taskDefinition.proxyConfiguration && {proxyConfiguration: taskDefinition.proxyConfiguration} || `{}`, taskDefinition.ephemeralStorage && {ephemeralStorage: taskDefinition.ephemeralStorage} || `{}`, taskDefinition.runtimePlatform && {runtimePlatform: taskDefinition.runtimePlatform} || `{}`, taskDefinition.enableFaultInjection && {enableFaultInjection: taskDefinition.enableFaultInjection} || `{}`, {tags: [tags[?!starts_with(key, `"perf:"`)], `[{"key":"perf:service","value":"shop"},{"key":"perf:sized-by","value":"runs 2026-11-21-103000-breakpoint-k4mz 2026-11-21-110500-baseline-p9qx"}]`][]})' \
  --output json)
# 0.5 vCPU, 1 GB, now 1 vCPU, 2 GB (runs 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx)
resized=$(aws ecs register-task-definition \
  --cli-input-json "$definition" \
  --cpu 512 \
  --memory 1024 \
  --query taskDefinition.taskDefinitionArn \
  --output text)
# What the tasks cost carries the tags of their definition; activate them as cost allocation tags.
aws ecs update-service \
  --cluster "$CLUSTER" \
  --service "$SERVICE" \
  --task-definition "$resized" \
  --propagate-tags TASK_DEFINITION \
  --query service.taskDefinition \
  --output text

# At least: 4 × 80/s that one held = 320/s, now 2 (runs 2026-11-21-103000-breakpoint-k4mz,
# 2026-11-21-110500-baseline-p9qx).
# At most: 13 × 80/s that one held = 1,040/s, now 20 (runs 2026-11-21-103000-breakpoint-k4mz,
# 2026-11-21-110500-baseline-p9qx).
aws application-autoscaling register-scalable-target \
  --service-namespace ecs \
  --scalable-dimension ecs:service:DesiredCount \
  --resource-id "service/$CLUSTER/$SERVICE" \
  --min-capacity 4 \
  --max-capacity 13 \
  --output text

# TargetValue: 40/s an instance, 50 % of the 80/s that one held; the cheapest target that met the objective
# when it was played through the expected traffic (runs 2026-11-21-103000-breakpoint-k4mz,
# 2026-11-21-110500-baseline-p9qx).
# ScaleOutCooldown: s between two steps out, as in the policy that was played through the traffic (runs
# 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx).
# ScaleInCooldown: s before an instance may go, as in the policy that was played through the traffic (runs
# 2026-11-21-103000-breakpoint-k4mz, 2026-11-21-110500-baseline-p9qx).
aws application-autoscaling put-scaling-policy \
  --service-namespace ecs \
  --scalable-dimension ecs:service:DesiredCount \
  --resource-id "service/$CLUSTER/$SERVICE" \
  --policy-name 'perf-shop' \
  --policy-type TargetTrackingScaling \
  --target-tracking-scaling-policy-configuration '{"TargetValue":2400,"ScaleOutCooldown":60,"ScaleInCooldown":300,"PredefinedMetricSpecification":{"PredefinedMetricType":"ALBRequestCountPerTarget","ResourceLabel":"'"$LOAD_BALANCER/$TARGET_GROUP"'"}}' \
  --query PolicyARN \
  --output text
