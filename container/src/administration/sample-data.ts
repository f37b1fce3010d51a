/** Products to try the shop with. */

import { randomUUID } from "node:crypto";

import type { Client } from "pg";

interface Sample {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly priceCents: number;
  readonly stock: number;
}

const SAMPLES: readonly Sample[] = [
  {
    sku: "TEA-DARJEELING",
    name: "Darjeeling First Flush",
    description: "Light and flowery, from the first harvest of the year. 100 g.",
    category: "tea",
    priceCents: 1290,
    stock: 120,
  },
  {
    sku: "TEA-ASSAM",
    name: "Assam",
    description: "Strong and malty; takes milk well. 100 g.",
    category: "tea",
    priceCents: 790,
    stock: 200,
  },
  {
    sku: "TEA-SENCHA",
    name: "Sencha",
    description: "Green leaves from Japan, fresh as grass. 100 g.",
    category: "tea",
    priceCents: 1150,
    stock: 80,
  },
  {
    sku: "TEA-ROOIBOS",
    name: "Rooibos",
    description: "From South Africa, without caffeine. 100 g.",
    category: "tea",
    priceCents: 590,
    stock: 150,
  },
  {
    sku: "POT-GLASS",
    name: "Glass Teapot",
    description: "Holds a litre; with a strainer of steel.",
    category: "teapots",
    priceCents: 3490,
    stock: 25,
  },
  {
    sku: "POT-IRON",
    name: "Cast Iron Teapot",
    description: "Keeps tea warm for long. 0.8 litres.",
    category: "teapots",
    priceCents: 5900,
    stock: 12,
  },
  {
    sku: "CUP-PORCELAIN",
    name: "Porcelain Cup",
    description: "Thin and white, with its saucer.",
    category: "cups",
    priceCents: 1450,
    stock: 60,
  },
  {
    sku: "CUP-STONEWARE",
    name: "Stoneware Mug",
    description: "Thrown by hand; every one looks different.",
    category: "cups",
    priceCents: 1850,
    stock: 40,
  },
];

/** Adds missing sample products, priced in euros. Existing ones stay as they are. */
export const addSampleData = async (client: Client): Promise<void> => {
  for (const { sku, name, description, category, priceCents, stock } of SAMPLES) {
    await client.query(
      `INSERT INTO shop.products
         (id, sku, name, description, category, price_cents, currency, stock)
       VALUES ($1, $2, $3, $4, $5, $6, 'EUR', $7)
       ON CONFLICT (sku) DO NOTHING`,
      [randomUUID(), sku, name, description, category, priceCents, stock],
    );
  }
};
