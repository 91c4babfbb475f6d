import { type IdTag, apiHost, parseIdTag } from '../../shared/identity/id-tag.ts';
import { givenNameSchema, invitationSchema, namesRoutes } from '../../shared/api/names.ts';
import { dataOf, json, TestDevice } from './device.ts';
import type { TestAnswer, TestRelay } from './network.ts';

/** Another identity of a relay, as a relay of its own: what is asked without a host is asked at its API host. */
export function asRelay(relay: TestRelay, idTag: IdTag, setup: string): TestRelay {
  return {
    idTag,
    folder: relay.folder,
    appOrigin: relay.appOrigin,
    get node() {
      return { ...relay.node, setupLink: `${relay.appOrigin}/setup#${setup}` };
    },
    start: (change) => relay.start(change),
    stop: () => relay.stop(),
    connect: () => relay.connect(),
    ask: (path, ask) => relay.ask(path, { host: apiHost(idTag), ...ask }),
  };
}

/** A new invitation, as the device of the relay's first identity makes it. */
export async function invite(operator: TestDevice, note = ''): Promise<string> {
  return dataOf(await operator.ask(namesRoutes.invitations, 'POST', { note }), invitationSchema).code;
}

export function takeName(relay: TestRelay, wanted: object): Promise<TestAnswer> {
  return relay.ask(namesRoutes.names, { method: 'POST', headers: json, body: JSON.stringify(wanted) });
}

/** The first device of another identity on the operator's relay, whom it invited. */
export async function settle(operator: TestDevice, name: string): Promise<TestDevice> {
  const { network, relay } = operator;
  const given = await takeName(relay, { idTag: name, invitation: await invite(operator) });
  const { idTag, setup } = dataOf(given, givenNameSchema);
  return TestDevice.enrolFirst(network, asRelay(relay, parseIdTag(idTag), setup));
}
