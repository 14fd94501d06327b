import {hydrate, render, type VNode} from "preact";
import {Controls} from "../controls/controls.tsx";
import type {PageDef} from "../pages/page.ts";
import type {Store} from "../state/store.ts";
import {linkTo} from "./address.ts";
import {blocks} from "./blocks.ts";
import {createPlayer, type Player} from "./player.ts";

export interface MountedControls {
  readonly player: Player;
  readonly draw: () => void;
}

/** The controls of a page: what they show comes from the store, what they do goes to it. */
export function mountControls<C>({comparison}: PageDef<C>, store: Store): MountedControls {
  const elements = blocks("controls");
  let said = "";
  const say = (text: string): void => {
    said = text;
    put(render);
  };
  const player = createPlayer(store, () => put(render));
  const copy = (): void => void navigator.clipboard.writeText(linkTo(store)).then(() => say("Link copied"), () => say("Copy the address from the address bar"));
  const tree = (): VNode => (
    <Controls
      spec={store.spec} state={store.state()} canUndo={store.canUndo()} canRedo={store.canRedo()} said={said} comparable={comparison !== undefined}
      onSet={(name, value, gesture) => store.dispatch({type: "set", name, value, ...(gesture === undefined ? {} : {gesture})})}
      onAddEvent={(event) => store.dispatch({type: "add-event", event})}
      onChangeEvent={(index, change, gesture) => store.dispatch({type: "change-event", index, ...change, gesture})}
      onDeleteEvent={(index) => store.dispatch({type: "delete-event", index})}
      onPin={(pinned) => store.dispatch({type: pinned ? "pin" : "unpin"})}
      onUndo={store.undo} onRedo={store.redo} onReset={() => store.dispatch({type: "reset"})} onCopyLink={copy}
      transport={{playing: player.playing(), speed: player.speed(), loop: player.loop(), onPlay: player.toggle, onStep: player.step, onSpeed: player.setSpeed, onLoop: player.setLoop}}
    />
  );
  function put(how: (content: VNode, parent: Element) => void): void {
    for (const element of elements) how(tree(), element);
  }
  put(hydrate);
  const agree = agreement(store);
  // Some browsers fill in again what was set at the last visit, without an event.
  addEventListener("pageshow", agree);
  return {
    player,
    draw: () => {
      said = "";
      put(render);
      agree();
    }
  };
}

/**
 * A value that was changed and taken back within one frame was never drawn, so
 * the tree says that nothing changed; what the reader moved by hand has.
 */
function agreement(store: Store): () => void {
  const inputs = store.spec.params.map(({name, initial}) => ({
    name, initial, track: document.getElementById(`control-${name}`), options: document.querySelectorAll<HTMLInputElement>(`input[name="control-${name}"]`)
  }));
  return () => {
    const {params} = store.state();
    for (const {name, initial, track, options} of inputs) {
      const value = String(params[name] ?? initial);
      if (track instanceof HTMLInputElement && track.value !== value) track.value = value;
      for (const option of options) if (option.checked !== (option.value === value)) option.checked = option.value === value;
    }
  };
}
