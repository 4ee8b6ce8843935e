/** The simulator, its policies and a spike's arrivals, for a program that Node 20 runs. */
export { podAutoscaling } from '../../budgets/advice/scaling/horizontal-pod-autoscaler.ts'
export { severalPolicies } from '../../budgets/advice/scaling/several-policies.ts'
export { simulate } from '../../budgets/advice/scaling/simulate.ts'
export { stepScaling } from '../../budgets/advice/scaling/step-scaling.ts'
export { targetTracking } from '../../budgets/advice/scaling/target-tracking.ts'
export { arrivalsDue } from '../../scenarios/shape.ts'
export { spike } from '../../scenarios/spike.ts'
