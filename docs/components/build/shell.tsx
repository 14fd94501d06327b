import {renderToString} from "preact-render-to-string";
import type {VNode} from "preact";
import {pageById} from "../pages/index.ts";
import type {PageDef} from "../pages/page.ts";
import {groups, isEmbed, modelOf, pages, siteName, sourceUrl, type Group, type SitePage} from "./site-map.ts";

export {pages} from "./site-map.ts";

interface PageInfo {
  readonly title: string | null;
  readonly path: string;
}

const href = (page: SitePage): string => `${page.path}.html`;
const current = (path: string): SitePage | undefined => pages.find((page) => page.path === path);

/** Runs before the first paint, so that neither the chosen theme nor an exercise's answer flashes; its hash is in the page's policy. */
export const earlyScript = `{const d=document.documentElement;d.classList.add("js");try{const t=localStorage.getItem("setmem:theme");if(t==="light"||t==="dark")d.dataset.theme=t}catch{}if(new URLSearchParams(location.search).has("exercise"))d.dataset.mode="exercise"}`;

export function head({title, path}: PageInfo): string {
  const page = current(path);
  const description = page?.description ?? "What a virtual machine's memory numbers mean.";
  const script = pageById(modelOf(path)) === undefined && page?.script !== true ? null : `/lib/pages/${modelOf(path)}.js`;
  const full = title === null ? siteName : `${title} | ${siteName}`;
  return renderToString(
    <>
      <meta name="description" content={description} />
      {isEmbed(path) ? <meta name="robots" content="noindex" /> : null}
      <meta name="color-scheme" content="light dark" />
      <meta property="og:title" content={full} />
      <meta property="og:description" content={description} />
      <meta property="og:type" content="website" />
      <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
      <script dangerouslySetInnerHTML={{__html: earlyScript}} />
      <script type="module" src="/lib/site.js" />
      {script === null ? null : <script type="module" src={script} />}
    </>
  );
}

export function header({path}: PageInfo): string {
  if (isEmbed(path)) return "";
  return renderToString(
    <>
      <a class="skip" href="#text">Skip to the text</a>
      <div class="bar">
        <a class="brand" href="/index.html"><Mark />{siteName}</a>
        <nav class="pages" aria-label="Pages"><PageGroups path={path} /></nav>
        <div class="tools">
          <button type="button" class="tool needs-js" id="search-open" aria-keyshortcuts="/"><Icon path="M10.5 10.5l4 4M12 7a5 5 0 1 1-10 0a5 5 0 0 1 10 0z" /><span class="label">Search</span></button>
          <button type="button" class="tool needs-js" id="theme-toggle"><Icon path="M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5a6.5 6.5 0 1 1 0 13z" half /><span class="label">Theme: auto</span></button>
          <details class="menu"><summary>Menu</summary><nav aria-label="Pages, as a menu"><PageList path={path} /></nav></details>
        </div>
      </div>
      <span id="text" tabIndex={-1} />
    </>
  );
}

const listed = (group: Group): readonly SitePage[] => pages.filter((page) => page.group === group);

function PageLink({page, path}: {page: SitePage; path: string}): VNode {
  return <a href={href(page)} aria-current={page.path === path ? "page" : undefined}>{page.name}</a>;
}

/** One drop-down a group: native, so that it opens without a script. The group of this page is marked. */
function PageGroups({path}: {path: string}): VNode {
  return (
    <ul>
      {listed("start").map((page) => <li key={page.path}><PageLink page={page} path={path} /></li>)}
      {groups.map((group) => (
        <li key={group}>
          <details class="drop" name="pages">
            <summary class={current(path)?.group === group ? "here" : undefined}>{group}</summary>
            <ul>{listed(group).map((page) => <li key={page.path}><PageLink page={page} path={path} /></li>)}</ul>
          </details>
        </li>
      ))}
    </ul>
  );
}

function PageList({path}: {path: string}): VNode {
  return (
    <>
      <ul>{listed("start").map((page) => <li key={page.path}><PageLink page={page} path={path} /></li>)}</ul>
      {groups.map((group) => (
        <section key={group}>
          <p>{group}</p>
          <ul>{listed(group).map((page) => <li key={page.path}><PageLink page={page} path={path} /></li>)}</ul>
        </section>
      ))}
    </>
  );
}

function Icon({path, half = false}: {path: string; half?: boolean}): VNode {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
      {half ? <path d="M8 1.5a6.5 6.5 0 1 1 0 13z" fill="currentColor" /> : null}
    </svg>
  );
}

/** Four layers, one inside the other. */
function Mark(): VNode {
  return (
    <svg class="brand-mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <rect class="l-configured" x="1" y="1" width="18" height="18" rx="3" />
      <rect class="l-target" x="1" y="6" width="18" height="13" rx="2" />
      <rect class="l-current" x="1" y="10" width="18" height="9" rx="2" />
      <rect class="l-backing" x="1" y="14" width="18" height="5" rx="2" />
    </svg>
  );
}

/** For those who teach with a page: what it needs is fetched when it is asked for. */
function Teach({model}: {model: PageDef | undefined}): VNode | null {
  if (model === undefined) return null;
  const asks = model.prediction !== undefined;
  return (
    <div class="teach needs-js" role="group" aria-label="Teach with this page">
      <span>Teach with this page:</span>
      <button type="button" data-teach="present">Present its figures</button>
      {asks ? <button type="button" data-teach="worksheet">Print a worksheet</button> : null}
      {asks ? <button type="button" data-teach="exercise">Copy an exercise link</button> : null}
      <span role="status" data-teach-said="" />
    </div>
  );
}

export function footer({path}: PageInfo): string {
  if (isEmbed(path)) return "";
  const at = pages.findIndex((page) => page.path === path);
  const previous = pages[at - 1];
  const next = at < 0 ? undefined : pages[at + 1];
  return renderToString(
    <>
      <Teach model={pageById(modelOf(path))} />
      {at < 0 ? null : (
        <nav class="pager" aria-label="Previous and next page">
          {previous === undefined ? null : <a rel="prev" href={href(previous)}><span>Previous</span> {previous.name}</a>}
          {next === undefined ? null : <a rel="next" href={href(next)}><span>Next</span> {next.name}</a>}
        </nav>
      )}
      <p class="colophon">Text CC BY 4.0, code ISC: <a href="/licences.html">licences</a>. <a href={sourceUrl}>Source</a>. No cookies, no tracking, nothing loaded from elsewhere.</p>
    </>
  );
}
