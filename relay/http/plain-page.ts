import type { Context } from 'koa';
import type { ErrorCode, IsletError } from '../../shared/errors.ts';
import { hostname } from '../tenant.ts';

const words = {
  en: {
    title: 'Nobody is here',
    'E-CORE-MOVED':
      '{host} has moved to another relay, or was deleted. If it has moved, its name leads there once the change of its DNS records has reached you: try again later.',
    'E-CORE-HOST':
      'There is nobody of the name {host} at this relay. It was deleted, or its name leads here by mistake.',
  },
  de: {
    title: 'Hier ist niemand',
    'E-CORE-MOVED':
      '{host} ist auf ein anderes Relay umgezogen oder wurde gelöscht. Nach einem Umzug führt der Name dorthin, sobald die Änderung seiner DNS-Einträge bei dir angekommen ist: Versuche es später noch einmal.',
    'E-CORE-HOST':
      'Auf diesem Relay gibt es niemanden namens {host}. Er wurde gelöscht, oder der Name führt irrtümlich hierher.',
  },
} as const;

/** Refusals that a person meets who follows an old link. */
function isForPeople(code: ErrorCode): code is 'E-CORE-MOVED' | 'E-CORE-HOST' {
  return code === 'E-CORE-MOVED' || code === 'E-CORE-HOST';
}

/** SPEC H1: whether a browser asks for a page here, and not a program for an answer. */
function isVisit(ctx: Context): boolean {
  const reads = ctx.method === 'GET' || ctx.method === 'HEAD';
  return reads && ctx.get('accept').includes('text/html') && ctx.get('authorization') === '';
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? '');

/** SPEC H1: tells a visitor of a name that is not here any more so, in words, with the status of the refusal. @returns whether it did */
export function answerVisitor(ctx: Context, { code, status }: IsletError, trustProxy = false): boolean {
  if (!isForPeople(code) || !isVisit(ctx)) return false;
  const language = ctx.acceptsLanguages('en', 'de') === 'de' ? 'de' : 'en';
  const spoken = words[language];
  const forwarded = trustProxy ? ctx.get('x-forwarded-host') : '';
  const host = hostname(forwarded || ctx.get('host')).replace(/^cl-o\./, '');
  ctx.status = status;
  ctx.set('cache-control', 'no-store');
  ctx.vary('accept');
  ctx.set(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
  );
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${spoken.title}</title>
<style>main{max-width:32rem;margin:20vh auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif}</style>
<main><h1>${spoken.title}</h1><p>${escape(spoken[code].replace('{host}', () => host))}</p></main>
</html>
`;
  return true;
}
