/**
 * What Terraform's provider for AWS 6.34.0 takes in the resources that perf writes: its own `terraform providers schema -json`, read on
 * 2026-11-22 and reduced to names, types and counts. Written by .ci/terraform-provider.mjs; not to be changed by hand.
 */
import type { BlockSchema } from './block-schema.ts'

export const providerVersion = '6.34.0'

export const providerSchema: Readonly<Record<string, BlockSchema>> = {
  aws_appautoscaling_target: {
    required: { max_capacity: 'number', min_capacity: 'number', resource_id: 'string', scalable_dimension: 'string', service_namespace: 'string' },
    optional: { id: 'string', region: 'string', role_arn: 'string', tags: 'map', tags_all: 'map' },
    blocks: {
      suspended_state: {
        least: 0,
        most: 1,
        required: {},
        optional: { dynamic_scaling_in_suspended: 'bool', dynamic_scaling_out_suspended: 'bool', scheduled_scaling_suspended: 'bool' },
        blocks: {},
      },
    },
  },
  aws_appautoscaling_policy: {
    required: { name: 'string', resource_id: 'string', scalable_dimension: 'string', service_namespace: 'string' },
    optional: { id: 'string', policy_type: 'string', region: 'string' },
    blocks: {
      predictive_scaling_policy_configuration: {
        least: 0,
        most: 1,
        required: {},
        optional: { max_capacity_breach_behavior: 'string', max_capacity_buffer: 'number', mode: 'string', scheduling_buffer_time: 'number' },
        blocks: {
          metric_specification: {
            least: 1,
            required: { target_value: 'string' },
            optional: {},
            blocks: {
              customized_capacity_metric_specification: {
                least: 0,
                most: 1,
                required: {},
                optional: {},
                blocks: {
                  metric_data_query: {
                    least: 1,
                    required: { id: 'string' },
                    optional: { expression: 'string', label: 'string', return_data: 'bool' },
                    blocks: {
                      metric_stat: {
                        least: 0,
                        most: 1,
                        required: { stat: 'string' },
                        optional: { unit: 'string' },
                        blocks: {
                          metric: {
                            least: 1,
                            most: 1,
                            required: {},
                            optional: { metric_name: 'string', namespace: 'string' },
                            blocks: { dimension: { least: 0, required: { name: 'string', value: 'string' }, optional: {}, blocks: {} } },
                          },
                        },
                      },
                    },
                  },
                },
              },
              customized_load_metric_specification: {
                least: 0,
                most: 1,
                required: {},
                optional: {},
                blocks: {
                  metric_data_query: {
                    least: 1,
                    required: { id: 'string' },
                    optional: { expression: 'string', label: 'string', return_data: 'bool' },
                    blocks: {
                      metric_stat: {
                        least: 0,
                        most: 1,
                        required: { stat: 'string' },
                        optional: { unit: 'string' },
                        blocks: {
                          metric: {
                            least: 1,
                            most: 1,
                            required: {},
                            optional: { metric_name: 'string', namespace: 'string' },
                            blocks: { dimension: { least: 0, required: { name: 'string', value: 'string' }, optional: {}, blocks: {} } },
                          },
                        },
                      },
                    },
                  },
                },
              },
              customized_scaling_metric_specification: {
                least: 0,
                most: 1,
                required: {},
                optional: {},
                blocks: {
                  metric_data_query: {
                    least: 1,
                    required: { id: 'string' },
                    optional: { expression: 'string', label: 'string', return_data: 'bool' },
                    blocks: {
                      metric_stat: {
                        least: 0,
                        most: 1,
                        required: { stat: 'string' },
                        optional: { unit: 'string' },
                        blocks: {
                          metric: {
                            least: 1,
                            most: 1,
                            required: {},
                            optional: { metric_name: 'string', namespace: 'string' },
                            blocks: { dimension: { least: 0, required: { name: 'string', value: 'string' }, optional: {}, blocks: {} } },
                          },
                        },
                      },
                    },
                  },
                },
              },
              predefined_load_metric_specification: {
                least: 0,
                most: 1,
                required: { predefined_metric_type: 'string' },
                optional: { resource_label: 'string' },
                blocks: {},
              },
              predefined_metric_pair_specification: {
                least: 0,
                most: 1,
                required: { predefined_metric_type: 'string' },
                optional: { resource_label: 'string' },
                blocks: {},
              },
              predefined_scaling_metric_specification: {
                least: 0,
                most: 1,
                required: { predefined_metric_type: 'string' },
                optional: { resource_label: 'string' },
                blocks: {},
              },
            },
          },
        },
      },
      step_scaling_policy_configuration: {
        least: 0,
        most: 1,
        required: {},
        optional: { adjustment_type: 'string', cooldown: 'number', metric_aggregation_type: 'string', min_adjustment_magnitude: 'number' },
        blocks: {
          step_adjustment: {
            least: 0,
            required: { scaling_adjustment: 'number' },
            optional: { metric_interval_lower_bound: 'string', metric_interval_upper_bound: 'string' },
            blocks: {},
          },
        },
      },
      target_tracking_scaling_policy_configuration: {
        least: 0,
        most: 1,
        required: { target_value: 'number' },
        optional: { disable_scale_in: 'bool', scale_in_cooldown: 'number', scale_out_cooldown: 'number' },
        blocks: {
          customized_metric_specification: {
            least: 0,
            most: 1,
            required: {},
            optional: { metric_name: 'string', namespace: 'string', statistic: 'string', unit: 'string' },
            blocks: {
              dimensions: { least: 0, required: { name: 'string', value: 'string' }, optional: {}, blocks: {} },
              metrics: {
                least: 0,
                required: { id: 'string' },
                optional: { expression: 'string', label: 'string', return_data: 'bool' },
                blocks: {
                  metric_stat: {
                    least: 0,
                    most: 1,
                    required: { stat: 'string' },
                    optional: { unit: 'string' },
                    blocks: {
                      metric: {
                        least: 1,
                        most: 1,
                        required: { metric_name: 'string', namespace: 'string' },
                        optional: {},
                        blocks: { dimensions: { least: 0, required: { name: 'string', value: 'string' }, optional: {}, blocks: {} } },
                      },
                    },
                  },
                },
              },
            },
          },
          predefined_metric_specification: {
            least: 0,
            most: 1,
            required: { predefined_metric_type: 'string' },
            optional: { resource_label: 'string' },
            blocks: {},
          },
        },
      },
    },
  },
  aws_appautoscaling_scheduled_action: {
    required: { name: 'string', resource_id: 'string', scalable_dimension: 'string', schedule: 'string', service_namespace: 'string' },
    optional: { end_time: 'string', id: 'string', region: 'string', start_time: 'string', timezone: 'string' },
    blocks: { scalable_target_action: { least: 1, most: 1, required: {}, optional: { max_capacity: 'string', min_capacity: 'string' }, blocks: {} } },
  },
  aws_cloudwatch_metric_alarm: {
    required: { alarm_name: 'string', comparison_operator: 'string', evaluation_periods: 'number' },
    optional: {
      actions_enabled: 'bool',
      alarm_actions: 'list',
      alarm_description: 'string',
      datapoints_to_alarm: 'number',
      dimensions: 'map',
      evaluate_low_sample_count_percentiles: 'string',
      extended_statistic: 'string',
      id: 'string',
      insufficient_data_actions: 'list',
      metric_name: 'string',
      namespace: 'string',
      ok_actions: 'list',
      period: 'number',
      region: 'string',
      statistic: 'string',
      tags: 'map',
      tags_all: 'map',
      threshold: 'number',
      threshold_metric_id: 'string',
      treat_missing_data: 'string',
      unit: 'string',
    },
    blocks: {
      metric_query: {
        least: 0,
        required: { id: 'string' },
        optional: { account_id: 'string', expression: 'string', label: 'string', period: 'number', return_data: 'bool' },
        blocks: {
          metric: {
            least: 0,
            most: 1,
            required: { metric_name: 'string', period: 'number', stat: 'string' },
            optional: { dimensions: 'map', namespace: 'string', unit: 'string' },
            blocks: {},
          },
        },
      },
    },
  },
  aws_ecs_service: {
    required: { name: 'string' },
    optional: {
      availability_zone_rebalancing: 'string',
      cluster: 'string',
      deployment_maximum_percent: 'number',
      deployment_minimum_healthy_percent: 'number',
      desired_count: 'number',
      enable_ecs_managed_tags: 'bool',
      enable_execute_command: 'bool',
      force_delete: 'bool',
      force_new_deployment: 'bool',
      health_check_grace_period_seconds: 'number',
      iam_role: 'string',
      id: 'string',
      launch_type: 'string',
      platform_version: 'string',
      propagate_tags: 'string',
      region: 'string',
      scheduling_strategy: 'string',
      sigint_rollback: 'bool',
      tags: 'map',
      tags_all: 'map',
      task_definition: 'string',
      triggers: 'map',
      wait_for_steady_state: 'bool',
    },
    blocks: {
      alarms: { least: 0, most: 1, required: { alarm_names: 'list', enable: 'bool', rollback: 'bool' }, optional: {}, blocks: {} },
      capacity_provider_strategy: { least: 0, required: { capacity_provider: 'string' }, optional: { base: 'number', weight: 'number' }, blocks: {} },
      deployment_circuit_breaker: { least: 0, most: 1, required: { enable: 'bool', rollback: 'bool' }, optional: {}, blocks: {} },
      deployment_configuration: {
        least: 0,
        most: 1,
        required: {},
        optional: { bake_time_in_minutes: 'string', strategy: 'string' },
        blocks: {
          canary_configuration: { least: 0, most: 1, required: {}, optional: { canary_bake_time_in_minutes: 'string', canary_percent: 'number' }, blocks: {} },
          lifecycle_hook: {
            least: 0,
            required: { hook_target_arn: 'string', lifecycle_stages: 'list', role_arn: 'string' },
            optional: { hook_details: 'string' },
            blocks: {},
          },
          linear_configuration: { least: 0, most: 1, required: {}, optional: { step_bake_time_in_minutes: 'string', step_percent: 'number' }, blocks: {} },
        },
      },
      deployment_controller: { least: 0, most: 1, required: {}, optional: { type: 'string' }, blocks: {} },
      load_balancer: {
        least: 0,
        required: { container_name: 'string', container_port: 'number' },
        optional: { elb_name: 'string', target_group_arn: 'string' },
        blocks: {
          advanced_configuration: {
            least: 0,
            most: 1,
            required: { alternate_target_group_arn: 'string', production_listener_rule: 'string', role_arn: 'string' },
            optional: { test_listener_rule: 'string' },
            blocks: {},
          },
        },
      },
      network_configuration: { least: 0, most: 1, required: { subnets: 'list' }, optional: { assign_public_ip: 'bool', security_groups: 'list' }, blocks: {} },
      ordered_placement_strategy: { least: 0, most: 5, required: { type: 'string' }, optional: { field: 'string' }, blocks: {} },
      placement_constraints: { least: 0, most: 10, required: { type: 'string' }, optional: { expression: 'string' }, blocks: {} },
      service_connect_configuration: {
        least: 0,
        most: 1,
        required: { enabled: 'bool' },
        optional: { namespace: 'string' },
        blocks: {
          access_log_configuration: { least: 0, most: 1, required: { format: 'string' }, optional: { include_query_parameters: 'string' }, blocks: {} },
          log_configuration: {
            least: 0,
            most: 1,
            required: { log_driver: 'string' },
            optional: { options: 'map' },
            blocks: { secret_option: { least: 0, required: { name: 'string', value_from: 'string' }, optional: {}, blocks: {} } },
          },
          service: {
            least: 0,
            required: { port_name: 'string' },
            optional: { discovery_name: 'string', ingress_port_override: 'number' },
            blocks: {
              client_alias: {
                least: 0,
                most: 1,
                required: { port: 'number' },
                optional: { dns_name: 'string' },
                blocks: {
                  test_traffic_rules: {
                    least: 0,
                    required: {},
                    optional: {},
                    blocks: {
                      header: {
                        least: 0,
                        most: 1,
                        required: { name: 'string' },
                        optional: {},
                        blocks: { value: { least: 1, most: 1, required: { exact: 'string' }, optional: {}, blocks: {} } },
                      },
                    },
                  },
                },
              },
              timeout: { least: 0, most: 1, required: {}, optional: { idle_timeout_seconds: 'number', per_request_timeout_seconds: 'number' }, blocks: {} },
              tls: {
                least: 0,
                most: 1,
                required: {},
                optional: { kms_key: 'string', role_arn: 'string' },
                blocks: { issuer_cert_authority: { least: 1, most: 1, required: { aws_pca_authority_arn: 'string' }, optional: {}, blocks: {} } },
              },
            },
          },
        },
      },
      service_registries: {
        least: 0,
        most: 1,
        required: { registry_arn: 'string' },
        optional: { container_name: 'string', container_port: 'number', port: 'number' },
        blocks: {},
      },
      timeouts: { least: 0, required: {}, optional: { create: 'string', delete: 'string', update: 'string' }, blocks: {} },
      volume_configuration: {
        least: 0,
        most: 1,
        required: { name: 'string' },
        optional: {},
        blocks: {
          managed_ebs_volume: {
            least: 1,
            most: 1,
            required: { role_arn: 'string' },
            optional: {
              encrypted: 'bool',
              file_system_type: 'string',
              iops: 'number',
              kms_key_id: 'string',
              size_in_gb: 'number',
              snapshot_id: 'string',
              throughput: 'number',
              volume_initialization_rate: 'number',
              volume_type: 'string',
            },
            blocks: {
              tag_specifications: { least: 0, required: { resource_type: 'string' }, optional: { propagate_tags: 'string', tags: 'map' }, blocks: {} },
            },
          },
        },
      },
      vpc_lattice_configurations: { least: 0, required: { port_name: 'string', role_arn: 'string', target_group_arn: 'string' }, optional: {}, blocks: {} },
    },
  },
  aws_ecs_task_definition: {
    required: { container_definitions: 'string', family: 'string' },
    optional: {
      cpu: 'string',
      enable_fault_injection: 'bool',
      execution_role_arn: 'string',
      id: 'string',
      ipc_mode: 'string',
      memory: 'string',
      network_mode: 'string',
      pid_mode: 'string',
      region: 'string',
      requires_compatibilities: 'list',
      skip_destroy: 'bool',
      tags: 'map',
      tags_all: 'map',
      task_role_arn: 'string',
      track_latest: 'bool',
    },
    blocks: {
      ephemeral_storage: { least: 0, most: 1, required: { size_in_gib: 'number' }, optional: {}, blocks: {} },
      placement_constraints: { least: 0, most: 10, required: { type: 'string' }, optional: { expression: 'string' }, blocks: {} },
      proxy_configuration: { least: 0, most: 1, required: { container_name: 'string' }, optional: { properties: 'map', type: 'string' }, blocks: {} },
      runtime_platform: { least: 0, most: 1, required: {}, optional: { cpu_architecture: 'string', operating_system_family: 'string' }, blocks: {} },
      volume: {
        least: 0,
        required: { name: 'string' },
        optional: { configure_at_launch: 'bool', host_path: 'string' },
        blocks: {
          docker_volume_configuration: {
            least: 0,
            most: 1,
            required: {},
            optional: { autoprovision: 'bool', driver: 'string', driver_opts: 'map', labels: 'map', scope: 'string' },
            blocks: {},
          },
          efs_volume_configuration: {
            least: 0,
            most: 1,
            required: { file_system_id: 'string' },
            optional: { root_directory: 'string', transit_encryption: 'string', transit_encryption_port: 'number' },
            blocks: { authorization_config: { least: 0, most: 1, required: {}, optional: { access_point_id: 'string', iam: 'string' }, blocks: {} } },
          },
          fsx_windows_file_server_volume_configuration: {
            least: 0,
            most: 1,
            required: { file_system_id: 'string', root_directory: 'string' },
            optional: {},
            blocks: { authorization_config: { least: 1, most: 1, required: { credentials_parameter: 'string', domain: 'string' }, optional: {}, blocks: {} } },
          },
        },
      },
    },
  },
}
