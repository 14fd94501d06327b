import type {Plan} from "./model.ts";

/** Asks for the runs of a plan, and of the one it is compared with; a later request takes the place of one that waits. */
export interface PlanRequest {
  readonly plan: Plan;
  readonly pinned: Plan | null;
}
