import type { Migration } from "./migration.ts";

export const orders: Migration = {
  name: "0002-orders",
  sql: `
    CREATE TABLE shop.orders (
      id uuid PRIMARY KEY,
      owner text NOT NULL,
      idempotency_key text NOT NULL,
      request_hash text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      cancelled_at timestamptz,
      UNIQUE (owner, idempotency_key)
    );
    CREATE TABLE shop.order_lines (
      order_id uuid NOT NULL REFERENCES shop.orders,
      position integer NOT NULL,
      product_id uuid NOT NULL REFERENCES shop.products,
      sku text NOT NULL,
      name text NOT NULL,
      quantity integer NOT NULL CHECK (quantity > 0),
      unit_price_cents integer NOT NULL CHECK (unit_price_cents >= 0),
      currency text NOT NULL,
      PRIMARY KEY (order_id, position),
      UNIQUE (order_id, product_id)
    );
  `,
};
