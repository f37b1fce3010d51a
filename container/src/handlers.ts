/** The handlers of all operations in the API's document. */

import type { Endpoints } from "./database/endpoint.ts";
import { makeHealthHandlers } from "./health.ts";
import type { Handlers } from "./http/handler.ts";
import { makeOrderHandlers } from "./shop/orders/handlers.ts";
import { makeProductHandlers } from "./shop/products/handlers.ts";

export const makeHandlers = (endpoints: Endpoints): Handlers => ({
  ...makeHealthHandlers(endpoints),
  ...makeProductHandlers(endpoints),
  ...makeOrderHandlers(endpoints),
});
