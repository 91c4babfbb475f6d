import { createMemo, For, Match, Show, Switch } from 'solid-js';
import type { Shown } from './model/objects.ts';
import { isLine } from './model/objects.ts';
import { type Paint, type Shape, drawObject, turnOf } from './model/shapes.ts';

export type PictureUrl = (blob: string) => string | undefined;

const paint = (paint: Paint | undefined): string =>
  paint ? `var(--white-${paint.color}-${paint.tone})` : 'none';

/** One object as it is drawn; `writing` leaves out the words that stand in a field above it. */
export function ObjectView(props: { object: Shown; writing: boolean; pictureUrl: PictureUrl }) {
  const shapes = createMemo(() => drawObject(props.writing ? { ...props.object, text: '' } : props.object));
  return (
    <g data-object={props.object.id} data-kind={props.object.kind} transform={turnOf(props.object)}>
      <For each={shapes()}>{(shape) => <ShapeView shape={shape} pictureUrl={props.pictureUrl} />}</For>
      <Hit object={props.object} />
    </g>
  );
}

/** Thin and empty things are taken hold of beside their line, and words anywhere in their box. */
function Hit(props: { object: Shown }) {
  const line = () => (isLine(props.object.kind) ? props.object.ends : undefined);
  return (
    <Show
      when={line()}
      fallback={
        <Show when={props.object.kind !== 'stroke'}>
          <rect
            x={props.object.box.x}
            y={props.object.box.y}
            width={props.object.box.w}
            height={props.object.box.h}
            fill="transparent"
          />
        </Show>
      }
    >
      {(ends) => (
        <path
          d={`M${ends()[0].x} ${ends()[0].y}L${ends()[1].x} ${ends()[1].y}`}
          stroke="transparent"
          stroke-width="16"
        />
      )}
    </Show>
  );
}

function ShapeView(props: { shape: Shape; pictureUrl: PictureUrl }) {
  const of = <K extends Shape['kind']>(kind: K) =>
    props.shape.kind === kind ? (props.shape as Extract<Shape, { kind: K }>) : undefined;
  return (
    <Switch>
      <Match when={of('path')}>
        {(path) => (
          <path
            d={path().d}
            fill={paint(path().fill)}
            stroke={paint(path().stroke)}
            stroke-width={path().width}
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        )}
      </Match>
      <Match when={of('text')}>
        {(text) => (
          <text
            font-size={String(text().size)}
            text-anchor={text().middle ? 'middle' : 'start'}
            fill={paint(text().fill)}
          >
            <For each={text().lines}>
              {(line) => (
                <tspan x={line.x} y={line.y}>
                  {line.text}
                </tspan>
              )}
            </For>
          </text>
        )}
      </Match>
      <Match when={of('image')}>
        {(image) => (
          <Show
            when={props.pictureUrl(image().blob)}
            fallback={<rect {...placeOf(image().box)} fill="var(--surface-3)" />}
          >
            {(url) => <image {...placeOf(image().box)} href={url()} preserveAspectRatio="none" />}
          </Show>
        )}
      </Match>
    </Switch>
  );
}

function placeOf({ x, y, w, h }: Shown['box']) {
  return { x, y, width: w, height: h };
}
