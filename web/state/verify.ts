import { createSignal } from 'solid-js';
import * as v from 'valibot';
import { verifyNeededSchema } from '../../shared/api/ways.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Ways } from '../client/device/ways.ts';
import { t } from '../i18n/ways/translate.ts';
import { showVerify } from './verify-asked.ts';

/** By what the person can show that it is them. */
export type Means = v.InferOutput<typeof verifyNeededSchema>;

/** A question that waits for its answer. */
export interface Question {
  readonly means: Means;
  readonly byPassword: (password: string) => Promise<void>;
  readonly byPasskey: () => Promise<void>;
  /** @param shown false: the person does not want to. */
  readonly done: (shown: boolean) => void;
}

const [question, setQuestion] = createSignal<Question>();
export { question };

let ways: Ways | undefined;

/** Lets actions ask for a fresh verification. */
export function provideVerification(next: Ways): void {
  ways = next;
}

/** One dialog for all who ask at the same time. */
let asking: Promise<boolean> | undefined;

async function ask(means: Means): Promise<boolean> {
  const known = ways;
  if (!known) return false;
  await showVerify();
  return new Promise((resolve) =>
    setQuestion({
      means,
      byPassword: (password) => known.verifyByPassword(password),
      byPasskey: () => known.verifyByPasskey(),
      done: (shown) => {
        setQuestion(undefined);
        resolve(shown);
      },
    }),
  );
}

/**
 * Runs what needs a person who showed a moment ago who they are. When the relay says so, they are asked, and it is run again.
 * @throws IsletError E-VERIFY-NEEDED when they do not want to; and what `act` throws
 */
export async function verified<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof IsletError) || error.code !== 'E-VERIFY-NEEDED') throw error;
    const means = v.safeParse(verifyNeededSchema, error.details);
    asking ??= ask(means.success ? means.output : { password: true, passkey: true }).finally(() => {
      asking = undefined;
    });
    if (!(await asking)) throw new IsletError(error.code, t('verify.declined'));
  }
  return act();
}
