/** The packages that reading a deployment needs, by the flag that names one. */
export const deploymentPackages = {
  // The last two add the load balancer and the price; without them these are unknown, and said.
  '--ecs': [
    '@aws-sdk/client-sts',
    '@aws-sdk/client-ecs',
    '@aws-sdk/client-application-auto-scaling',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-elastic-load-balancing-v2',
    '@aws-sdk/client-pricing',
  ],
  '--kubernetes': ['@kubernetes/client-node'],
} as const satisfies Readonly<Record<string, readonly string[]>>
