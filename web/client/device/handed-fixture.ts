import * as v from 'valibot';
import {
  bytesOf,
  itemSchema,
  type QuarantineItem,
  type QuarantineKind,
  type Handed,
} from '../../../shared/api/quarantine.ts';
import { hashText } from '../../../shared/bytes.ts';
import { parseJson } from '../../../shared/parse.ts';
import { routes } from '../../../shared/routes.ts';
import { FakeRelay } from '../files/files-fixture.ts';

/** A relay at the other end of `fetch` for both sides of what is handed over: items by the hash of their bytes, and files as FakeRelay has them. */
export class HandedRelay {
  readonly items = new Map<string, string>();
  readonly store = new FakeRelay();
  /** What it was shown in `Authorization`. */
  readonly shown: string[] = [];
  /** What it says instead of keeping an item. */
  refuse: (item: QuarantineItem) => string | undefined = () => undefined;

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname } = new URL(url);
    const method = init.method ?? 'GET';
    this.shown.push(new Headers(init.headers).get('authorization')?.slice('Bearer '.length) ?? '');
    if (pathname.startsWith(`${routes.quarantine}/uploads`)) return this.bring(url, init);
    if (pathname.startsWith(routes.variant)) return this.bytes(pathname);
    if (!pathname.startsWith(routes.quarantine)) return this.store.fetch(url, init);
    const id = decodeURIComponent(pathname.slice(routes.quarantine.length + 1));
    if (method === 'POST') return this.keep(v.parse(v.string(), init.body));
    const text = this.items.get(id);
    if (method === 'DELETE') this.items.delete(id);
    if (text === undefined) return refusal(404, 'E-CORE-NOTFOUND');
    return answer({ id, device: 'phone', receivedAt: 1, item: parseJson(itemSchema, text) });
  };

  /** What was kept of one kind. */
  all<K extends QuarantineKind>(kind: K): Handed<K>[] {
    const items = [...this.items.values()].map((text) => parseJson(itemSchema, text));
    return items.filter((item): item is Handed<K> => item.kind === kind);
  }

  ids(kind: QuarantineKind): string[] {
    return [...this.items].flatMap(([id, text]) => (parseJson(itemSchema, text).kind === kind ? id : []));
  }

  private async keep(text: string): Promise<Response> {
    const item = parseJson(itemSchema, text);
    const code = this.refuse(item);
    if (code !== undefined) return refusal(403, code);
    const id = await hashText(text);
    this.items.set(id, text);
    return answer({ id });
  }

  private bring(url: string, init: RequestInit): Promise<Response> {
    const named = [...this.items.values()].flatMap((text) => bytesOf(parseJson(itemSchema, text)));
    if (init.method === 'POST') {
      const wanted = parseJson(
        v.object({ blob: v.string(), size: v.number() }),
        v.parse(v.string(), init.body),
      );
      const known = named.some(({ blob, size }) => blob === wanted.blob && size === wanted.size);
      if (!known) return Promise.resolve(refusal(404, 'E-CORE-NOTFOUND'));
    }
    return this.store.fetch(url.replace(`${routes.quarantine}/uploads`, routes.uploads), init);
  }

  private bytes(pathname: string): Response {
    const found = this.store.blobs.get(decodeURIComponent(pathname.slice(routes.variant.length + 1)));
    return found ? new Response(found) : refusal(404, 'E-CORE-NOTFOUND');
  }
}

function answer(data: unknown): Response {
  return Response.json({ data, time: new Date(0).toISOString() });
}

function refusal(status: number, code: string): Response {
  return Response.json({ error: { code, message: 'no' } }, { status });
}
