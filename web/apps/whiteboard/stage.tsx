import { createMemo, For, onCleanup, onMount, Show } from 'solid-js';
import * as v from 'valibot';
import { listenToPointers } from './pointing.ts';
import { ObjectView, type PictureUrl } from './object-view.tsx';
import { type StageState, fitView } from './stage-state.ts';
import { framedOf } from './model/drawn.ts';
import { type Shown, isLine } from './model/objects.ts';
import { turnOf } from './model/shapes.ts';

const pointShape = v.fallback(v.optional(v.object({ x: v.number(), y: v.number() })), undefined);

/** The plane and all that is drawn on it. Screen readers have the list of objects instead. */
export function Stage(props: { state: StageState; pictureUrl: PictureUrl }) {
  const { state } = props;
  let stage: SVGSVGElement | undefined;
  const ids = createMemo<string[]>(() => state.drawn().objects.map(({ id }) => id), [], {
    equals: (a, b) => a.length === b.length && a.every((id, index) => id === b[index]),
  });
  onMount(() => {
    if (!stage) return;
    const sizes = new ResizeObserver(([entry]) => {
      const first = state.size().w === 0;
      const { width, height } = entry!.contentRect;
      state.setSize({ w: width, h: height });
      if (first && state.objects().length > 0) state.setView(fitView(state.objects(), state.size()));
    });
    sizes.observe(stage);
    const end = listenToPointers(stage, state);
    onCleanup(() => (end(), sizes.disconnect()));
  });
  const view = () => state.view();
  return (
    <svg ref={stage} class="white-stage" data-tool={state.tool()} aria-hidden="true">
      <g transform={`scale(${view().zoom}) translate(${-view().x} ${-view().y})`}>
        <For each={ids()}>
          {(id) => {
            const object = createMemo(() => state.byId().get(id));
            return (
              <Show when={object()}>
                {(one) => (
                  <ObjectView object={one()} writing={state.editing() === id} pictureUrl={props.pictureUrl} />
                )}
              </Show>
            );
          }}
        </For>
        <Chosen state={state} />
        <Guides state={state} />
        <Pointers state={state} />
      </g>
    </svg>
  );
}

/** Frames around what is chosen, and the handles of one object. */
function Chosen(props: { state: StageState }) {
  const { state } = props;
  const one = () => {
    const [id] = state.selected();
    return state.selected().size === 1 && state.app.writable() ? state.byId().get(id ?? '') : undefined;
  };
  const unit = () => 1 / state.view().zoom;
  const framed = createMemo(() => framedOf(state.drawn().objects, state.selected()));
  return (
    <>
      <For each={framed()}>
        {({ box, turn }) => (
          <rect
            class="white-frame"
            transform={turnOf({ box, turn })}
            x={box.x - 4 * unit()}
            y={box.y - 4 * unit()}
            width={box.w + 8 * unit()}
            height={box.h + 8 * unit()}
            stroke-width={2 * unit()}
          />
        )}
      </For>
      <Show when={one()}>
        {(object) => (
          <g transform={turnOf(object())}>
            <For each={handlesOf(object(), unit())}>
              {({ name, x, y }) => (
                <>
                  <circle class="white-handle" cx={x} cy={y} r={5 * unit()} stroke-width={2 * unit()} />
                  <circle
                    data-handle={name}
                    class={`white-grip grip-${name}`}
                    cx={x}
                    cy={y}
                    r={14 * unit()}
                  />
                </>
              )}
            </For>
          </g>
        )}
      </Show>
    </>
  );
}

/** Where an object is taken hold of; `unit` is one pixel. */
function handlesOf({ kind, ends, box }: Shown, unit: number) {
  if (isLine(kind))
    return [
      { name: 'from', ...ends[0] },
      { name: 'to', ...ends[1] },
    ];
  const { x, y, w, h } = box;
  const out = 4 * unit;
  const [left, top, right, bottom] = [x - out, y - out, x + w + out, y + h + out];
  return [
    { name: 'turn', x: x + w / 2, y: top - 30 * unit },
    { name: 'nw', x: left, y: top },
    { name: 'ne', x: right, y: top },
    { name: 'sw', x: left, y: bottom },
    { name: 'se', x: right, y: bottom },
  ];
}

/** Lines of alignment, and the frame that is being drawn to choose. */
function Guides(props: { state: StageState }) {
  const { state } = props;
  const unit = () => 1 / state.view().zoom;
  const far = 1e5;
  return (
    <>
      <Show when={state.draft()?.guides?.x}>
        {(x) => <path class="white-guide" d={`M${x()} ${-far}V${far}`} stroke-width={unit()} />}
      </Show>
      <Show when={state.draft()?.guides?.y}>
        {(y) => <path class="white-guide" d={`M${-far} ${y()}H${far}`} stroke-width={unit()} />}
      </Show>
      <Show when={state.draft()?.frame}>
        {(frame) => (
          <rect
            class="white-choosing"
            x={frame().x}
            y={frame().y}
            width={frame().w}
            height={frame().h}
            stroke-width={unit()}
          />
        )}
      </Show>
    </>
  );
}

/** Where the pointers of the others are. */
function Pointers(props: { state: StageState }) {
  const { state } = props;
  const pointers = () =>
    state.app.others().flatMap((other) => {
      const at = v.parse(pointShape, other.at);
      return at ? [{ ...other, at }] : [];
    });
  return (
    <For each={pointers()}>
      {({ name, color, at }) => (
        <g class="white-pointer" transform={`translate(${at.x} ${at.y}) scale(${1 / state.view().zoom})`}>
          <path d="M0 0l5 15 3-6 6-2z" fill={color} stroke="#fff" />
          <text x="12" y="24" fill={color}>
            {name}
          </text>
        </g>
      )}
    </For>
  );
}
