import {autocompletion, closeBrackets, closeBracketsKeymap, completeFromList, completionKeymap, snippetCompletion, type Completion} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {localCompletionSource, typescriptLanguage} from "@codemirror/lang-javascript";
import {bracketMatching, HighlightStyle, indentOnInput, LanguageSupport, syntaxHighlighting} from "@codemirror/language";
import {EditorState, type Transaction} from "@codemirror/state";
import {drawSelection, EditorView, keymap, lineNumbers} from "@codemirror/view";
import {coloured} from "./coloured.ts";
import type {Symbol} from "./symbols.ts";

export interface EditorOptions {
  readonly host: HTMLElement;
  readonly code: string;
  /** What the editor is called by those who do not see it. */
  readonly label: string;
  readonly onChange: (code: string) => void;
  readonly onRun: () => void;
  /** Escape: the focus goes back to the cell. */
  readonly onLeave: () => void;
  /** Names other cells declare, at the moment. */
  readonly names: () => readonly string[];
  readonly symbols: readonly Symbol[];
}

export interface Editor {
  /** The text was changed elsewhere: undo, reset. */
  set(code: string): void;
  mark(line: number, column: number): void;
  focus(): void;
  destroy(): void;
}

/** Colours are the page's custom properties: both themes, and they pass through the shadow root. */
const highlight = HighlightStyle.define(Object.entries(coloured).map(([name, tag]) => ({tag, color: `var(--code-${name})`, ...(name === "comment" ? {fontStyle: "italic"} : {})})));

const look = EditorView.theme({
  "&": {color: "var(--ink)", backgroundColor: "var(--code-back)", fontSize: "0.875rem"},
  "&.cm-focused": {outline: "2px solid var(--focus, currentColor)", outlineOffset: "1px"},
  ".cm-content": {fontFamily: "var(--mono, ui-monospace, monospace)", caretColor: "var(--ink)", padding: "0.5rem 0"},
  ".cm-cursor": {borderLeftColor: "var(--ink)"},
  ".cm-gutters": {backgroundColor: "transparent", color: "var(--code-comment)", border: "none"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {backgroundColor: "var(--code-selection)"},
  ".cm-tooltip": {backgroundColor: "var(--code-back)", color: "var(--ink)", border: "1px solid currentColor"},
  ".cm-tooltip-autocomplete ul li[aria-selected]": {backgroundColor: "var(--code-selection)", color: "var(--ink)"}
});

/**
 * Text typed over a selection: left to itself, Chromium gives it the style of
 * what it replaces, in an attribute that the page's policy refuses.
 */
const overSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const {main} = view.state.selection;
    const text = event.data;
    if (event.inputType !== "insertText" || text === null || main.empty || view.composing) return false;
    event.preventDefault();
    const insert = (): Transaction => view.state.update(view.state.replaceSelection(text), {userEvent: "input.type", scrollIntoView: true});
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
    return true;
  }
});

/** A real editor. Its styles live in a shadow root: the page's policy lets no style element in. */
export function createEditor({host, code, label, onChange, onRun, onLeave, names, symbols}: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({mode: "open"});
  root.replaceChildren();
  let setting = false;
  const run = (): boolean => (onRun(), true);
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: code,
      extensions: [
        lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), syntaxHighlighting(highlight), look, EditorView.lineWrapping,
        new LanguageSupport(typescriptLanguage, [typescriptLanguage.data.of({autocomplete: localCompletionSource}), typescriptLanguage.data.of({autocomplete: completeFromList(completions(symbols))}), typescriptLanguage.data.of({autocomplete: (context: Parameters<typeof localCompletionSource>[0]) => completeFromList(names().map((name) => ({label: name, type: "variable", boost: 2})))(context)})]),
        autocompletion({icons: false}), overSelection,
        EditorView.contentAttributes.of({"aria-label": label, autocapitalize: "off", autocorrect: "off", spellcheck: "false"}),
        keymap.of([{key: "Shift-Enter", run}, {key: "Mod-Enter", run}, ...closeBracketsKeymap, ...completionKeymap, {key: "Escape", run: () => (onLeave(), true)}, ...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !setting) onChange(update.state.doc.toString());
        })
      ]
    })
  });
  return {
    set: (next) => {
      if (next === view.state.doc.toString()) return;
      setting = true;
      view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: next}});
      setting = false;
    },
    mark: (line, column) => {
      if (line > view.state.doc.lines) return;
      const at = view.state.doc.line(line);
      view.dispatch({selection: {anchor: Math.min(at.to, at.from + column - 1)}, scrollIntoView: true});
    },
    focus: () => view.focus(),
    destroy: () => view.destroy()
  };
}

const completions = (symbols: readonly Symbol[]): Completion[] => symbols.map(({name, kind, signature, about}) =>
  kind === "function" && name === "simulate"
    ? snippetCompletion("simulate({\n  machine: {memory: mibToKib(mib(${2048}))},\n  duration: seconds(${20})\n})", {label: name, type: kind, detail: signature, info: about})
    : {label: name, type: kind, detail: signature, info: about});
