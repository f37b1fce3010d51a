/** Keeps logs and metrics out of the tests' output. Import it before the code under test. */

process.env.POWERTOOLS_SERVICE_NAME ??= "api";
process.env.POWERTOOLS_METRICS_NAMESPACE ??= "Shop";
process.env.POWERTOOLS_LOG_LEVEL ??= "SILENT";
process.env.POWERTOOLS_METRICS_DISABLED ??= "true";
