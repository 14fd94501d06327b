import type {VNode} from "preact";
import type {Params, ParamTable} from "../state/params.ts";

export type Variant = "wide" | "narrow";

/** A figure of a page: pure, from what the model computed to a picture and to words. */
export interface FigureDef<C> {
  /** Says what the figure shows, for those who do not see it; it follows the state. */
  readonly describe: (computed: C) => string;
  readonly render: (computed: C, variant: Variant) => VNode;
  /** True when the figure has a layout of its own for narrow screens. */
  readonly responsive: boolean;
}

export interface PredictionDef<C> {
  readonly question: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly initial: number;
  readonly unit: string;
  readonly truth: (computed: C) => number;
  /** `guess` is null before the reader commits; the figure then stops where the question starts. */
  readonly figure: FigureDef<{readonly computed: C; readonly guess: number | null; readonly revealed: boolean}>;
  /** What the difference between guess and truth says, in words. */
  readonly verdict: (guess: number, truth: number) => string;
}

/**
 * A page that has a model: its parameters, what the model makes of them, and
 * what is drawn and written from that. Build and browser run the same code.
 */
export interface PageDef<C = unknown> {
  readonly id: string;
  readonly params: ParamTable;
  readonly compute: (params: Params) => C;
  readonly figures: Readonly<Record<string, FigureDef<C>>>;
  /** Numbers in the prose, by name: kept current by the page state. */
  readonly numbers: Readonly<Record<string, (computed: C) => {readonly value: number; readonly text: string}>>;
  readonly prediction?: PredictionDef<C>;
  /** One sentence about the present state, read out after a change. */
  readonly summary: (computed: C) => string;
}
