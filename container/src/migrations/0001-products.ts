import type { Migration } from "./migration.ts";

export const products: Migration = {
  name: "0001-products",
  // The ICU collation sorts names as people expect, whatever the locale of the server is.
  sql: `
    CREATE TABLE shop.products (
      id uuid PRIMARY KEY,
      sku text NOT NULL UNIQUE,
      name text COLLATE "und-x-icu" NOT NULL,
      description text NOT NULL,
      category text NOT NULL,
      price_cents integer NOT NULL CHECK (price_cents >= 0),
      currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
      stock integer NOT NULL CHECK (stock >= 0),
      version integer NOT NULL DEFAULT 1,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      search tsvector GENERATED ALWAYS AS
        (to_tsvector('english', name || ' ' || description)) STORED
    );
    CREATE INDEX products_by_name ON shop.products (name, id);
    CREATE INDEX products_by_category ON shop.products (category, name, id);
    CREATE INDEX products_by_words ON shop.products USING gin (search);
  `,
};
