/**
 * The database's schema, step by step.
 *
 * A step that was released is never changed; a new one goes to the end. While a step runs, and
 * until the release is through, the version before still answers requests: only ever expand. Add
 * tables, columns with a default and indexes; take away a release later what nobody uses any more.
 */

import { products } from "./0001-products.ts";
import { orders } from "./0002-orders.ts";
import type { Migration } from "./migration.ts";

export const migrations: readonly Migration[] = [products, orders];
