import { type ParsedAction, visibilityOf } from '../../shared/action/action.ts';
import type { Answer, ReceivingContext } from '../../shared/action/define.ts';
import type { Random } from '../../shared/bytes.ts';
import { isOrdered } from '../../shared/device/device-log.ts';
import type { Devices } from '../identity/devices.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import type { Database } from '../store/database.ts';
import { type OwnAction, signOwn } from './own.ts';
import { tokenToActionId } from './parse.ts';

export interface AnswerParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  readonly devices: Devices;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What there is to answer, if the orders for it stand. */
export async function listAnswers(
  action: ParsedAction,
  context: ReceivingContext,
): Promise<readonly Answer[]> {
  const { payload, type, token } = action;
  if (!type.answers) return [];
  const held = { actionId: await tokenToActionId(token.text), payload, visibility: visibilityOf(action) };
  return type.answers(held, context);
}

/** SPEC V2: signs what standing orders have the relay answer to an action that is about to be taken. */
export async function prepareAnswers(
  action: ParsedAction,
  context: ReceivingContext,
  parts: AnswerParts,
): Promise<OwnAction[]> {
  const answers = await listAnswers(action, context);
  const log = answers.length === 0 ? undefined : await parts.devices.log();
  const seconds = Math.floor(parts.now() / 1000);
  const said: OwnAction[] = [];
  for (const { order, statement } of answers)
    if (log && isOrdered(log, order, seconds)) said.push(await signOwn(statement, parts, { order }));
  return said;
}
