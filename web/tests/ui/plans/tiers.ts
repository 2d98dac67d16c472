/** The built-in plans and what they make of a number of tasks, as the server tells of them, to test with. */
import { type Estimate, minutesFor, type Tier } from "../../../src/net/tiers.ts";

const plan = (name: string, price: number | undefined, slots: number, quota: number, rest: Partial<Tier> = {}): Tier => ({
  name,
  title: name.charAt(0).toUpperCase() + name.slice(1),
  price,
  slots,
  slotsWithKey: slots,
  quota,
  soft: false,
  features: [],
  buyable: false,
  ...rest,
});

export const FREE = plan("free", 0, 1, 50, { links: 1, viewers: 5, recordingDays: 1 });
export const STARTER = plan("starter", 29, 3, 500, { links: 5, viewers: 50, recordingDays: 30, features: ["exports"], buyable: true });
export const PRO = plan("pro", 79, 10, 5_000, {
  links: 50,
  viewers: 500,
  recordingDays: 365,
  slotsWithKey: 20,
  features: ["exports", "keys", "analytics", "members"],
  buyable: true,
  support: { contact: "help@example.org", hours: 24 },
});
export const ENTERPRISE = plan("enterprise", undefined, 50, 50_000, {
  soft: true,
  viewers: 5_000,
  features: ["exports", "keys", "analytics", "members", "webhooks", "sla"],
  support: { contact: "sales@example.org", hours: 4 },
});
export const TIERS = [FREE, STARTER, PRO, ENTERPRISE];
export const RESUMES = Date.UTC(2026, 11, 1);

/** What `GET /estimate` answers for so many new tasks when so many of the month are used. */
export function estimatesOf(total: number, used = 0, each = 60, basis: Estimate["basis"] = "measured"): readonly Estimate[] {
  return TIERS.map(({ name, slots, quota, soft }) => {
    const now = soft ? total : Math.min(total, Math.max(0, quota - used));
    const later = total - now;
    return {
      tier: name,
      workers: slots,
      minutes: minutesFor(now, slots, each),
      each,
      basis,
      now,
      later,
      ...(later > 0 && { resumes: RESUMES }),
    };
  });
}
