/** What the recommended autoscaler may do, and what whoever sets it up must be allowed to: the least of it, in words for comments. */
export const roleSentence =
  'No role is needed: Application Auto Scaling uses the service-linked role AWSServiceRoleForApplicationAutoScaling_ECSService, which it makes by itself.'

export const highResolutionSentence =
  'The rule reads points of 20 s, which the service sends only when its monitoring asks for them (UpdateService, monitoring.metricConfigurations, resolutionSeconds 20); they are paid for.'

export const containerInsightsSentence = 'The rule divides by RunningTaskCount, which the cluster sends only while Container Insights is on; it is paid for.'
