import {pageById} from "../pages/index.ts";
import type {PageDef} from "../pages/page.ts";
import {renderEsx} from "./esx.tsx";
import {renderEvidence} from "./evidence.tsx";
import {renderAutoballoon} from "./autoballoon.tsx";
import {renderEras} from "./eras.tsx";
import {renderGuest} from "./guest.tsx";
import {renderExplain} from "./explain-block.tsx";
import {renderHeadroom} from "./headroom.tsx";
import {renderScene} from "./scene.tsx";
import {modelOf} from "./site-map.ts";
import {renderBlock, renderNumber} from "./blocks.tsx";
import {renderReference} from "./reference.tsx";
import {renderJump} from "./thread-jumps.tsx";
import {renderNotebook} from "./cells.tsx";

/**
 * What the Markdown of a page may ask the model for, at build time:
 * a fence ```setmem figure NAME```, and a number in the prose as {{NAME}}.
 * The fences glossary, messages and versions need no model: any page may ask.
 * Bundled into one file, so that a running preview can load it afresh.
 */
export function fence(path: string, info: string, sources: readonly string[] = []): string {
  const [kind = "", name = ""] = info.trim().split(/\s+/).slice(1);
  if (kind === "scene") return renderScene(modelOf(path), name);
  if (kind === "headroom") return renderHeadroom();
  if (kind === "autoballoon") return renderAutoballoon();
  if (kind === "eras") return renderEras();
  if (kind === "esx") return renderEsx(name);
  if (kind === "evidence") return renderEvidence(name);
  if (kind === "guest") return renderGuest(name);
  if (kind === "explain") return renderExplain();
  if (kind === "notebook") return renderNotebook();
  return renderReference(kind, name) ?? renderBlock(pageFor(path), kind, name, sources);
}

export function number(path: string, name: string): string {
  return name.startsWith("jump_") ? renderJump(name.slice("jump_".length)) : renderNumber(pageFor(path), name);
}

function pageFor(path: string): PageDef {
  const page = pageById(modelOf(path));
  if (page === undefined) throw new Error(`no model page for ${path}`);
  return page;
}

export {renderCell as cell} from "./cells.tsx";
export {header, footer, head, pages} from "./shell.tsx";
