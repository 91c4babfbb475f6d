import { type Check, describe, secondsOf, selfOf, type Target, type Verdict } from '../check.ts';
import { readRefusal } from '../json.ts';
import { nonce, twinOf } from '../token.ts';
import { acceptance, accepts, checkTwice, isAccepted, isRefused, postToken, refusal } from './post.ts';

const follow = ({ idTag: aud }: Target) => ({ t: 'FLLW', aud, v: 'D' });

async function checkConnect(target: Target): Promise<Verdict> {
  const { idTag: aud } = target;
  const answer = await postToken(target, selfOf(target).sign({ t: 'CONN', aud, c: 'Shall we?', v: 'D' }));
  const asksForWork = answer.status === 428 && readRefusal(answer)?.code === 'E-POW-REQUIRED';
  return { ok: isAccepted(answer) || asksForWork, seen: describe(answer) };
}

/** The key is asked for where the issuer is at home, whatever the header says. */
async function checkKeyFetch(target: Target): Promise<Verdict> {
  const self = selfOf(target);
  await postToken(target, self.sign(follow(target)));
  const late = AbortSignal.timeout(15_000);
  while (!self.asked.includes('GET /api/me') && !late.aborted)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const gets = self.asked.filter((line) => line.startsWith('GET'));
  return { ok: gets.includes('GET /api/me'), seen: gets.join(', ') || 'nothing' };
}

async function checkSync(target: Target): Promise<Verdict> {
  const token = selfOf(target).sign({ t: 'PROXY', aud: target.idTag, exp: secondsOf(target) + 60 });
  const answer = await postToken({ ...target, inbox: '/api/inbox/sync' }, token);
  return { ok: isRefused(answer), seen: describe(answer) };
}

/** What is refused anyway costs nobody a request. */
async function checkCheapFirst(target: Target): Promise<Verdict> {
  const self = selfOf(target);
  const before = self.asked.length;
  const token = self.sign({ t: 'PROXY', aud: target.idTag, k: nonce(), exp: secondsOf(target) + 60 });
  const answer = await postToken(target, token);
  const asked = self.asked.slice(before);
  return { ok: isRefused(answer) && asked.length === 0, seen: [describe(answer), ...asked].join('; ') };
}

async function checkUnreachable(target: Target): Promise<Verdict> {
  const iss = `gone.${selfOf(target).idTag}`;
  const answer = await postToken(target, selfOf(target).sign({ ...follow(target), iss }));
  const temporary = [429, 503, 507].includes(answer.status);
  return { ok: temporary && answer.bytes.length === 0, seen: describe(answer) };
}

/** What a neighbour must be able to say. The proof of work that is asked of CONN rises with failures, so these come first. */
export const inboxChecks: readonly Check[] = [
  accepts('inbox: FLLW', follow),
  {
    name: 'inbox: how it says that it has it',
    expected: '202: stored durably',
    demand: 'strict',
    needs: ['neighbour'],
    async run(target) {
      const answer = await postToken(target, selfOf(target).sign(follow(target)));
      return { ok: answer.status === 202, seen: String(answer.status) };
    },
  },
  {
    name: 'inbox: the key of the issuer',
    expected: "is fetched from the issuer's own /api/me",
    demand: 'wire',
    needs: ['neighbour'],
    run: checkKeyFetch,
  },
  {
    name: 'inbox: the same token twice',
    expected: 'accepted twice, one effect',
    demand: 'wire',
    needs: ['neighbour'],
    run(target) {
      const token = selfOf(target).sign(follow(target));
      return checkTwice(target, token, token);
    },
  },
  {
    name: 'inbox: the same statement, the other signature',
    expected: 'accepted twice, one effect',
    demand: 'strict',
    needs: ['neighbour'],
    run(target) {
      const token = selfOf(target).sign(follow(target));
      return checkTwice(target, token, twinOf(token));
    },
  },
  {
    name: 'inbox: CONN',
    expected: `${acceptance}, or 428 E-POW-REQUIRED`,
    demand: 'wire',
    needs: ['neighbour'],
    run: checkConnect,
  },
  {
    name: 'inbox: members that nobody knows',
    expected: acceptance,
    demand: 'wire',
    needs: ['neighbour'],
    async run(target) {
      const answer = await postToken(target, selfOf(target).sign({ ...follow(target), xyz: { a: [1] } }));
      return { ok: isAccepted(answer), seen: describe(answer) };
    },
  },
  {
    name: 'inbox: related that is no token',
    expected: `${acceptance}: what it is about counts`,
    demand: 'strict',
    needs: ['neighbour'],
    async run(target) {
      const answer = await postToken(target, selfOf(target).sign(follow(target)), ['not.a.token']);
      return { ok: isAccepted(answer), seen: describe(answer) };
    },
  },
  {
    name: 'inbox: PROXY under a key that was not seen yet',
    expected: `${refusal}, and nothing is asked of its issuer`,
    demand: 'strict',
    needs: ['neighbour'],
    run: checkCheapFirst,
  },
  {
    name: 'POST /api/inbox/sync: PROXY',
    expected: refusal,
    demand: 'wire',
    needs: ['neighbour'],
    run: checkSync,
  },
];

/** What is left behind is taken back. */
export const farewellChecks: readonly Check[] = [
  {
    name: 'inbox: an issuer that cannot be reached now',
    expected: '429, 503 or 507 with an empty body',
    demand: 'strict',
    needs: ['neighbour'],
    run: checkUnreachable,
  },
  accepts('inbox: FLLW:DEL', ({ idTag: aud }) => ({ t: 'FLLW:DEL', aud, v: 'D' })),
  {
    name: 'inbox: CONN:DEL',
    expected: `${acceptance}, or 428 E-POW-REQUIRED`,
    demand: 'wire',
    needs: ['neighbour'],
    async run(target) {
      const answer = await postToken(
        target,
        selfOf(target).sign({ t: 'CONN:DEL', aud: target.idTag, v: 'D' }),
      );
      return { ok: isAccepted(answer) || answer.status === 428, seen: describe(answer) };
    },
  },
];
