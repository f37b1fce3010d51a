/** Business metrics, written to the log in CloudWatch's embedded metric format. */

import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

const metrics = new Metrics();

export type Metric =
  | "OrdersPlaced"
  | "OrdersCancelled"
  | "OrdersShortOfStock"
  | "DatabaseUnavailable";

/** Counts one occurrence. */
export const count = (metric: Metric): void => {
  metrics.addMetric(metric, MetricUnit.Count, 1);
};

/** Writes the counts since the last call. */
export const publishMetrics = (): void => {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
};
