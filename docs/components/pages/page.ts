import type {VNode} from "preact";
import type {Size, TimelineData} from "../figure/timeline.tsx";
import type {PageSpec, Setting} from "../state/page-state.ts";

export type Variant = "wide" | "narrow";

/** Numbers behind a figure, for export and for those who read tables. */
export interface Table {
  /** With the unit in the name: `MemTotal (MiB)`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string)[])[];
}

/** Draws what can be taken hold of over a timeline, and sets a parameter from a figure; only the browser has one. */
export type Over = ((data: TimelineData, size: Size) => VNode) & {readonly set: (name: string, value: number, gesture: string) => void};

/** A figure of a page: pure, from what the model computed to a picture, to words and to numbers. */
export interface FigureDef<C> {
  readonly title: string;
  /** Says what the figure shows, for those who do not see it; it follows the state. */
  readonly describe: (computed: C) => string;
  readonly render: (computed: C, variant: Variant, over?: Over) => VNode;
  /** True when the figure has a layout of its own for narrow screens. */
  readonly responsive: boolean;
  /** Few rows: the moments that matter. */
  readonly moments: (computed: C) => Table;
  /** Every row, for export. */
  readonly data: (computed: C) => Table;
}

export interface PredictionDef<C> {
  readonly question: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly initial: number;
  readonly unit: string;
  readonly truth: (computed: C) => number;
  /** The figure stops where the question starts, until the reader has committed a guess or skipped. */
  readonly describe: (computed: C, revealed: boolean) => string;
  readonly timeline: (computed: C, guess: number | null, revealed: boolean) => TimelineData;
  /** Beliefs that lead to a number: the nearest one is named to the reader. */
  readonly beliefs: readonly {readonly value: number; readonly name: string; readonly answer: string}[];
}

/** A complete, named state of a page: drawn at build time, and a link sets the page to it. */
export interface Scene<C> {
  readonly setting: Setting;
  readonly caption: string;
  readonly timeline: (computed: C) => TimelineData;
}

/** A number before, a number now; or what one had come to and the other comes to, in words. */
export type Comparison =
  | {readonly label: string; readonly a: number; readonly b: number; readonly unit: string}
  | {readonly label: string; readonly a: string; readonly b: string};

/** What a tool prints in the present state; `command` is what one would type. */
export interface ToolOutput {
  readonly tool: string;
  readonly where: "host" | "guest";
  readonly command: string;
  readonly output: string;
}

/**
 * A page that has a model: its parameters, what the model makes of them, and
 * what is drawn and written from that. Build and browser run the same code.
 */
export interface PageDef<C = unknown> {
  readonly id: string;
  readonly spec: PageSpec;
  readonly compute: (setting: Setting, pin: Setting | null) => C;
  readonly figures: Readonly<Record<string, FigureDef<C>>>;
  /** Numbers in the prose, by name: kept current by the page state. */
  readonly numbers: Readonly<Record<string, (computed: C) => {readonly value: number; readonly text: string}>>;
  readonly prediction?: PredictionDef<C>;
  readonly comparison?: (computed: C) => readonly Comparison[];
  readonly tools?: (computed: C) => readonly ToolOutput[];
  /** What stands on the timeline as the model takes it: the input `events` of the page's cells. */
  readonly cellEvents?: (setting: Setting) => readonly object[];
  /** False while there is nothing to draw yet: then what the build drew stands. */
  readonly ready?: (computed: C) => boolean;
  /** For what is worked out elsewhere: is handed what to call when there is something new to draw. Browser only. */
  readonly live?: (changed: () => void) => void;
  /** Works out beforehand, step by step, what `compute` of a setting would otherwise do in one go. Browser only. */
  readonly prepare?: (setting: Setting) => readonly (() => unknown)[];
  /** Runs what a change of the setting runs on the page's own thread, where that is not all of `compute`. Browser only. */
  readonly rehearse?: (setting: Setting) => unknown;
  /** One sentence about the present state, read out after a change. */
  readonly summary: (computed: C) => string;
}
