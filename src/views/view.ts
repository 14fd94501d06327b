/** What a tool prints, and which tool of which version prints it so. */
export interface View {
  readonly tool: string;
  readonly version: string;
  /** Where the layout was checked: source or recording. */
  readonly source: string;
  /** Without the last line end. */
  readonly text: string;
}

/** A view of `lines`. */
export const view = (tool: string, version: string, source: string, lines: readonly string[]): View => ({tool, version, source, text: lines.join("\n")});
