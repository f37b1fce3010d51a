/**
 * The migrations of the database's schema, in order.
 *
 * Never change a released migration; append a new one instead. The previous version of the API
 * answers requests until the release is complete, so a migration must only add to the schema:
 * tables, columns with a default, indexes. Remove unused parts one release later.
 */

import { products } from "./0001-products.ts";
import { orders } from "./0002-orders.ts";
import type { Migration } from "./migration.ts";

export const migrations: readonly Migration[] = [products, orders];
