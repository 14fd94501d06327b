import list from "./symbols.json";

/** A name in the cells' scope, for completion. */
export interface Symbol {
  readonly name: string;
  readonly kind: "function" | "constant" | "class" | "namespace";
  readonly signature: string;
  readonly about: string;
}

/** Written by scripts/symbols.ts; a test compares it with what there is. */
export const symbols = list as readonly Symbol[];
