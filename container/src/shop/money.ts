/** An amount of money in one currency. */

export interface Money {
  readonly amountCents: number;
  readonly currency: string;
}
